"""The brush: one stroke onto coverage, dab by dab. Pure arrays."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF

from app.canvas.provider import TILE
from app.canvas.shapes import bounds, slices
from app.canvas.tool_options import Brush
from editor.model.selection import Coverage


class Dab:
    """One round dab of the brush: full strength inside, then a soft edge.

    Attributes:
        strength: 1..255, inside.
    """

    def __init__(self, x: float, y: float, radius: float, hardness: float, flow: float) -> None:
        """Describes a dab.

        Args:
            x: its middle from the left, picture pixels.
            y: its middle from the top, picture pixels.
            radius: picture pixels.
            hardness: share of the radius that has full strength, 0..1.
            flow: full strength, 0..1.
        """
        self._x, self._y, self._outer = x, y, radius + 0.5
        self._soft = max(radius * (1.0 - hardness), 1.0)
        self._curved = hardness < 1.0
        self._flow = flow
        self.strength = round(255 * flow)

    def misses(self, part: QRect) -> bool:
        """Whether no pixel of a part of the picture is reached."""
        xs, ys = self._spans(part)
        near_x = max(xs[0] - self._x, self._x - xs[1], 0.0)
        near_y = max(ys[0] - self._y, self._y - ys[1], 0.0)
        return math.hypot(near_x, near_y) >= self._outer

    def covers(self, part: QRect) -> bool:
        """Whether all pixels of it lie where the strength is full."""
        xs, ys = self._spans(part)
        far_x = max(abs(xs[0] - self._x), abs(xs[1] - self._x))
        far_y = max(abs(ys[0] - self._y), abs(ys[1] - self._y))
        return math.hypot(far_x, far_y) <= self._outer - self._soft

    def coverage(self, part: QRect) -> Coverage:
        """Returns the strength at each pixel of a part of the picture, (h, w) `uint8`."""
        step = _step(self._soft)
        rows = _nodes(part.height(), step) + (part.top() + 0.5 - self._y)
        cols = _nodes(part.width(), step) + (part.left() + 0.5 - self._x)
        share = (self._outer - np.sqrt(rows[:, None] ** 2 + cols[None] ** 2)) / self._soft
        share = np.clip(share, 0.0, 1.0)
        if self._curved:
            share = share * share * (3 - 2 * share)
        share *= 255 * self._flow
        if step > 1:
            down, across = _between(part.height(), step), _between(part.width(), step)
            share = down @ share @ across.T
        return np.round(share).astype(np.uint8)

    @staticmethod
    def _spans(part: QRect) -> tuple[tuple[float, float], tuple[float, float]]:
        """The middles of the first and last pixel, across and down."""
        xs = (part.left() + 0.5, part.right() + 0.5)
        return xs, (part.top() + 0.5, part.bottom() + 0.5)


def _step(soft: float) -> int:
    """Returns how many pixels apart an edge of this width is computed.

    Between these places the strength is interpolated: on the curve 3t² − 2t³ the error stays below
    a quarter of one of 255 steps, since h² / 8 · 6 / soft² ≤ 0.0008 for h ≤ soft / 32.
    """
    return 1 if soft < 4 * 32 else min(1 << int(math.log2(soft / 32)), TILE // 4)


def _nodes(length: int, step: int) -> NDArray[np.float32]:
    """Returns the places, `step` apart, that enclose pixels 0..length − 1."""
    return np.arange(0, length - 1 + step, step, dtype=np.float32)


@functools.lru_cache(maxsize=64)
def _between(length: int, step: int) -> NDArray[np.float32]:
    """Returns the matrix (length, nodes) that interpolates between the nodes linearly."""
    nodes = len(_nodes(length, step))
    left, share = np.divmod(np.arange(length), step)
    matrix = np.zeros((length, nodes), np.float32)
    matrix[np.arange(length), left] = 1 - share / step
    right = np.minimum(left + 1, nodes - 1)  # beyond the last node only with no share
    matrix[np.arange(length), right] += share / step
    return matrix


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
        self._laid_whole: dict[tuple[int, int], int] = {}  # tiles with one strength all over
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
        flow = self._brush.flow * (pressure if self._brush.pressure_flow else 1.0)
        dab = Dab(x, y, radius, self._brush.hardness, flow)
        around = QRectF(x - radius - 1, y - radius - 1, 2 * radius + 2, 2 * radius + 2)
        box = bounds(around, width, height)
        dirty = QRect()
        if box.isEmpty():
            return dirty
        # Tile by tile: of a large brush most tiles lie wholly inside, where nothing has to be
        # computed, and most of those were laid by the dab before.
        for row in range(box.top() // TILE, box.bottom() // TILE + 1):
            for col in range(box.left() // TILE, box.right() // TILE + 1):
                whole = QRect(col * TILE, row * TILE, TILE, TILE)
                part = whole.intersected(box)
                if dab.strength > self._laid_whole.get((col, row), 0) and self._lay(dab, part):
                    dirty = dirty.united(part)
                    if part == whole and dab.covers(part):
                        self._laid_whole[col, row] = dab.strength
        return dirty

    def _lay(self, dab: Dab, part: QRect) -> bool:
        """Lays a dab inside a part of one tile; False where it changes nothing."""
        if dab.misses(part):
            return False
        self._save(part)
        rows, cols = slices(part)
        fresh = np.uint8(dab.strength) if dab.covers(part) else dab.coverage(part)
        laid = self._laid[rows, cols]
        if not (fresh > laid).any():
            return False
        np.maximum(laid, fresh, out=laid)
        if self._within is not None:
            laid = np.minimum(laid, self._within[rows, cols])
        before, after = self._before[rows, cols], self.coverage[rows, cols]
        if self._erase:
            np.minimum(before, 255 - laid, out=after)
        else:
            np.maximum(before, laid, out=after)
        return True

    def _save(self, part: QRect) -> None:
        """Keeps what was there before the stroke, tile by tile on first touch."""
        tile = part.left() // TILE, part.top() // TILE
        if tile not in self._saved:
            self._saved.add(tile)
            rows = slice(tile[1] * TILE, (tile[1] + 1) * TILE)
            cols = slice(tile[0] * TILE, (tile[0] + 1) * TILE)
            self._before[rows, cols] = self.coverage[rows, cols]
