"""A picture cut out by its selection: on black, on white, or on nothing."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.filtered_tiles import FilteredTiles
from app.canvas.provider import TILE, TileProvider, level_count, level_size
from editor.model.coverage import Coverage


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


class MatteProvider(FilteredTiles):
    """A picture through coverage: what is not covered shows a colour, or is transparent."""

    def __init__(
        self, provider: TileProvider, levels: tuple[Coverage, ...], ground: QColor | None
    ) -> None:
        """Args: `levels` as `coverage_levels` makes them; `ground` is None for transparent."""
        super().__init__(provider)
        self._levels, self._ground = levels, ground

    def filtered(self, image: QImage, level: int, col: int, row: int) -> QImage:
        """Returns the tile, cut out."""
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
