"""A picture as a pyramid of tiles, made lazily and per dirty tile."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from app.canvas.display_pixels import Array8, ColorTransform, halve, to_display
from app.canvas.display_tiles import CACHE, WORKER, DisplayTile, DisplayTileCache, TileWorker
from app.canvas.provider import TILE, Ready, level_count, level_size, subscribe, tile_rect
from editor.model.image import Pixels

ReadTile = Callable[[int, int], Pixels]

# A change of up to this many pixels (a dab of the brush) is redrawn at once on the GUI thread.
SYNC_PIXELS: Final = 4 * TILE * TILE

_numbers = itertools.count(1)


class ImagePyramid(QObject):
    """Draws from `read_tile(col, row)`, which must be safe to call on another thread.

    Levels are box averages of display pixels (after the profile transform, premultiplied), so a
    tile costs its memory once. Tiles of level 0 made only to be averaged are not kept.

    Signals:
        changed(QRect): level-0 pixels that can be drawn now, or differ from what was drawn.
    """

    changed = Signal(QRect)

    def __init__(
        self,
        width: int,
        height: int,
        read_tile: ReadTile,
        *,
        transform: ColorTransform | None = None,
        preview: QImage | None = None,
        cache: DisplayTileCache | None = None,
        worker: TileWorker | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._size = (width, height)
        self._read, self._transform = read_tile, transform
        self._cache = CACHE if cache is None else cache
        self._worker = WORKER if worker is None else worker
        self._number = next(_numbers)
        self._version = 0
        self._lock = threading.Lock()
        self._asked: set[tuple[int, int, int]] = set()
        self._closed = False
        self.preview = preview

    # -- TileProvider ------------------------------------------------------------------------

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self._size

    @property
    def levels(self) -> int:
        """Number of levels."""
        return level_count(*self._size)

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        """Returns a tile, or `None` and has it made; one that is out of date is still shown."""
        tile = self._cache.get((self._number, level, col, row))
        if tile is None or tile.stale:
            self._ask(level, col, row)
        return None if tile is None else tile.image

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        """Returns a tile only if it is there."""
        tile = self._cache.get((self._number, level, col, row))
        return None if tile is None else tile.image

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        """Subscribes to changes."""
        return subscribe(self, self.changed, callback)

    # -- changes -----------------------------------------------------------------------------

    def invalidate(self, dirty: QRect) -> None:
        """Redraws what changed. Small changes are there when this returns, large ones later."""
        width, height = self._size
        dirty = dirty.intersected(QRect(0, 0, width, height))
        if dirty.isEmpty():
            return
        with self._lock:
            self._version += 1
        if dirty.width() * dirty.height() <= SYNC_PIXELS:
            self._patch(dirty)
        else:
            for level in range(self.levels):
                for col, row in self._covered(level, dirty):
                    tile = self._cache.get((self._number, level, col, row))
                    if tile is not None:
                        tile.stale = True
        self.changed.emit(dirty)

    def close(self) -> None:
        """Forgets tiles and jobs; the pyramid is not used afterwards."""
        self._closed = True
        self._worker.forget_owner(self._number)
        self._cache.drop_owner(self._number)

    # -- making tiles ------------------------------------------------------------------------

    def make(self, level: int, col: int, row: int) -> Array8:
        """Makes a tile's display pixels now, on the calling thread."""
        if level == 0:
            return to_display(self._read(col, row), self._transform)
        width, height = level_size(*self._size, level)
        out = np.empty((min(TILE, height - row * TILE), min(TILE, width - col * TILE), 4), np.uint8)
        half = TILE // 2
        cols, rows = self._grid(level - 1)
        for dy, dx in itertools.product((0, 1), (0, 1)):
            child = (2 * col + dx, 2 * row + dy)
            if child[0] >= cols or child[1] >= rows:
                continue
            small = halve(self._child(level - 1, *child))
            y, x = dy * half, dx * half
            out[y : y + small.shape[0], x : x + small.shape[1]] = small
        return out

    def _child(self, level: int, col: int, row: int) -> Array8:
        key = (self._number, level, col, row)
        tile = self._cache.get(key)
        if tile is not None and not tile.stale:
            return tile.pixels
        pixels = self.make(level, col, row)
        if level > 0 and not self._closed:
            self._cache.put(key, DisplayTile(pixels))
        return pixels

    def _ask(self, level: int, col: int, row: int) -> None:
        key = (level, col, row)
        if key in self._asked or self._closed:
            return
        self._asked.add(key)
        self._worker.ask((self._number, *key), lambda: self._work(*key))

    def _work(self, level: int, col: int, row: int) -> None:
        """Runs on the worker."""
        while not self._closed:
            version = self._version
            tile = DisplayTile(self.make(level, col, row))
            with self._lock:
                current = version == self._version
                if current:
                    self._cache.put((self._number, level, col, row), tile)
            if current:  # else the pixels changed meanwhile: make it again
                break
        self._asked.discard((level, col, row))
        if not self._closed:
            self.changed.emit(tile_rect(*self._size, level, col, row))

    def _grid(self, level: int) -> tuple[int, int]:
        width, height = level_size(*self._size, level)
        return -(-width // TILE), -(-height // TILE)

    def _covered(self, level: int, rect: QRect) -> list[tuple[int, int]]:
        """Returns the tiles of a level that show pixels of `rect`."""
        span = TILE << level
        cols = range(rect.left() // span, rect.right() // span + 1)
        rows = range(rect.top() // span, rect.bottom() // span + 1)
        return [(col, row) for row in rows for col in cols]

    def _patch(self, dirty: QRect) -> None:
        """Updates every tile that is there, only inside `dirty`, level by level."""
        fresh: dict[tuple[int, int, int], Array8] = {}
        for level in range(self.levels):
            step = 1 << level
            x0, y0 = dirty.left() // step, dirty.top() // step
            x1, y1 = dirty.right() // step + 1, dirty.bottom() // step + 1
            for col, row in self._covered(level, dirty):
                key = (self._number, level, col, row)
                tile = self._cache.get(key)
                if level > 0 and tile is None:
                    continue
                left, top = max(x0 - col * TILE, 0), max(y0 - row * TILE, 0)
                right, bottom = min(x1 - col * TILE, TILE), min(y1 - row * TILE, TILE)
                if level == 0:
                    pixels = to_display(self._read(col, row), self._transform)
                    fresh[0, col, row] = pixels
                    if tile is not None:
                        self._cache.put(key, DisplayTile(pixels))
                elif tile is not None:
                    box = (left, top, right, bottom)
                    self._average_into(tile, level, col, row, box, fresh)

    def _average_into(
        self,
        tile: DisplayTile,
        level: int,
        col: int,
        row: int,
        box: tuple[int, int, int, int],
        fresh: dict[tuple[int, int, int], Array8],
    ) -> None:
        """Averages the part `box` of a tile again from the level below."""
        left, top, right, bottom = box
        height, width = tile.pixels.shape[:2]
        right, bottom = min(right, width), min(bottom, height)
        half = TILE // 2
        pixels = tile.pixels.copy()
        for dy, dx in itertools.product((0, 1), (0, 1)):
            x0, x1 = max(left, dx * half), min(right, (dx + 1) * half)
            y0, y1 = max(top, dy * half), min(bottom, (dy + 1) * half)
            if x0 >= x1 or y0 >= y1:
                continue
            child = (level - 1, 2 * col + dx, 2 * row + dy)
            source = fresh.get(child)
            if source is None:
                source = fresh[child] = self._child(*child)
            part = source[
                2 * (y0 - dy * half) : 2 * (y1 - dy * half),
                2 * (x0 - dx * half) : 2 * (x1 - dx * half),
            ]
            small = halve(np.ascontiguousarray(part))
            pixels[y0 : y0 + small.shape[0], x0 : x0 + small.shape[1]] = small
        fresh[level, col, row] = pixels
        # A new tile, because the worker or a painter may be reading the old one.
        self._cache.put((self._number, level, col, row), DisplayTile(pixels))
