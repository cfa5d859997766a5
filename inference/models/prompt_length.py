"""How much of a prompt a model's text encoder reads; CLIP's reads 77 tokens and drops the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

MARKS: Final = 2
"""Tokens for the begin and the end of a text, which count too."""


def unread_end(folder: Path, text: str) -> str:
    """The end of a text that the text encoder of a pipeline folder does not read; "" for none.

    Begins with a whole word, of which a part may have been read.

    Args:
        folder: of the pipeline, with its tokenizer in `tokenizer`.
        text: the prompt.
    """
    context = _context(folder / "tokenizer")
    # No token stands for less than a character, so most prompts need no tokenizer to be counted.
    if context is None or len(text) <= context - MARKS:
        return ""
    from inference.models.clip_vocabulary import clip_tokenizer

    found = clip_tokenizer(folder / "tokenizer")(
        text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
    )
    places = found["offset_mapping"]
    if len(places) <= context - MARKS:
        return ""
    first = places[context - MARKS][0]
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    return text[first:].strip()


def _context(folder: Path) -> int | None:
    """Tokens that are read, None where the tokenizer does not say."""
    try:
        values = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    length = values.get("model_max_length") if isinstance(values, dict) else None
    # Tokenizers without a limit of their own write 10^30.
    return length if isinstance(length, int) and MARKS < length < 100_000 else None
