"""The selection as it is drawn on the canvas."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QRect, QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QTransform

from app.canvas import overlays
from app.canvas.draw import best_level
from app.canvas.outline import SMOOTH_BELOW, MaskLevels, Outline, draw_outline, outline_of
from editor.model.selection import Coverage


class SelectionOverlay(QObject):
    """The edges of a selection, and the mask: a colour over what is not selected.

    Signals:
        changed(): it looks different now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._levels = MaskLevels(parent=self)
        self._levels.ready.connect(self._on_edges_changed)
        self._outline: tuple[QRect, int, bool, Outline] | None = None
        self._tint: tuple[QRect, int, QImage] | None = None
        self._show_edges, self._show_mask = True, False

    @property
    def selection(self) -> Coverage | None:
        """The selection, (H, W) `uint8`, or `None`."""
        return self._levels.coverage

    def set_selection(self, coverage: Coverage | None, dirty: QRect | None = None) -> None:
        """Shows a selection; `dirty` is where it differs from the one before."""
        if coverage is None or self.selection is None or dirty is None:
            self._levels.replace(coverage)
        else:
            self._levels.update(coverage, dirty)
        self._on_edges_changed()

    @property
    def shows_edges(self) -> bool:
        """Whether edges are drawn."""
        return self._show_edges

    def set_show_edges(self, show: bool) -> None:
        """Shows or hides all edges (Ctrl+H)."""
        self._show_edges = show
        self.changed.emit()

    @property
    def shows_overlay(self) -> bool:
        """Whether the mask is drawn."""
        return self._show_mask

    def set_overlay(self, show: bool) -> None:
        """Shows the mask (Q): red over what is not selected, at half strength."""
        self._show_mask = show
        self._tint = None
        self.changed.emit()

    # -- painting ----------------------------------------------------------------------------

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        to_widget: QTransform,
        size: tuple[int, int],
        scale: float,
    ) -> None:
        """Paints the selection over one pane.

        Args:
            painter: of the canvas.
            rect: the pane, logical pixels.
            to_widget: from picture pixels to the canvas.
            size: (width, height) of the picture.
            scale: device pixels per picture pixel.
        """
        if self.selection is None:
            return
        level = best_level(scale, 32)
        now = overlays.visible_pixels(to_widget, rect, size, 0)
        near = overlays.visible_pixels(to_widget, rect, size, 0.3)
        if self._show_mask:
            self._paint_tint(painter, to_widget, now, near, level)
        if not self._show_edges:
            return
        smooth = scale * (1 << level) < SMOOTH_BELOW
        cached = self._outline
        if cached is None or cached[1:3] != (level, smooth) or not cached[0].contains(now):
            outline = outline_of(self._levels, near, level, scale)
            cached = None if outline is None else (near, level, smooth, outline)
            self._outline = cached
        if cached is not None:
            draw_outline(painter, cached[3], to_widget)

    def _paint_tint(
        self,
        painter: QPainter,
        to_widget: QTransform,
        now: QRect,
        near: QRect,
        level: int,
    ) -> None:
        cached = self._tint
        if cached is None or cached[1] != level or not cached[0].contains(now):
            both = self._levels.get(level)
            if both is None:
                return
            step = 1 << level
            x0, y0 = near.left() // step, near.top() // step
            x1, y1 = near.right() // step + 1, near.bottom() // step + 1
            outside = np.ascontiguousarray(255 - both[0][y0:y1, x0:x1])
            image = overlays.coverage_image(outside, overlays.MASK)
            place = QRect(x0 * step, y0 * step, image.width() * step, image.height() * step)
            cached = self._tint = (place, level, image)
        overlays.draw_over(painter, cached[2], QRectF(cached[0]), to_widget, smooth=False)

    def _on_edges_changed(self) -> None:
        self._outline = self._tint = None
        self.changed.emit()
