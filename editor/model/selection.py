from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from editor.model.coverage import Coverage, feathered
from editor.model.image import Image
from editor.model.rect import Rect

__all__ = ["Coverage", "Selection"]


@dataclass(frozen=True, eq=False)
class Selection:
    """Where an edit may act: (H, W) `uint8` coverage kept as tiles; `None` means everywhere.

    Coverage 0 is a promise: the edit copies the source's bytes there.
    """

    coverage: Image

    def __post_init__(self) -> None:
        if self.coverage.channels != 1 or self.coverage.dtype != "uint8":
            raise ValueError("coverage is one channel of uint8")

    @classmethod
    def from_array(cls, coverage: Coverage) -> Selection:
        """From a (H, W) `uint8` array."""
        return cls(Image.from_array(np.asarray(coverage, np.uint8)))

    @classmethod
    def from_rect(cls, rect: Rect, width: int, height: int) -> Selection:
        """A sharp rectangle in a picture of width × height."""
        coverage = np.zeros((height, width), np.uint8)
        inside = rect.intersect(Rect(0, 0, width, height))
        coverage[inside.y : inside.bottom, inside.x : inside.right] = 255
        return cls.from_array(coverage)

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.coverage.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.coverage.height

    @property
    def digest(self) -> str:
        """Hex digest of the coverage."""
        return self.coverage.pixel_digest

    def read(self, rect: Rect) -> Coverage:
        """Coverage of a rectangle, (h, w)."""
        return self.coverage.read(rect)[:, :, 0]

    def array(self) -> Coverage:
        """All coverage, (H, W)."""
        return self.coverage.array()[:, :, 0]

    @cached_property
    def bounds(self) -> Rect:
        """The smallest rectangle that holds every pixel with coverage; empty if none has."""
        found = Rect(0, 0, 0, 0)
        for column, row, place in self.coverage.grid():
            covered = self.coverage.tile(column, row).pixels[:, :, 0] > 0
            if not covered.any():
                continue
            ys, xs = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
            part = Rect(
                place.x + int(xs[0]),
                place.y + int(ys[0]),
                int(xs[-1] - xs[0]) + 1,
                int(ys[-1] - ys[0]) + 1,
            )
            found = found.union(part)
        return found

    @property
    def is_empty(self) -> bool:
        """True if no pixel is selected at all."""
        return self.bounds.is_empty

    def inverted(self) -> Selection:
        """Selected becomes unselected and the reverse."""
        grid = self.coverage
        return Selection(
            Image.build(
                grid.width,
                grid.height,
                1,
                "uint8",
                lambda rect: (np.uint8(255) - self.read(rect))[:, :, None],
            )
        )

    def feathered(self, radius: float) -> Selection:
        """Soften inwards: the true edge stays, coverage rises over `radius` pixels inside.

        A distance ramp rather than a blur, so that nothing outside gains coverage.
        """
        if radius <= 0:
            return self
        return Selection.from_array(feathered(self.array(), radius))
