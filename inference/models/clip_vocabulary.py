"""CLIP's tokenizer (Radford et al. 2021) for models in one file, which bring none."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_MARKS: Final = ("<|startoftext|>", "<|endoftext|>")


@lru_cache(maxsize=4)
def clip_tokenizer(folder: Path) -> Any:
    """A `CLIPTokenizer` from a folder, with the vocabulary of open_clip where it has none.

    The two have the same 49,408 pieces in the same order; only the names of the marks differ.

    Args:
        folder: with `tokenizer_config.json`.
    """
    from inference.models.libraries import prepare_libraries

    prepare_libraries()
    from transformers import CLIPTokenizer

    if any((folder / name).is_file() for name in ("tokenizer.json", "vocab.json")):
        return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    from open_clip.tokenizer import SimpleTokenizer

    values = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    stock = SimpleTokenizer()
    pieces = list(stock.encoder)[: -len(_MARKS)]
    vocabulary = {piece: number for number, piece in enumerate([*pieces, *_MARKS])}
    return CLIPTokenizer(
        vocab=vocabulary,
        merges=list(stock.bpe_ranks),
        model_max_length=values["model_max_length"],
        pad_token=values["pad_token"],
    )
