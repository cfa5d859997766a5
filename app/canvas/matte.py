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


def matte_tiles(
    provider: TileProvider, levels: tuple[Coverage, ...], ground: QColor | None
) -> FilteredTiles:
    """A picture through coverage: what is not covered shows a colour, or is transparent.

    Args:
        provider: the picture.
        levels: coverage, as `coverage_levels` makes it.
        ground: the colour, None for transparent.
    """

    def cut_out(image: QImage, level: int, col: int, row: int) -> QImage:
        width, height = image.width(), image.height()
        top, left = row * TILE, col * TILE
        part = np.ascontiguousarray(levels[level][top : top + height, left : left + width])
        mask = QImage(part.data, width, height, width, QImage.Format.Format_Alpha8)
        made = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(made)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, mask)
        if ground is not None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            painter.fillRect(made.rect(), ground)
        painter.end()
        return made

    return FilteredTiles(provider, cut_out)
