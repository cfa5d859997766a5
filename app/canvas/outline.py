"""Outlines of coverage: the true edge on pixel boundaries, and the line of full strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from app.canvas.display_tiles import WORKER
from editor.model.selection import Coverage

# Below this zoom (device pixels per level pixel) stairs of single pixels are drawn as slopes.
SMOOTH_BELOW: Final = 1.01
# Feather narrower than this many level pixels is only a smooth edge and gets no second line.
NARROW: Final = 3.0
# Masks of up to this many pixels are reduced at once, larger ones on the tile thread.
SYNC_MASK: Final = 4_000_000


@dataclass
class Outline:
    """Lines around coverage, in picture coordinates."""

    edge: QPainterPath
    full: QPainterPath


def boundary(mask: NDArray[np.bool_], *, smooth: bool) -> list[NDArray[np.float64]]:
    """Returns closed lines around the true pixels of a mask, on pixel boundaries.

    OpenCV's contours run through pixel centres. On the mask enlarged twice, each centre lies a
    quarter pixel inside the boundary it belongs to, so rounding brings it exactly onto it.

    Args:
        mask: (h, w).
        smooth: for masks whose pixels are no larger than the screen's: the contour itself, half
            a pixel inside, with stairs drawn as slopes.

    Returns:
        Arrays (n, 2) of x, y in pixels of the mask.
    """
    import cv2  # 0.1 s, and the window can be shown without

    if not mask.any():
        return []
    plain = mask.astype(np.uint8)
    if smooth:
        found, _ = cv2.findContours(plain, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        return [_softened(c.reshape(-1, 2)) for c in found]
    big = np.repeat(np.repeat(plain, 2, axis=0), 2, axis=1)
    found, _ = cv2.findContours(big, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    return [((c.reshape(-1, 2) + 1) // 2).astype(np.float64) for c in found]


def _softened(chain: NDArray[np.int32]) -> NDArray[np.float64]:
    """Evens out the stairs of a closed chain of pixels, by less than a pixel."""
    import cv2  # 0.1 s, and the window can be shown without

    points = chain.astype(np.float64)
    if len(points) >= 8:
        near = np.roll(points, 1, 0) + np.roll(points, -1, 0)
        far = np.roll(points, 2, 0) + np.roll(points, -2, 0)
        points = (2 * points + 2 * near + far) / 8
        points = cv2.approxPolyDP(points.astype(np.float32), 0.15, True).reshape(-1, 2)
    return np.asarray(points, np.float64) + 0.5


def outline_path(
    lines: list[NDArray[np.float64]], step: float, left: float, top: float
) -> QPainterPath:
    """Returns closed lines as a path in picture coordinates."""
    path = QPainterPath()
    for line in lines:
        points = [QPointF(left + x * step, top + y * step) for x, y in line.tolist()]
        path.addPolygon(QPolygonF(points))
        path.closeSubpath()
    return path


def reduce_max(coverage: Coverage, step: int) -> Coverage:
    """Returns the largest value of each step × step block; a smaller last block counts too."""
    return _reduced_by(np.maximum, coverage, step)


def reduce_min(coverage: Coverage, step: int) -> Coverage:
    """Returns the smallest value of each step × step block; a smaller last block counts too."""
    return _reduced_by(np.minimum, coverage, step)


def _reduced_by(extreme: np.ufunc, coverage: Coverage, step: int) -> Coverage:
    if step == 1:
        return coverage
    height, width = coverage.shape
    out = coverage
    if height % step or width % step:
        more = ((0, -height % step), (0, -width % step))
        out = np.pad(coverage, more, mode="edge")  # the last rows and columns again
    # Rows first: whole rows are compared at a time, which is quick, and few are left after it.
    out = extreme.reduce(out.reshape(-1, step, out.shape[1]), axis=1)
    while step > 1:
        out = extreme(out[:, 0::2], out[:, 1::2])
        step //= 2
    return cast(Coverage, out)


class MaskLevels(QObject):
    """Coverage at reduced size: the largest and the smallest value of each block.

    Kept per level and updated per changed rectangle, so a brush stroke never rescans the whole
    picture. Large masks are reduced on the tile thread; until then `get` returns `None`.

    One object serves every selection of a canvas, one after another (`replace`): a new object for
    each would have to live as long as the tile thread may still answer it.

    Attributes:
        coverage: of the whole picture; `None` for no selection.

    Signals:
        ready(): a level asked for is there now.
    """

    ready = Signal()

    def __init__(self, coverage: Coverage | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.coverage = coverage
        self._levels: dict[int, tuple[Coverage, Coverage]] = {}
        self._late: dict[int, list[QRect]] = {}  # changes made while a level is being built
        self._selections = 0  # how many there were: what is built for an older one is dropped
        self._built.connect(self._take)

    _built = Signal(int, int, object)

    def replace(self, coverage: Coverage | None) -> None:
        """Another selection; nothing of the last one is kept."""
        WORKER.forget_owner(id(self))
        self.coverage = coverage
        self._levels.clear()
        self._late.clear()
        self._selections += 1

    def get(self, level: int) -> tuple[Coverage, Coverage] | None:
        """Returns largest and smallest coverage of the blocks of a level."""
        if self.coverage is None:
            return None
        if level == 0:
            return self.coverage, self.coverage
        done = self._levels.get(level)
        if done is not None:
            return done
        if self.coverage.size <= SYNC_MASK:
            done = self._levels[level] = _reduced(self.coverage, 1 << level)
            return done
        if level not in self._late:
            self._late[level] = []
            coverage, number = self.coverage, self._selections
            WORKER.ask(
                (id(self), level),
                lambda: self._built.emit(number, level, _reduced(coverage, 1 << level)),
            )
        return None

    def update(self, coverage: Coverage, dirty: QRect) -> None:
        """Takes over a selection that differs from the last one only inside `dirty`."""
        self.coverage = coverage
        for late in self._late.values():
            late.append(dirty)
        for level in self._levels:
            self._redo(level, dirty)

    def _redo(self, level: int, dirty: QRect) -> None:
        assert self.coverage is not None  # a level is only built of a selection
        step = 1 << level
        height, width = self.coverage.shape
        box = dirty.intersected(QRect(0, 0, width, height))
        if box.isEmpty():
            return
        x0, y0 = box.left() // step, box.top() // step
        x1, y1 = box.right() // step + 1, box.bottom() // step + 1
        part = self.coverage[y0 * step : y1 * step, x0 * step : x1 * step]
        most, least = _reduced(part, step)
        self._levels[level][0][y0:y1, x0:x1] = most
        self._levels[level][1][y0:y1, x0:x1] = least

    def _take(self, number: int, level: int, built: tuple[Coverage, Coverage]) -> None:
        if number != self._selections:
            return
        self._levels[level] = built
        for dirty in self._late.pop(level, []):
            self._redo(level, dirty)
        self.ready.emit()


def _reduced(coverage: Coverage, step: int) -> tuple[Coverage, Coverage]:
    return reduce_max(coverage, step), reduce_min(coverage, step)


def outline_of(levels: MaskLevels, visible: QRect, level: int, zoom: float) -> Outline | None:
    """Returns the lines of the part of a selection that is seen, `None` if not ready yet.

    Args:
        levels: the selection.
        visible: picture pixels on screen, with some room around.
        level: 2^level picture pixels are taken together (their largest coverage counts).
        zoom: device pixels per picture pixel.
    """
    both = levels.get(level)
    if both is None:
        return None
    step = 1 << level
    x0, y0 = max(visible.left() // step, 0), max(visible.top() // step, 0)
    rows, cols = slice(y0, visible.bottom() // step + 1), slice(x0, visible.right() // step + 1)
    most, least = both[0][rows, cols], both[1][rows, cols]
    if most.size == 0:
        return Outline(QPainterPath(), QPainterPath())
    smooth = zoom * step < SMOOTH_BELOW
    inside = most > 0
    edge = outline_path(boundary(inside, smooth=smooth), step, x0 * step, y0 * step)
    full = QPainterPath()
    between = int(np.count_nonzero(inside & (least < 255)))
    if between and between > NARROW * _ring(inside):
        lines = boundary(least == 255, smooth=smooth)
        full = outline_path(lines, step, x0 * step, y0 * step)
    return Outline(edge, full)


def _ring(inside: NDArray[np.bool_]) -> int:
    """Returns how many pixels lie along the edge."""
    import cv2  # 0.1 s, and the window can be shown without

    core = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8))
    return int(np.count_nonzero(inside)) - int(np.count_nonzero(core))


def draw_outline(painter: QPainter, outline: Outline, to_view: QTransform) -> None:
    """Draws the true edge, white on black, and the dotted line of full strength."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # Mapped first, so that the pens stay as wide as they are at any zoom.
    if not outline.full.isEmpty():
        inner = to_view.map(outline.full)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 2.2))
        painter.drawPath(inner)
        dots = QPen(QColor(255, 255, 255, 235), 1.2)
        dots.setDashPattern([2.0, 2.6])
        dots.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(dots)
        painter.drawPath(inner)
    edge = to_view.map(outline.edge)
    for color, width in ((QColor(0, 0, 0, 191), 3.0), (QColor(255, 255, 255), 1.4)):
        pen = QPen(color, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(edge)
    painter.restore()
