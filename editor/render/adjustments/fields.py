from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import floor, log2
from threading import Lock

import cv2
import numpy as np

from editor.model.image import TILE, Image
from editor.model.rect import Rect
from editor.render.adjustments.recent_pictures import RecentPictures
from editor.render.color import Floats

Blocks = dict[tuple[int, int], Floats]

_KEPT = 4
"""Reduced fields remembered per picture: an artist goes back and forth between a few candidates."""

_LOCK = Lock()
_BLOCKS = RecentPictures[OrderedDict[Hashable, Blocks]]()


def remembered(image: Image, key: Hashable) -> Blocks:
    """The blocks of an earlier rendering of the same picture, or an empty dict to fill.

    Lets the canvas ask for one tile after another without reducing the surroundings each time.
    Holds no reference to the picture, and blocks of the pictures used last only.
    """
    with _LOCK:
        fields = _BLOCKS.get(image)
        if fields is None:
            fields = OrderedDict()
            _BLOCKS.put(image, fields)
        blocks = fields.setdefault(key, {})
        fields.move_to_end(key)
        while len(fields) > _KEPT:
            fields.popitem(last=False)
        return blocks


def reduction(radius: float, wanted: float) -> int:
    """The power of two that brings a radius down to `wanted` to 2 · `wanted` (at least 1)."""
    return int(2 ** min(8, max(0, floor(log2(max(radius, 1e-6) / wanted)))))


class Field:
    """A wide, smooth field over the result, as means of `factor`² pixels, computed on demand.

    Made block by block on the result's own tile grid, so that a value never depends on which
    part was rendered first.
    """

    def __init__(
        self, bounds: Rect, factor: int, make: Callable[[Rect], Floats], blocks: Blocks
    ) -> None:
        """Prepare.

        Args:
            bounds: the result.
            factor: pixels per cell, a power of two up to 256.
            make: the full-size values of a tile's rectangle, (h, w) or (h, w, c).
            blocks: where finished blocks are kept.
        """
        self._bounds = bounds
        self._factor = factor
        self._make = make
        self._blocks = blocks
        self._columns = -(-bounds.width // factor)
        self._rows = -(-bounds.height // factor)

    def smooth(
        self, rect: Rect, halo: int, work: Callable[[Floats], Floats], cubic: bool = False
    ) -> Floats:
        """Filter the reduced field and bring it back to full size over `rect`.

        Args:
            rect: of the result, full-size pixels.
            halo: cells that `work` looks at around each cell.
            work: filter of the reduced field, (h, w[, c]) to the same size.
            cubic: smooth enlargement rather than linear.
        """
        f = self._factor
        margin = 3 if f > 1 else 0
        own = Rect(rect.x // f, rect.y // f, 0, 0)
        own = Rect(own.x, own.y, -(-rect.right // f) - own.x, -(-rect.bottom // f) - own.y)
        cells = Rect(0, 0, self._columns, self._rows)
        near = own.grow(margin).intersect(cells)
        wide = near.grow(halo).intersect(cells)
        done = work(self._region(wide))
        done = done[near.y - wide.y : near.bottom - wide.y, near.x - wide.x : near.right - wide.x]
        if f > 1:
            how = cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR
            size = (near.width * f, near.height * f)
            done = cv2.resize(np.ascontiguousarray(done), size, interpolation=how)
        top, left = rect.y - near.y * f, rect.x - near.x * f
        return done[top : top + rect.height, left : left + rect.width]

    def _region(self, cells: Rect) -> Floats:
        side = TILE // self._factor
        rows = []
        for row in range(cells.y // side, (cells.bottom - 1) // side + 1):
            columns = range(cells.x // side, (cells.right - 1) // side + 1)
            rows.append(np.concatenate([self._block(c, row) for c in columns], axis=1))
        joined = np.concatenate(rows, axis=0)
        top = cells.y - cells.y // side * side
        left = cells.x - cells.x // side * side
        return np.ascontiguousarray(
            joined[top : top + cells.height, left : left + cells.width], np.float32
        )

    def _block(self, column: int, row: int) -> Floats:
        found = self._blocks.get((column, row))
        if found is None:
            rect = Rect(column * TILE, row * TILE, TILE, TILE).intersect(self._bounds)
            found = _means(self._make(rect), self._factor)
            self._blocks[column, row] = found
        return found


def _means(values: Floats, factor: int) -> Floats:
    """Means of factor² pixels; the last row and column of cells are padded by repetition."""
    if factor == 1:
        return values
    height, width = values.shape[:2]
    down, across = -height % factor, -width % factor
    if down or across:
        values = cv2.copyMakeBorder(values, 0, down, 0, across, cv2.BORDER_REPLICATE)
    size = ((width + across) // factor, (height + down) // factor)
    out: Floats = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    return out
