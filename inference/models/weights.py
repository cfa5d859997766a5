from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.messages import Message

HEADER_BYTES = 32 << 20
"""Longest header that is read; a model of a thousand layers needs less than two megabytes."""

_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "I16": 16, "U16": 16, "F16": 16,
    "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64,
}  # fmt: skip
_LFS = b"version https://git-lfs"


class DamagedWeights(Exception):
    """A weights file that is not whole; `reason` says what is wrong with it."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class WeightsHeader:
    """The first part of a safetensors file: the shape of each tensor by name."""

    shapes: Mapping[str, tuple[int, ...]]

    @property
    def elements(self) -> int:
        """How many numbers the file holds."""
        return sum(math.prod(shape) for shape in self.shapes.values())


def read_header(path: Path) -> WeightsHeader:
    """Read and check a safetensors header without touching the weights.

    Raises:
        DamagedWeights: it is no whole safetensors file.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = int.from_bytes(start, "little")
        if start == _LFS[:8]:
            raise DamagedWeights(Message("weights.pointer", file=path.name))
        if size < 8 or length > size - 8:
            raise DamagedWeights(Message("weights.cut_short", file=path.name))
        if length > HEADER_BYTES:
            raise DamagedWeights(
                Message("weights.long_header", file=path.name, megabytes=length >> 20)
            )
        text = file.read(length)
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedWeights(Message("weights.unreadable", file=path.name)) from None
    if not isinstance(entries, dict):
        raise DamagedWeights(Message("weights.unreadable", file=path.name))
    shapes = {
        name: _shape(path, name, entry, size - 8 - length)
        for name, entry in entries.items()
        if name != "__metadata__"
    }
    return WeightsHeader(shapes)


def _shape(path: Path, name: str, entry: Any, room: int) -> tuple[int, ...]:
    """The shape of one tensor, if its place in the file agrees with it."""
    try:
        shape = entry["shape"]
        begin, end = entry["data_offsets"]
        bits = _BITS[entry["dtype"]]
        whole = all(type(side) is int and side >= 0 for side in (*shape, begin, end))
        fits = whole and begin <= end <= room and math.prod(shape) * bits == (end - begin) * 8
    except (TypeError, ValueError, KeyError):
        fits = False
    if not fits:
        raise DamagedWeights(Message("weights.damaged", file=path.name, tensor=name[:80]))
    return tuple(shape)
