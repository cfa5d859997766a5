"""Where the picture stands in a pane: zoom, place, turn. Pure numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

FIT_MARGIN: Final = 22.0
GAP: Final = 12.0
"""Logical pixels between the panes of a comparison."""
TILE_GAP: Final = 16.0
"""Between the pictures of the grid, which have a ring of their own."""
PANE_MARGIN: Final = 8.0
"""Around a picture that is fitted into a pane of a comparison."""
MOST_ZOOM: Final = 64.0
STEPS: Final = (
    0.03125, 0.0625, 0.125, 0.25, 1 / 3, 0.5, 2 / 3, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0,
    16.0, 24.0, 32.0, 48.0, 64.0,
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """Which picture pixel is in the middle of the pane, how large, how turned.

    Attributes:
        center: picture pixel in the middle of the pane.
        zoom: device pixels per picture pixel, 1.0 = 100 %.
        angle: degrees clockwise.
        fitted: the view follows the pane's size until the artist zooms or pans.
    """

    center: QPointF
    zoom: float
    angle: float = 0.0
    fitted: bool = False

    def to_pane(self, size: QSizeF) -> QTransform:
        """Returns picture pixels to device pixels of a pane of `size` device pixels.

        Upright views are put on whole device pixels, so that a pan is a move of what is drawn.
        """
        turn = QTransform()
        turn.rotate(self.angle)
        turn.scale(self.zoom, self.zoom)
        at = turn.map(self.center)
        dx, dy = size.width() / 2 - at.x(), size.height() / 2 - at.y()
        if not turn.isRotating():
            dx, dy = round(dx), round(dy)
        return QTransform(turn.m11(), turn.m12(), turn.m21(), turn.m22(), dx, dy)

    def zoomed(self, zoom: float, at: QPointF, size: QSizeF, least: float) -> View:
        """Returns the view at another zoom, the picture pixel under `at` (pane) staying there."""
        zoom = min(max(zoom, least), MOST_ZOOM)
        back, _ = self.to_pane(size).inverted()
        pixel = back.map(at)
        away = at - QPointF(size.width() / 2, size.height() / 2)
        turn = QTransform()
        turn.rotate(-self.angle)
        away = turn.map(away)
        center = QPointF(pixel.x() - away.x() / zoom, pixel.y() - away.y() / zoom)
        return replace(self, center=center, zoom=zoom, fitted=False)

    def panned(self, dx: float, dy: float) -> View:
        """Returns the view after the picture moved by (dx, dy) device pixels."""
        turn = QTransform()
        turn.rotate(-self.angle)
        move = turn.map(QPointF(dx, dy))
        center = QPointF(self.center.x() - move.x() / self.zoom,
                         self.center.y() - move.y() / self.zoom)  # fmt: skip
        return replace(self, center=center, fitted=False)

    def turned(self, angle: float) -> View:
        """Returns the view at another angle about its middle, with a stop at upright."""
        angle = math.remainder(angle, 360.0)
        if abs(angle) < 3.0:
            angle = 0.0
        return replace(self, angle=angle)

    def in_pane(self, picture: tuple[int, int], other: tuple[int, int], size: QSizeF) -> View:
        """Returns the view of another picture, in a pane of `size` device pixels.

        One of the same shape shows the same part at the same size, however many pixels it has; any
        other is shown whole.
        """
        if not same_shape(picture, other):
            return fit(other, size, 0.0, self.angle)
        factor = max(other) / max(picture)
        return replace(self, center=self.center * factor, zoom=self.zoom / factor)

    def over(self, picture: tuple[int, int]) -> View:
        """Returns the view with its middle over the picture, so that it cannot be lost."""
        x = min(max(self.center.x(), 0.0), float(picture[0]))
        y = min(max(self.center.y(), 0.0), float(picture[1]))
        return replace(self, center=QPointF(x, y))


def same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two sizes have one ratio, but for the rounding to whole pixels."""
    factor = max(other) / max(one)
    return all(abs(a * factor - b) <= 1 for a, b in zip(one, other, strict=True))


def pane_rects(width: int, height: int, cols: int, rows: int, strip: float) -> list[QRectF]:
    """Returns the places of panes side by side, row by row, in logical pixels.

    Args:
        width: of the canvas.
        height: of the canvas.
        cols: panes in a row.
        rows: number of rows.
        strip: height of the strip under each pane.
    """
    across = (width - GAP * (cols + 1)) / cols
    down = (height - GAP * (rows + 1)) / rows - strip
    return [
        QRectF(
            round(GAP + col * (across + GAP)),
            round(GAP + row * (down + strip + GAP)),
            round(across),
            round(max(down, 16)),
        )
        for row in range(rows)
        for col in range(cols)
    ]


def grid_rects(width: int, height: int, count: int, aspect: float, caption: float) -> list[QRectF]:
    """Returns the places of pictures in a grid that makes them as large as the canvas allows.

    Args:
        width: of the canvas, logical pixels.
        height: of the canvas.
        count: of pictures, at least 1.
        aspect: width / height of each.
        caption: height of the words under each.
    """

    def picture_width(cols: int) -> float:
        rows = math.ceil(count / cols)
        across = (width - TILE_GAP * (cols + 1)) / cols
        down = (height - TILE_GAP * (rows + 1)) / rows - caption
        return min(across, down * aspect)

    cols = max(range(1, count + 1), key=picture_width)
    wide = round(max(picture_width(cols), 16.0))
    tall = round(max(wide / aspect, 16.0))
    rows = math.ceil(count / cols)
    left = (width - cols * wide - (cols - 1) * TILE_GAP) / 2
    top = (height - rows * (tall + caption) - (rows - 1) * TILE_GAP) / 2
    return [
        QRectF(
            round(left + (number % cols) * (wide + TILE_GAP)),
            round(max(top, TILE_GAP / 2) + (number // cols) * (tall + caption + TILE_GAP)),
            wide,
            tall,
        )
        for number in range(count)
    ]


def fit_zoom(picture: tuple[int, int], size: QSizeF, margin: float, angle: float = 0.0) -> float:
    """Returns the zoom at which the picture fits into a pane, `margin` device pixels around.

    Args:
        picture: width and height in pixels.
        size: of the pane, device pixels.
        margin: device pixels.
        angle: degrees by which the picture is turned on the screen.
    """
    c, s = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    across = max(picture[0] * c + picture[1] * s, 1)
    down = max(picture[0] * s + picture[1] * c, 1)
    width = max(size.width() - 2 * margin, 16.0)
    height = max(size.height() - 2 * margin, 16.0)
    return min(width / across, height / down, MOST_ZOOM)


def fit(picture: tuple[int, int], size: QSizeF, margin: float, angle: float = 0.0) -> View:
    """Returns the view that shows the whole picture, turned by `angle` degrees."""
    middle = QPointF(picture[0] / 2, picture[1] / 2)
    return View(middle, fit_zoom(picture, size, margin, angle), angle, fitted=True)


def next_step(zoom: float, direction: int, least: float) -> float:
    """Returns the next round zoom up (+1) or down (-1)."""
    if direction > 0:
        return next((s for s in STEPS if s > zoom * 1.001), MOST_ZOOM)
    down = next((s for s in reversed(STEPS) if s < zoom / 1.001), STEPS[0])
    return max(down, least)
