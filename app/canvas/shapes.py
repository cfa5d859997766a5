"""Selections as coverage: shapes and how they combine. Pure arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF

from app.canvas.tool_options import Combine
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
    rows, cols = slices(box)
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
        rows, cols = slices(target)
        from_rows, from_cols = slices(target.translated(-dx, -dy))
        out[rows, cols] = coverage[from_rows, from_cols]
    return out, source.united(target)


def slices(box: QRect) -> tuple[slice, slice]:
    """Returns rows and columns of a rectangle of whole pixels."""
    return (
        slice(box.top(), box.top() + box.height()),
        slice(box.left(), box.left() + box.width()),
    )
