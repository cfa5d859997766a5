"""Two pictures drawn as one: Fade (opacity of a change) and paint in (parts of two results)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from app.canvas.display_pixels import Array8, image_array
from app.canvas.display_tiles import DisplayTile
from app.canvas.provider import TILE, Ready, TileProvider, level_size, subscribe


class MixProvider(QObject):
    """`bottom` under `top`, weighted by an opacity and, where given, by a coverage.

    The same mixing, at full size and depth, is done when the result is kept; this is its picture.

    Signals:
        changed(QRect): level-0 pixels that differ from what was drawn.
    """

    changed = Signal(QRect)

    def __init__(
        self,
        bottom: TileProvider,
        top: TileProvider,
        *,
        opacity: float = 1.0,
        coverage: Array8 | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        if bottom.size != top.size:
            raise ValueError("the two pictures differ in size")
        self._bottom, self._top = bottom, top
        self._opacity, self._coverage = opacity, coverage
        self._tiles: dict[tuple[int, int, int], DisplayTile] = {}
        self._ends = [p.on_ready(self._part_ready) for p in (bottom, top)]

    @property
    def parts(self) -> tuple[TileProvider, TileProvider]:
        """The picture below and the one above."""
        return self._bottom, self._top

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of both."""
        return self._bottom.size

    @property
    def levels(self) -> int:
        """Number of levels."""
        return self._bottom.levels

    @property
    def opacity(self) -> float:
        """How much of the top shows, 0 … 1."""
        return self._opacity

    def set_opacity(self, opacity: float) -> None:
        """Fades the change; nothing is run again."""
        self._opacity = min(max(opacity, 0.0), 1.0)
        self._drop(QRect(0, 0, *self.size))

    def set_coverage(self, coverage: Array8 | None, dirty: QRect) -> None:
        """Sets where the top shows, (H, W) `uint8`, changed inside `dirty` only."""
        self._coverage = coverage
        self._drop(dirty)

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        """Returns the mixed tile, as soon as both parts are there."""
        import cv2  # 0.1 s, and the window can be shown without

        done = self._tiles.get((level, col, row))
        if done is not None:
            return done.image
        under, over = self._bottom.tile(level, col, row), self._top.tile(level, col, row)
        if under is None or over is None:
            return under or over
        if self._coverage is None and self._opacity in (0.0, 1.0):
            return over if self._opacity == 1.0 else under
        below, above = image_array(under), image_array(over)
        if self._coverage is None:
            mixed = cv2.addWeighted(below, 1 - self._opacity, above, self._opacity, 0.0)
        else:
            share = self._share(level, col, row).astype(np.float32) * (self._opacity / 255)
            mixed = cv2.blendLinear(below, above, 1 - share, share)
        tile = self._tiles[level, col, row] = DisplayTile(cast(Array8, mixed))
        if len(self._tiles) > 600:
            self._tiles.pop(next(iter(self._tiles)))
        return tile.image

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        """Returns the tile only if both parts are there."""
        parts = (self._bottom.peek(level, col, row), self._top.peek(level, col, row))
        return None if None in parts else self.tile(level, col, row)

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        """Subscribes to changes."""
        return subscribe(self, self.changed, callback)

    def close(self) -> None:
        """Ends the subscriptions to both parts."""
        for end in self._ends:
            end()
        self._ends = []
        self._tiles.clear()
        self._coverage = None

    def _share(self, level: int, col: int, row: int) -> Array8:
        import cv2  # 0.1 s, and the window can be shown without

        assert self._coverage is not None
        span = TILE << level
        part = self._coverage[row * span : (row + 1) * span, col * span : (col + 1) * span]
        width, height = level_size(*self.size, level)
        size = (min(TILE, width - col * TILE), min(TILE, height - row * TILE))
        if level == 0:
            return part
        return cast(Array8, cv2.resize(part, size, interpolation=cv2.INTER_AREA))

    def _part_ready(self, rect: QRect) -> None:
        self._drop(rect)

    def _drop(self, rect: QRect) -> None:
        for level, col, row in list(self._tiles):
            span = TILE << level
            if QRect(col * span, row * span, span, span).intersects(rect):
                del self._tiles[level, col, row]
        self.changed.emit(rect)
