from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.image import DIGEST_BYTES
from editor.rect import Rect

Settings = tuple[tuple[str, Any], ...]
"""Sorted (name, value) pairs; values are JSON: numbers, strings, booleans, lists of numbers."""


def settings_of(values: dict[str, Any]) -> Settings:
    """A dict as sorted, hashable pairs (lists become tuples)."""
    return tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items()))


@dataclass(frozen=True)
class Placement:
    """How model output lies on the source.

    Attributes:
        crop: the part of the source the model saw, in source pixels.
        scale: work pixels per source pixel.
        padding: reflected work pixels added left, top, right, bottom.
    """

    crop: Rect
    scale: float = 1.0
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Patch:
    """What a method made; `composite.render` turns it into pixels of the source's size.

    Parametric methods leave only `parameters`. Sampling methods leave `pixels`, (h, w, 3), at
    work size, float16 0..1 or `uint8`, lossless, with their `placement`.
    """

    parameters: Settings = ()
    pixels: NDArray[Any] | None = field(default=None, repr=False)
    placement: Placement | None = None

    def __post_init__(self) -> None:
        if (self.pixels is None) != (self.placement is None):
            raise ValueError("pixels and placement come together")
        if self.pixels is not None and (
            self.pixels.dtype not in (np.float16, np.uint8) or self.pixels.ndim != 3
        ):
            raise ValueError("patch pixels are (h, w, 3) float16 or uint8")

    @property
    def digest(self) -> str:
        """Hex digest of parameters, placement and pixels."""
        state = hashlib.blake2b(b"pentimento-patch-1", digest_size=DIGEST_BYTES)
        state.update(repr((self.parameters, self.placement)).encode())
        if self.pixels is not None:
            state.update(f"{self.pixels.shape}{self.pixels.dtype.name}".encode())
            state.update(np.ascontiguousarray(self.pixels).data)
        return state.hexdigest()
