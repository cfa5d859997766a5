from __future__ import annotations

import math
import stat
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safetensors import SafetensorError, safe_open

from editor.messages import Message, verbatim

HEADER_BYTES = 32 << 20
"""Longest header that is read; a model of a thousand layers needs less than two megabytes."""

_LFS = b"version https://git-lfs"
_LONGEST_REASON = 160


class DamagedWeights(Exception):
    """A weights file that is not whole; `reason` says what is wrong with it."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class WeightsHeader:
    """The first part of a safetensors file.

    Attributes:
        shapes: of each tensor, by name.
        scaled_type: a type that means nothing without scales stored beside it ("F8_E4M3"), where
            most numbers are of one; else "".
        type: that most of its numbers have, as the format calls it ("F16").
        metadata: what the writer said of the file, texts by name.
    """

    shapes: Mapping[str, tuple[int, ...]]
    scaled_type: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    type: str = ""

    @property
    def elements(self) -> int:
        """How many numbers the file holds."""
        return sum(math.prod(shape) for shape in self.shapes.values())


def read_header(path: Path) -> WeightsHeader:
    """Read and check a safetensors header without touching the weights.

    The library checks it as it does on loading: every tensor has its place, and together they
    cover the file. What it would read without a limit is refused before.

    Raises:
        DamagedWeights: it is no whole safetensors file.
        OSError: it cannot be read.
    """
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):  # opening a pipe may never end
        raise DamagedWeights(Message("model.no_file", file=path.name))
    size = facts.st_size
    with path.open("rb") as file:
        start = file.read(8)
    length = int.from_bytes(start, "little")
    if start == _LFS[:8]:
        raise DamagedWeights(Message("weights.pointer", file=path.name))
    if size < 8 or length > size - 8:
        raise DamagedWeights(Message("weights.cut_short", file=path.name))
    if length > HEADER_BYTES:
        raise DamagedWeights(Message("weights.long_header", file=path.name, megabytes=length >> 20))
    try:
        with safe_open(path, framework="numpy") as opened:
            names = opened.keys()
            slices = {name: opened.get_slice(name) for name in names}
            shapes = {name: tuple(one.get_shape()) for name, one in slices.items()}
            types = {name: str(one.get_dtype()) for name, one in slices.items()}
            main = _main_type(shapes, types)
            scaled = main if main.startswith(_SCALED) else ""
            return WeightsHeader(shapes, scaled, opened.metadata() or {}, main)
    except SafetensorError as error:
        cause = str(error).removeprefix("Error while deserializing header: ")
        cause = " ".join(cause.split())[:_LONGEST_REASON]
        raise DamagedWeights(
            Message("weights.damaged", file=path.name, cause=verbatim(cause))
        ) from None


def _main_type(shapes: Mapping[str, tuple[int, ...]], types: Mapping[str, str]) -> str:
    counts: Counter[str] = Counter()
    for name, shape in shapes.items():
        counts[types[name]] += math.prod(shape)
    (most, _), *_ = counts.most_common(1) or [("", 0)]
    return most


_SCALED = ("F8_", "F6_", "F4", "I8", "I32")
"""Quantised weights are kept in these: floats of eight bits and fewer, and packed integers."""
