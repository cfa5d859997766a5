from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from app.canvas.display_pixels import to_display
from app.canvas.display_tiles import CACHE, DisplayTile
from app.canvas.mip_cache import MipCache
from app.canvas.provider import TILE, Ready, level_count, level_size, subscribe, tile_rect
from app.canvas.pyramid import ImagePyramid
from app.runtime.thread_pool import ThreadPool, Ticket
from editor.model.edit import Candidate
from editor.model.image import Image, Pixels
from editor.model.rect import Rect
from editor.model.selection import Selection

_numbers = itertools.count(1)


def picture_provider(image: Image, preview: QImage | None = None) -> ImagePyramid:
    """A picture for the canvas, in display colours."""
    from editor.render.color import ColorSpace  # heavy, and first needed with a picture

    shown = ColorSpace.of(image).to_display

    def read(column: int, row: int) -> NDArray[np.uint8]:
        return shown(image.tile(column, row).pixels)

    return ImagePyramid(image.width, image.height, read, preview=preview)


class ResultProvider(QObject):
    """A candidate for the canvas: just the tiles on screen are rendered, at the level on screen.

    So a result on a 24-megapixel picture shows as fast as on a small one, and at 100 % the
    pixels are those that keeping it would give.

    Signals:
        changed(QRect): level-0 pixels that can be drawn now.
    """

    changed = Signal(QRect)

    def __init__(
        self,
        source: Image,
        candidate: Candidate,
        selection: Selection | None,
        levels: MipCache,
        work: ThreadPool,
    ) -> None:
        super().__init__()
        self._source = source
        self._candidate = candidate
        self._selection = selection
        self._levels = levels
        self._work = work
        from editor.render.composite import output_size

        self._size = output_size(source, candidate.patch)
        self._number = -next(_numbers)  # below zero: never an `ImagePyramid`'s
        self._asked: dict[tuple[int, int, int], Ticket] = {}
        self._closed = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the result."""
        return self._size

    @property
    def levels(self) -> int:
        """Number of levels."""
        return level_count(*self._size)

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        """Returns a tile only if it is there."""
        tile = CACHE.get((self._number, level, col, row))
        return tile.image if tile is not None else None

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        """Returns a tile, or None and has it rendered."""
        found = self.peek(level, col, row)
        place = (level, col, row)
        if found is None and place not in self._asked and not self._closed:
            self._asked[place] = self._work.run(
                lambda ticket: self._render(place, ticket),
                lambda tile: self._made(place, tile),
                lambda error: self._failed(place, error),
                priority=2,
            )
        return found

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        """Subscribes to changes."""
        return subscribe(self, self.changed, callback)

    def close(self) -> None:
        """Drops what was not begun, and the tiles."""
        self._closed = True
        for ticket in self._asked.values():
            ticket.cancel()
        self._asked.clear()
        CACHE.drop_owner(self._number)

    def _made(self, place: tuple[int, int, int], tile: DisplayTile) -> None:
        self._asked.pop(place, None)
        CACHE.put((self._number, *place), tile)
        self.changed.emit(tile_rect(*self._size, *place))

    def _failed(self, place: tuple[int, int, int], error: BaseException) -> None:
        self._asked.pop(place, None)
        from editor.render.composite import RenderCancelled

        if not isinstance(error, RenderCancelled):
            raise error

    def _render(self, place: tuple[int, int, int], ticket: Ticket) -> DisplayTile:
        from editor.render.color import ColorSpace
        from editor.render.composite import output_size, render

        level, col, row = place
        source = self._levels.image(self._source, level)
        selection = self._levels.selection(self._selection, level)
        width, height = output_size(source, self._candidate.patch)
        shown = level_size(*self._size, level)
        wanted = Rect(col * TILE, row * TILE, TILE, TILE).intersect(Rect(0, 0, *shown))
        inside = wanted.intersect(Rect(0, 0, width, height))
        if inside.is_empty:  # rounding of a crop at this level; one pixel stands for the rest
            inside = Rect(width - 1, height - 1, 1, 1)
        made = render(
            source,
            self._candidate.patch,
            selection,
            rect=inside,
            scale=0.5**level,
            cancelled=ticket.cancelled,
            workers=1,
        )
        pixels: Pixels = ColorSpace.of(made).to_display(made.array())
        down, right = wanted.height - pixels.shape[0], wanted.width - pixels.shape[1]
        if down or right:
            pixels = np.pad(pixels, ((0, down), (0, right), (0, 0)), mode="edge")
        return DisplayTile(to_display(pixels))
