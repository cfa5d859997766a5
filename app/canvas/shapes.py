"""Selections as coverage: shapes, how they combine, and the brush. Pure arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF

from app.canvas.provider import TILE
from app.canvas.tool_options import Brush, Combine
from editor.model.selection import Coverage

_SHIFT: Final = 4  # fractional bits OpenCV is given for polygon corners


def bounds(rect: QRectF, width: int, height: int) -> QRect:
    """Returns the whole pixels a shape may touch, inside the picture."""
    left, top = math.floor(rect.left()), math.floor(rect.top())
    right, bottom = math.ceil(rect.right()), math.ceil(rect.bottom())
    whole = QRect(left, top, max(right - left, 0), max(bottom - top, 0))
    return whole.intersected(QRect(0, 0, width, height))


def rectangle(start: QPointF, end: QPointF, width: int, height: int) -> tuple[Coverage, QRect]:
    """Returns the whole pixels between two corners, and their rectangle."""
    x0, x1 = sorted((round(start.x()), round(end.x())))
    y0, y1 = sorted((round(start.y()), round(end.y())))
    box = QRect(x0, y0, x1 - x0, y1 - y0).intersected(QRect(0, 0, width, height))
    return np.full((max(box.height(), 0), max(box.width(), 0)), 255, np.uint8), box


def ellipse(start: QPointF, end: QPointF, width: int, height: int) -> tuple[Coverage, QRect]:
    """Returns the coverage of the ellipse in a rectangle, edges smooth."""
    middle = (start + end) / 2
    rx, ry = abs(end.x() - start.x()) / 2, abs(end.y() - start.y()) / 2
    count = max(24, min(720, int(2 * math.pi * max(rx, ry, 1.0))))
    angles = [2 * math.pi * n / count for n in range(count)]
    points = [QPointF(middle.x() + rx * math.cos(a), middle.y() + ry * math.sin(a)) for a in angles]
    return polygon(points, width, height)


def polygon(points: Sequence[QPointF], width: int, height: int) -> tuple[Coverage, QRect]:
    """Returns the coverage of a closed outline in picture coordinates, edges smooth."""
    import cv2  # 0.1 s, and the window can be shown without

    xs, ys = [p.x() for p in points], [p.y() for p in points]
    box = bounds(QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))), width, height)
    if box.isEmpty():
        return np.zeros((0, 0), np.uint8), QRect()
    # Drawn at four times the size and averaged: 17 honest steps of coverage at the edge.
    scale = 4 if box.width() * box.height() <= 1 << 22 else 1
    corners = np.array([xs, ys], np.float64).T - (box.left(), box.top())
    fixed = np.round((corners * scale - 0.5) * (1 << _SHIFT)).astype(np.int32)
    big = np.zeros((box.height() * scale, box.width() * scale), np.uint8)
    line = cv2.LINE_8 if scale > 1 else cv2.LINE_AA
    cv2.fillPoly(big, [fixed], 255, lineType=line, shift=_SHIFT)
    if scale > 1:
        size = (box.width(), box.height())
        big = cv2.resize(big, size, interpolation=cv2.INTER_AREA)
    return cast(Coverage, big), box


def combine(
    old: Coverage | None, shape: Coverage, box: QRect, mode: Combine, size: tuple[int, int]
) -> tuple[Coverage, QRect]:
    """Combines a shape with a selection.

    Args:
        old: (H, W) `uint8`, or `None` for no selection.
        shape: coverage inside `box`.
        box: where the shape stands.
        mode: how.
        size: width and height of the picture.

    Returns:
        The new selection, a new array, and the rectangle in which it differs from the old one.
    """
    width, height = size
    whole = QRect(0, 0, width, height)
    rows, cols = _slices(box)
    empty = old is None
    if mode == "replace" or (empty and mode in {"add", "intersect"}):
        out = np.zeros((height, width), np.uint8)
        out[rows, cols] = shape
        return out, box if old is None else box.united(covered(old))
    base = np.zeros((height, width), np.uint8) if old is None else old.copy()
    part = base[rows, cols]
    if mode == "add":
        base[rows, cols] = np.maximum(part, shape)
        return base, box
    if mode == "subtract":
        base[rows, cols] = np.minimum(part, 255 - shape)
        return base, box
    out = np.zeros_like(base)
    out[rows, cols] = np.minimum(part, shape)
    return out, covered(base).united(box).intersected(whole)


def covered(coverage: Coverage) -> QRect:
    """Returns the rectangle around everything that is covered, empty if nothing is."""
    rows = np.flatnonzero(coverage.max(axis=1)) if coverage.size else np.zeros(0, np.int64)
    if rows.size == 0:
        return QRect()
    top, bottom = int(rows[0]), int(rows[-1])
    cols = np.flatnonzero(coverage[top : bottom + 1].max(axis=0))
    left, right = int(cols[0]), int(cols[-1])
    return QRect(left, top, right - left + 1, bottom - top + 1)


def moved(coverage: Coverage, dx: int, dy: int) -> tuple[Coverage, QRect]:
    """Returns a selection moved by whole pixels, and what differs."""
    height, width = coverage.shape
    out = np.zeros_like(coverage)
    source = covered(coverage)
    target = source.translated(dx, dy).intersected(QRect(0, 0, width, height))
    if not target.isEmpty():
        rows, cols = _slices(target)
        from_rows, from_cols = _slices(target.translated(-dx, -dy))
        out[rows, cols] = coverage[from_rows, from_cols]
    return out, source.united(target)


def _slices(box: QRect) -> tuple[slice, slice]:
    return (
        slice(box.top(), box.top() + box.height()),
        slice(box.left(), box.left() + box.width()),
    )


class Stroke:
    """One brush stroke onto coverage, dab by dab.

    The stroke remembers its own coverage and puts it onto what was there before, so crossing
    itself does not add up. Each dab touches only its own rectangle.
    """

    def __init__(
        self,
        base: Coverage,
        brush: Brush,
        *,
        erase: bool = False,
        within: Coverage | None = None,
    ) -> None:
        """Begins a stroke.

        Args:
            base: coverage that is painted on, (H, W); it is changed.
            brush: measured in picture pixels.
            erase: take away instead of adding.
            within: the most that is laid anywhere, (H, W); None for no limit.
        """
        self.coverage = base
        self._within = within
        # Both are only touched where the brush goes: untouched pages cost no memory or time.
        self._before = np.empty_like(base)
        self._laid = np.zeros_like(base)
        self._saved: set[tuple[int, int]] = set()
        self._brush, self._erase = brush, erase
        self._last: tuple[float, float, float] | None = None
        self._rest = 0.0

    def to(self, x: float, y: float, pressure: float = 1.0) -> QRect:
        """Continues the stroke to (x, y) in picture coordinates; returns what changed."""
        pressure = min(max(pressure, 0.0), 1.0)
        if self._last is None:
            self._last = (x, y, pressure)
            return self._dab(x, y, pressure)
        dirty = QRect()
        x0, y0, p0 = self._last
        length = math.hypot(x - x0, y - y0)
        step = max(self._radius((p0 + pressure) / 2) * 0.25, 0.5)
        at = max(step - self._rest, 0.01)
        while at <= length:
            share = at / length
            dab = self._dab(
                x0 + (x - x0) * share, y0 + (y - y0) * share, p0 + (pressure - p0) * share
            )
            dirty = dirty.united(dab)
            at += step
        self._rest = (self._rest + length) % step if length else self._rest
        self._last = (x, y, pressure)
        return dirty

    def undo(self) -> None:
        """Puts back what was there before the stroke."""
        for col, row in self._saved:
            rows = slice(row * TILE, (row + 1) * TILE)
            cols = slice(col * TILE, (col + 1) * TILE)
            self.coverage[rows, cols] = self._before[rows, cols]

    def _radius(self, pressure: float) -> float:
        share = pressure if self._brush.pressure_size else 1.0
        return max(self._brush.size * share / 2, 0.5)

    def _dab(self, x: float, y: float, pressure: float) -> QRect:
        height, width = self.coverage.shape
        radius = self._radius(pressure)
        around = QRectF(x - radius - 1, y - radius - 1, 2 * radius + 2, 2 * radius + 2)
        box = bounds(around, width, height)
        if box.isEmpty():
            return QRect()
        self._save(box)
        rows, cols = _slices(box)
        ys = np.arange(box.top(), box.top() + box.height(), dtype=np.float32)[:, None] + 0.5 - y
        xs = np.arange(box.left(), box.left() + box.width(), dtype=np.float32)[None] + 0.5 - x
        distance = np.sqrt(xs * xs + ys * ys)
        soft = max(radius * (1.0 - self._brush.hardness), 1.0)
        share = np.clip((radius + 0.5 - distance) / soft, 0.0, 1.0)
        if self._brush.hardness < 1.0:
            share = share * share * (3 - 2 * share)
        flow = self._brush.flow * (pressure if self._brush.pressure_flow else 1.0)
        dab = np.round(share * (255 * flow)).astype(np.uint8)
        laid = self._laid[rows, cols]
        np.maximum(laid, dab, out=laid)
        before = self._before[rows, cols]
        if self._within is not None:
            laid = np.minimum(laid, self._within[rows, cols])
        if self._erase:
            self.coverage[rows, cols] = np.minimum(before, 255 - laid)
        else:
            self.coverage[rows, cols] = np.maximum(before, laid)
        return box

    def _save(self, box: QRect) -> None:
        """Keeps what was there before the stroke, tile by tile on first touch."""
        for row in range(box.top() // TILE, box.bottom() // TILE + 1):
            for col in range(box.left() // TILE, box.right() // TILE + 1):
                if (col, row) not in self._saved:
                    self._saved.add((col, row))
                    rows = slice(row * TILE, (row + 1) * TILE)
                    cols = slice(col * TILE, (col + 1) * TILE)
                    self._before[rows, cols] = self.coverage[rows, cols]
