"""The brush: one stroke onto coverage, dab by dab. Pure arrays."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRect, QRectF

from app.canvas.provider import TILE
from app.canvas.shapes import bounds, slices
from app.canvas.tool_options import Brush
from editor.model.selection import Coverage


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
        rows, cols = slices(box)
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
