"""A folder of pairs in the layout of InstructPix2Pix's data.

``NNNNNNN/`` for each triple of texts with ``prompt.json``, ``metadata.jsonl`` (a line for each
pair that was kept) and ``SEED_0.jpg``, ``SEED_1.jpg``; ``seeds.json`` names the triples that have
pairs, with their seeds; ``recipe.json`` says how all was made, which the published data lack.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image as PillowImage

from editor.formats.whole_file import whole_file
from inference.lab.editing_pairs.pair_gates import MeasuredPair
from inference.lab.finetune.edit_texts.text_triple import TextTriple

PROMPT: Final = "prompt.json"
METADATA: Final = "metadata.jsonl"
SEEDS: Final = "seeds.json"
RECIPE: Final = "recipe.json"
_QUALITY: Final = 100


def triple_name(index: int) -> str:
    """The folder of a triple: seven digits."""
    return f"{index:07d}"


def picture_files(folder: Path, seed: int) -> tuple[Path, Path]:
    """Source and target of a pair."""
    return folder / f"{seed}_0.jpg", folder / f"{seed}_1.jpg"


def is_written(root: Path, index: int) -> bool:
    """Whether a triple's folder is there; it appears whole, also where nothing was kept."""
    return (root / triple_name(index)).is_dir()


def write_triple(root: Path, index: int, triple: TextTriple, pairs: Sequence[MeasuredPair]) -> None:
    """Write a triple's folder; a draft that a killed process left is written anew."""
    draft = root / f".{triple_name(index)}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    texts = {"input": triple.caption, "edit": triple.edit, "output": triple.output}
    if triple.url:
        texts["url"] = triple.url
    (draft / PROMPT).write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
    lines = [json.dumps(one.to_json()) + "\n" for one in pairs]
    (draft / METADATA).write_text("".join(lines), "utf-8")
    for one in pairs:
        sides = (one.pair.source, one.pair.target)
        for file, pixels in zip(picture_files(draft, one.pair.seed), sides, strict=True):
            # Every colour sample is kept: halving them would blur small pictures.
            PillowImage.fromarray(pixels).save(file, quality=_QUALITY, subsampling=0)
    draft.replace(root / triple_name(index))


def kept_seeds(folder: Path) -> list[int]:
    """The seeds of a triple's pairs, the best first; [] before it is written."""
    file = folder / METADATA
    if not file.is_file():
        return []
    return [int(json.loads(line)["seed"]) for line in file.read_text("utf-8").splitlines()]


def write_seeds(root: Path, count: int) -> int:
    """Write ``seeds.json`` over the triples that have pairs; returns how many pairs there are."""
    rows = [
        (name, seeds)
        for name in map(triple_name, range(count))
        if (seeds := kept_seeds(root / name))
    ]
    with whole_file(root / SEEDS) as file:
        file.write(json.dumps(rows).encode())
    return sum(len(seeds) for _, seeds in rows)
