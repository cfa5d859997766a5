"""A picture cut out by its selection: on black, on white, or on nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.provider import TILE, Ready, TileProvider, level_count, level_size
from editor.model.coverage import Coverage

KEPT_TILES: Final = 400


def coverage_levels(coverage: Coverage) -> tuple[Coverage, ...]:
    """Coverage at every level of its picture, averaged; takes a while, so not on the UI thread.

    Args:
        coverage: (H, W) uint8.
    """
    import cv2

    height, width = coverage.shape
    found = [coverage]
    for level in range(1, level_count(width, height)):
        size = level_size(width, height, level)
        half = cv2.resize(found[-1], size, interpolation=cv2.INTER_AREA)
        found.append(np.asarray(half, np.uint8))
    return tuple(found)


class MatteProvider:
    """A picture through coverage: what is not covered shows a colour, or is transparent."""

    def __init__(
        self, provider: TileProvider, levels: tuple[Coverage, ...], ground: QColor | None
    ) -> None:
        """Args: `levels` as `coverage_levels` makes them; `ground` is None for transparent."""
        self._provider, self._levels, self._ground = provider, levels, ground
        self._made: dict[tuple[int, int, int, int], QImage] = {}

    @property
    def size(self) -> tuple[int, int]:
        """The picture's own."""
        return self._provider.size

    @property
    def levels(self) -> int:
        """The picture's own."""
        return self._provider.levels

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        """Returns the tile, cut out."""
        return self._cut(self._provider.tile(level, col, row), level, col, row)

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        """Returns the tile if it is there."""
        return self._cut(self._provider.peek(level, col, row), level, col, row)

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        """The picture's own."""
        return self._provider.on_ready(callback)

    def _cut(self, image: QImage | None, level: int, col: int, row: int) -> QImage | None:
        if image is None:
            return None
        key = (level, col, row, image.cacheKey())
        if key not in self._made:
            if len(self._made) > KEPT_TILES:
                self._made.clear()
            self._made[key] = self._composed(image, level, col, row)
        return self._made[key]

    def _composed(self, image: QImage, level: int, col: int, row: int) -> QImage:
        width, height = image.width(), image.height()
        top, left = row * TILE, col * TILE
        part = np.ascontiguousarray(self._levels[level][top : top + height, left : left + width])
        mask = QImage(part.data, width, height, width, QImage.Format.Format_Alpha8)
        made = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(made)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, mask)
        if self._ground is not None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            painter.fillRect(made.rect(), self._ground)
        painter.end()
        return made
