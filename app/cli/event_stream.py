from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from editor.formats import thumbnail
from editor.model.image import DIGEST_BYTES, TILE, Image, Pixels, Tile, tile_rects
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite, mip
from inference.workflow.change import can_leak, tile_change

_TILES = 16
"""Tiles rendered at a time, in whole rows: enough to keep the cores busy."""


class Streamed:
    """A candidate rendered band by band while it is written, so that it is never whole in memory.

    A 24-megapixel RGBA picture of 16 bits is 192 MB and its result as much again; here only the
    source is held. What else is wanted of the pixels, thumbnail and change outside the selection,
    is taken from each band as it passes.

    Attributes:
        image: what to write. Its tiles have names instead of digests, so it serves for reading
            pixels only.
    """

    def __init__(
        self, source: Image, patch: Patch, selection: Selection | None, thumbnail_side: int
    ) -> None:
        self._source, self._patch, self._selection = source, patch, selection
        self._side = thumbnail_side
        self._lock = threading.Lock()
        self._small: dict[int, Pixels] = {}
        self._outside: float | None = 0.0 if can_leak(patch, selection) else None
        width, height = composite.output_size(source, patch)
        self._level = 0
        while max(width, height) >> (self._level + 1) >= 2 * thumbnail_side and self._level < 7:
            self._level += 1
        self._bounds = Rect(0, 0, width, height)
        self._rows = TILE * max(1, _TILES * TILE // width)
        if dict(patch.parameters).get("remove_spot"):
            # Filling a spot looks at all of its surroundings, so bands would each do it again.
            self._whole: Image | None = composite.render(source, patch, selection)
        else:
            self._whole = None
        self._top, self._band = 0, self._rendered(0)
        self._passed()
        band = self._band
        tiles = tuple(
            Tile.stored(
                number.to_bytes(DIGEST_BYTES, "big"),
                (place.height, place.width, band.channels),
                band.dtype,
                self,
            )
            for number, place in enumerate(tile_rects(width, height))
        )
        self.image = Image(width, height, band.channels, band.dtype, tiles, band.meta)

    @property
    def outside(self) -> float | None:
        """Largest change outside the selection, 0..1, once written; None without a selection."""
        return self._outside

    def thumbnail(self) -> NDArray[np.uint8]:
        """A small sRGB picture, once the image was written."""
        whole = np.concatenate([self._small[top] for top in sorted(self._small)])
        return thumbnail(Image.from_array(whole, self.image.meta), self._side)

    def close(self) -> None:
        """Let the pixels go: tiles and this object hold each other."""
        self._band, self._whole = self._source, None
        self._small.clear()

    def load_tile(self, digest: bytes) -> Pixels:
        """The pixels of a tile, from the band that is held or the next one rendered."""
        row, column = divmod(int.from_bytes(digest, "big"), self.image.columns)
        top = row * TILE // self._rows * self._rows
        with self._lock:
            if top != self._top:
                self._band = self._source  # the old band goes before the new one comes
                self._top, self._band = top, self._rendered(top)
                self._passed()
            return self._band.tile(column, row - top // TILE).pixels

    def _rendered(self, top: int) -> Image:
        place = Rect(0, top, self._bounds.width, self._rows).intersect(self._bounds)
        if self._whole is not None:
            return Image.from_array(self._whole.read(place), self._whole.meta)
        return composite.render(self._source, self._patch, self._selection, rect=place)

    def _passed(self) -> None:
        """Take what is wanted of the band that was just rendered."""
        if self._top in self._small:
            return
        band = self._band
        self._small[self._top] = mip.level(band, self._level).array()
        if self._outside is None or self._selection is None:
            return
        for column, row, place in band.grid():
            old = self._source.tile(column, row + self._top // TILE)
            coverage = self._selection.read(place.shift(0, self._top))
            change = tile_change(old, band.tile(column, row), coverage, self._patch)
            self._outside = max(self._outside, change)
