"""A picture on a larger canvas: what a model drew around it, and its own bytes in the middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.model.image import DIGEST_BYTES, Image, Pixels, Tile, tile_rects
from editor.model.patch import EXTENDED, Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render.overlay import Overlay


class Margins(NamedTuple):
    """Pixels added on each side of a picture."""

    left: int
    top: int
    right: int
    bottom: int

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of a picture of this size once they are added."""
        return self.left + width + self.right, self.top + height + self.bottom

    def shares(self, width: int, height: int) -> tuple[float, float, float, float]:
        """For the parameter `EXTENDED` of a patch on a picture of this size."""
        return (self.left / width, self.top / height, self.right / width, self.bottom / height)


def margins_of(patch: Patch, width: int, height: int) -> Margins | None:
    """What a patch adds around a picture or mip level of this size; None if it adds nothing."""
    shares = dict(patch.parameters).get(EXTENDED)
    if shares is None:
        return None
    left, top, right, bottom = shares
    return Margins(
        round(left * width), round(top * height), round(right * width), round(bottom * height)
    )


class Extension:
    """A model's pixels around a picture, rendered tile by tile; the picture's bytes stay.

    The patch's placement is in pixels of the extended picture. What is added is opaque.
    """

    def __init__(self, source: Image, patch: Patch, margins: Margins, scale: float) -> None:
        """Prepare; `source` and `scale` as for `composite.render`, `margins` of that source."""
        canvas, added = _on_canvas(source, margins), _added(source, margins)
        self._overlay = Overlay(canvas, patch, added, scale)
        self.frame = self._overlay.frame
        self.channels, self.meta = self._overlay.channels, self._overlay.meta

    def tile(self, rect: Rect) -> Tile:
        """The finished tile at a rectangle of the tile grid."""
        made = self._overlay.tile(rect)
        # One of the canvas as it is has a number in place of its digest.
        return made if made.in_memory else Tile(made.pixels)


def reflected(source: Image, margins: Margins) -> Image:
    """The picture with its own reflection around it: what a model begins with."""
    left, top, right, bottom = margins
    pixels = np.pad(source.array(), ((top, bottom), (left, right), (0, 0)), mode="symmetric")
    return Image.from_array(pixels, source.meta)


def added_area(source: Image, margins: Margins) -> Selection:
    """The coverage of what is added, of the size of the extended picture."""
    width, height = margins.size(source.width, source.height)
    coverage = np.full((height, width), 255, np.uint8)
    inside = _place(source, margins)
    coverage[inside.y : inside.bottom, inside.x : inside.right] = 0
    return Selection.from_array(coverage)


def _place(source: Image, margins: Margins) -> Rect:
    """Where the picture lies on the canvas."""
    return Rect(margins.left, margins.top, source.width, source.height)


@dataclass(frozen=True, eq=False)
class _Canvas:
    """Tiles of a larger canvas, made when they are read: only those in view are needed.

    Attributes:
        rects: of all tiles.
        place: where the picture lies.
        inside: reads the picture.
        around: one pixel of what is around it, (C,).
    """

    rects: tuple[Rect, ...]
    place: Rect
    inside: Callable[[Rect], Pixels]
    around: NDArray[np.generic]

    @classmethod
    def image(
        cls, source: Image, margins: Margins, inside: Callable[[Rect], Pixels], around: Pixels
    ) -> Image:
        """An image for reading pixels only: its tiles have numbers in place of digests."""
        width, height = margins.size(source.width, source.height)
        rects = tuple(tile_rects(width, height))
        canvas = cls(rects, _place(source, margins), inside, around)
        channels, dtype = len(around), around.dtype.name
        tiles = tuple(
            Tile.stored(
                number.to_bytes(DIGEST_BYTES, "big"),
                (rect.height, rect.width, channels),
                dtype,
                canvas,
            )
            for number, rect in enumerate(rects)
        )
        return Image(width, height, channels, dtype, tiles, source.meta)

    def load_tile(self, digest: bytes) -> Pixels:
        """The tile of this number; see `TileSource`."""
        rect = self.rects[int.from_bytes(digest, "big")]
        pixels = np.empty((rect.height, rect.width, len(self.around)), self.around.dtype)
        pixels[:] = self.around
        part = rect.intersect(self.place)
        if not part.is_empty:
            within = part.shift(-rect.x, -rect.y)
            pixels[within.y : within.bottom, within.x : within.right] = self.inside(
                part.shift(-self.place.x, -self.place.y)
            )
        return pixels


def _on_canvas(source: Image, margins: Margins) -> Image:
    """The picture with opaque black around it."""
    black = np.zeros(source.channels, source.dtype)
    if source.has_alpha:
        black[-1] = source.maximum
    return _Canvas.image(source, margins, source.read, black)


def _added(source: Image, margins: Margins) -> Selection:
    """As `added_area`, made where it is read."""

    def nothing(rect: Rect) -> Pixels:
        return np.zeros((rect.height, rect.width, 1), np.uint8)

    return Selection(_Canvas.image(source, margins, nothing, np.full(1, 255, np.uint8)))
