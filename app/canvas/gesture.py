"""A selection shape under way: what the pointer and the held keys make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from app.canvas.shapes import ellipse, polygon, rectangle
from app.canvas.tool_options import Combine, combine_mode
from editor.model.selection import Coverage

ShapeTool = Literal["rectangle", "ellipse", "lasso"]


@dataclass
class ShapeGesture:
    """A rectangle, ellipse or lasso being drawn, in picture coordinates.

    The keys held at the press say how the shape combines with the selection. Shift pressed later
    makes a square or circle; Space moves the shape.
    """

    tool: ShapeTool
    start: QPointF
    mode: Combine
    end: QPointF = field(default_factory=QPointF)
    points: list[QPointF] = field(default_factory=list)
    _shift_at_press: bool = False
    _last: QPointF = field(default_factory=QPointF)

    @classmethod
    def begin(
        cls,
        tool: ShapeTool,
        at: QPointF,
        modifiers: Qt.KeyboardModifier,
        chosen: Combine = "replace",
    ) -> ShapeGesture:
        """Begins a shape at a press; `chosen` is how it combines without held keys."""
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        return cls(tool, at, combine_mode(modifiers, chosen), at, [at], shift, at)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier, *, space: bool) -> None:
        """Follows the pointer."""
        step, self._last = at - self._last, at
        if space:
            self.start += step
            self.end += step
            self.points = [p + step for p in self.points]
            return
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        # Shift held since the press means "add"; only pressed again it means "square".
        if not shift:
            self._shift_at_press = False
        self.end = at
        if self.tool == "lasso":
            self.points.append(at)
        elif shift and not self._shift_at_press:
            dx, dy = at.x() - self.start.x(), at.y() - self.start.y()
            side = max(abs(dx), abs(dy))
            self.end = QPointF(
                self.start.x() + (side if dx >= 0 else -side),
                self.start.y() + (side if dy >= 0 else -side),
            )

    def coverage(self, width: int, height: int) -> tuple[Coverage, QRect]:
        """Returns the shape's coverage and its rectangle; empty for a mere click."""
        if self.tool == "lasso":
            if len(self.points) < 3:
                return np.zeros((0, 0), np.uint8), QRect()
            return polygon(self.points, width, height)
        make = rectangle if self.tool == "rectangle" else ellipse
        return make(self.start, self.end, width, height)

    def draw(self, painter: QPainter, to_view: QTransform) -> None:
        """Draws the shape under way like the edge it will become."""
        path = QPainterPath()
        if self.tool == "lasso":
            path.moveTo(self.points[0])
            for point in self.points[1:]:
                path.lineTo(point)
        else:
            left, right = sorted((self.start.x(), self.end.x()))
            top, bottom = sorted((self.start.y(), self.end.y()))
            if self.tool == "rectangle":
                left, right, top, bottom = round(left), round(right), round(top), round(bottom)
                path.addRect(left, top, right - left, bottom - top)
            else:
                path.addEllipse(left, top, right - left, bottom - top)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shown = to_view.map(path)
        for color, width in ((QColor(0, 0, 0, 191), 3.0), (QColor(255, 255, 255), 1.4)):
            painter.setPen(QPen(color, width))
            painter.drawPath(shown)
        painter.restore()
