"""Which weights files of a folder make the model, and whether stock loaders find them by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_VARIANTS: Final = ("fp16", "bf16", "fp32", "non_ema")
"""Marks of files that hold the same weights in another precision, the best first."""

_SHARD: Final = re.compile(r"-(\d{5})-of-(\d{5})\.safetensors$")


def chosen_weights(files: Sequence[Path]) -> list[Path]:
    """The files that are read: those without a mark, else those of one variant."""
    by_variant: dict[str, list[Path]] = {}
    for file in files:
        by_variant.setdefault(variant_of(file.name), []).append(file)
    return next((by_variant[v] for v in ("", *_VARIANTS) if v in by_variant), [])


def variant_of(name: str) -> str:
    """The mark in a file's name, "" where it has none."""
    return next((variant for variant in _VARIANTS if f".{variant}" in name), "")


def missing_shards(files: Sequence[Path]) -> int:
    """How many files are missing of those that the names count ("model-00001-of-00003")."""
    groups: dict[tuple[str, int], int] = {}
    for file in files:
        if shard := _SHARD.search(file.name):
            group = (file.name[: shard.start()], int(shard[2]))
            groups[group] = groups.get(group, 0) + 1
    return max((total - present for (_, total), present in groups.items()), default=0)


def stock_variant(folder: Path, files: Sequence[Path], base: str) -> str | None:
    """The variant under which a stock loader finds just these files; None if it does not.

    Args:
        folder: with the files and the index of shards.
        files: as `chosen_weights` gives them.
        base: how the loader calls weights: "model" or "diffusion_pytorch_model".
    """
    variant = variant_of(files[0].name) if files else ""
    mark = f".{variant}" if variant else ""
    names = {file.name for file in files}
    if f"{base}{mark}.safetensors" in names:
        return variant
    index = folder / f"{base}.safetensors.index{mark}.json"
    shards = all(name.startswith(f"{base}{mark}-") and _SHARD.search(name) for name in names)
    return variant if shards and index.is_file() else None
