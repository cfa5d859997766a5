from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.model.image import DIGEST_BYTES
from editor.model.rect import Rect

EXTENDED: Final = "extended"
"""Parameter of a patch: what is added left, top, right, bottom, as shares of the source's own width
and height, so that it is the same at every mip level (`editor.render.extension`)."""

ENLARGED: Final = "enlarged"
"""Parameter of a patch: how many times longer each side becomes (`editor.render.enlargement`)."""

SettingValues = tuple[tuple[str, Any], ...]
"""Sorted (name, value) pairs; values are JSON: numbers, strings, booleans, lists of numbers."""


def frozen(value: Any) -> Any:
    """A JSON value with every list turned into a tuple, so that it can be hashed and compared."""
    return tuple(frozen(item) for item in value) if isinstance(value, list | tuple) else value


def settings_of(values: dict[str, Any]) -> SettingValues:
    """A dict as sorted, hashable pairs (lists become tuples)."""
    return tuple(sorted((name, frozen(value)) for name, value in values.items()))


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


class PatchSource(Protocol):
    """Where a patch's pixels come back from once they have left memory."""

    def load_patch(self, digest: str) -> NDArray[Any]:
        """Return the pixels of the patch with this digest, read-only, (h, w, 3)."""
        ...


class Patch:
    """What a method made; `composite.render` turns it into pixels of the source's size.

    Parametric methods leave only `parameters`. Sampling methods leave `pixels`, (h, w, 3), at work
    size, float16 0..1 or `uint8`, lossless, with their `placement`; or, for a picture larger than
    that and marked by a parameter, what to do to its own pixels (`editor.render.detail`), or every
    sample of a larger picture (`editor.render.enlargement`). Like a tile, a patch may drop its
    pixels (`release`) once the document file holds them.
    """

    __slots__ = ("_digest", "_pixels", "_source", "parameters", "placement")

    def __init__(
        self,
        parameters: SettingValues = (),
        pixels: NDArray[Any] | None = None,
        placement: Placement | None = None,
    ) -> None:
        if (pixels is None) != (placement is None):
            raise ValueError("pixels and placement come together")
        if pixels is not None and (
            pixels.dtype not in (np.float16, np.uint8) or pixels.ndim != 3 or pixels.size == 0
        ):
            raise ValueError("patch pixels are (h, w, C) float16 or uint8")
        self.parameters = parameters
        self.placement = placement
        self._pixels = pixels
        self._source: PatchSource | None = None
        self._digest: str | None = None

    @classmethod
    def stored(
        cls,
        digest: str,
        parameters: SettingValues,
        placement: Placement | None,
        source: PatchSource,
    ) -> Patch:
        """A patch whose pixels, if it has any (see `placement`), lie in `source`."""
        patch = cls(parameters)
        patch.placement = placement
        patch._source, patch._digest = source, digest
        return patch

    @property
    def pixels(self) -> NDArray[Any] | None:
        """Model output, (h, w, 3), or None for parametric methods."""
        pixels = self._pixels  # one read: another thread may release in between
        if pixels is not None or self.placement is None:
            return pixels
        if self._source is None:
            raise RuntimeError("patch has neither pixels nor a source")
        return self._source.load_patch(self.digest)

    @property
    def resizes(self) -> bool:
        """True if its pixels are those of a larger picture than the source."""
        names = {name for name, _ in self.parameters}
        return self.placement is not None and not names.isdisjoint({EXTENDED, ENLARGED})

    @property
    def in_memory(self) -> bool:
        """True while the patch itself holds its pixels, or has none."""
        return self._pixels is not None or self.placement is None

    def release(self, source: PatchSource) -> None:
        """Drop the pixels from memory; later reads come from `source`, which must hold them."""
        digest = self.digest
        self._source, self._digest = source, digest
        self._pixels = None

    @property
    def digest(self) -> str:
        """Hex digest of parameters, placement and pixels."""
        if self._digest is None:
            self._digest = patch_digest(self.parameters, self.placement, self._pixels)
        return self._digest

    def __reduce__(self) -> tuple[Any, ...]:
        return Patch, (self.parameters, self.pixels, self.placement)

    def __repr__(self) -> str:
        return f"Patch(parameters={self.parameters!r}, placement={self.placement!r})"


def patch_digest(
    parameters: SettingValues, placement: Placement | None, pixels: NDArray[Any] | None
) -> str:
    """Hex digest of what a patch holds."""
    state = hashlib.blake2b(b"pentimento-patch-1", digest_size=DIGEST_BYTES)
    state.update(repr((parameters, placement)).encode())
    if pixels is not None:
        state.update(f"{pixels.shape}{pixels.dtype.name}".encode())
        state.update(np.ascontiguousarray(pixels).data)
    return state.hexdigest()
