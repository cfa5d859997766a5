"""Whole safetensors files with given names and shapes of tensors, all zero."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

_BYTES = {"F32": 4, "I32": 4, "F16": 2, "I8": 1, "F8_E4M3": 1}


def safetensors(
    file: Path,
    shapes: Mapping[str, tuple[int, ...]],
    kind: str = "F16",
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a file; the numbers are a hole in it and take no room on the disk."""
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name, shape in shapes.items():
        start, end = end, end + math.prod(shape) * _BYTES[kind]
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        out.truncate(8 + len(text) + end)
    return file


def spoil(file: Path, name_part: str) -> None:
    """Make one tensor of a real file not a number, as a training that diverged leaves it."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(file)
    name = next(n for n in sorted(tensors) if name_part in n and tensors[n].is_floating_point())
    tensors[name] = tensors[name].fill_(math.nan)
    save_file(tensors, file, metadata={"format": "pt"})
