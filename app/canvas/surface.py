"""The canvas without input: how pictures, selection and comparisons are painted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QWidget

from app.canvas import overlays
from app.canvas.draw import best_level, draw_grid
from app.canvas.frame import PaneFrame
from app.canvas.outline import SMOOTH_BELOW, MaskLevels, Outline, draw_outline, outline_of
from app.canvas.provider import TileProvider
from app.canvas.viewport import Viewport
from app.theme.theme import look
from editor.model.selection import Coverage


class Surface(Viewport):
    """Paints what the viewport shows, through tiles: panes, selection, wipe, changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heat: QImage | None = None
        self._heat_key = ""
        self._hover: QPointF | None = None  # picture pixel under the pointer
        self._frames: dict[tuple[str, int], PaneFrame] = {}
        self._levels: MaskLevels | None = None
        self._outline: tuple[QRect, int, bool, Outline] | None = None
        self._tint: tuple[QRect, int, QImage] | None = None
        self._show_edges, self._overlay_color = True, ""
        look().changed.connect(self._relook)

    # -- what is shown -----------------------------------------------------------------------

    def set_changes(self, change: NDArray[np.floating] | None, largest: str = "") -> None:
        """Sets the heat map: (h, w) at any size, 0 … 1, and the words for the largest change."""
        self._heat = None if change is None else overlays.heat_image(change)
        self._heat_key = largest
        self.update()

    def refresh(self, dirty: QRect) -> None:
        """Redraws picture pixels that changed."""
        for frame in self._frames.values():
            frame.invalidate(dirty)
        super().refresh(dirty)

    # -- selection ---------------------------------------------------------------------------

    @property
    def selection(self) -> Coverage | None:
        """The selection, (H, W) `uint8`, or `None`."""
        return None if self._levels is None else self._levels.coverage

    def set_selection(self, coverage: Coverage | None, dirty: QRect | None = None) -> None:
        """Shows a selection; `dirty` is where it differs from the one before."""
        if coverage is None:
            self._levels = None
        elif self._levels is None or dirty is None:
            self._levels = MaskLevels(coverage, self)
            self._levels.ready.connect(self._edges_changed)
        else:
            self._levels.update(coverage, dirty)
        self._edges_changed()

    @property
    def shows_edges(self) -> bool:
        """Whether edges are drawn."""
        return self._show_edges

    def set_show_edges(self, show: bool) -> None:
        """Shows or hides all edges (Ctrl+H)."""
        self._show_edges = show
        self.update()

    @property
    def shows_overlay(self) -> bool:
        """Whether the coverage is drawn as a coloured overlay."""
        return bool(self._overlay_color)

    def set_overlay(self, color: str) -> None:
        """Shows the coverage as "red" or "green", or not at all ("")."""
        self._overlay_color = color
        self._tint = None
        self.update()

    # -- inner -------------------------------------------------------------------------------

    def _edges_changed(self) -> None:
        self._outline = self._tint = None
        self.update()

    def _relook(self) -> None:
        for frame in self._frames.values():
            frame.invalidate()
        self.update()

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints panes, edges and what the present view adds."""
        painter = QPainter(self)
        panes = self._panes()
        if len(panes) != 1 or panes[0][2] is not None:
            painter.fillRect(event.rect(), look().tokens.surround)
        if not panes:
            painter.fillRect(event.rect(), look().tokens.surround)
        for index, (rect, provider, pane) in enumerate(panes):
            painter.save()
            painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
            self._paint_pane(painter, index, rect, provider)
            painter.restore()
            if pane is not None:
                strip = QRectF(rect.left(), rect.bottom(), rect.width(), look().px(overlays.STRIP))
                active = index == self._active
                overlays.draw_strip(painter, strip, pane, active=active)
                paired = self._mode == "side"
                overlays.draw_ring(painter, rect.united(strip), active=active, paired=paired)
        if panes and self._mode == "wipe" and self._before is not None and not self._hold_before:
            self._paint_wipe(painter, panes[0][0])
        if panes and self._mode == "changes" and self._heat is not None:
            self._paint_heat_key(painter)
        self._paint_tool(painter)

    def _frame(self, name: str, index: int) -> PaneFrame:
        frame = self._frames.get((name, index))
        if frame is None:
            frame = self._frames[name, index] = PaneFrame()
        return frame

    def _blit(
        self, painter: QPainter, name: str, index: int, rect: QRectF, provider: TileProvider
    ) -> None:
        size = self._device_size(rect)
        frame = self._frame(name, index)
        frame.update(
            provider,
            (round(size.width()), round(size.height())),
            self._pane_view(rect).to_pane(size),
            moving=self._moving,
        )
        painter.save()
        ratio = self._ratio
        painter.scale(1 / ratio, 1 / ratio)
        frame.paint(painter, round(rect.x() * ratio), round(rect.y() * ratio))
        painter.restore()

    def _paint_pane(
        self, painter: QPainter, index: int, rect: QRectF, provider: TileProvider
    ) -> None:
        self._blit(painter, self._mode, index, rect, provider)
        to_widget = self._to_widget(index)
        if self._view.zoom >= 8 and self._mode != "all":
            visible = overlays.visible_pixels(to_widget, rect, provider.size, 0)
            draw_grid(painter, to_widget, QRectF(visible), self._ratio)
        if self._mode == "changes" and self._heat is not None and not self._hold_before:
            place = QRectF(0, 0, *provider.size)
            overlays.draw_over(painter, self._heat, place, to_widget, smooth=self._view.zoom < 4)
        if self._levels is not None and self._mode != "all":
            self._paint_selection(painter, rect, to_widget, provider.size)
        if self._hover is not None and self._mode == "side":
            overlays.draw_crosshair(painter, to_widget.map(self._hover))

    def _paint_wipe(self, painter: QPainter, rect: QRectF) -> None:
        """Before lies at the left or above, the result at the right or below."""
        assert self._before is not None
        part = QRectF(rect)
        if self._wipe_vertical:
            part.setHeight(round(rect.height() * self._wipe))
        else:
            part.setWidth(round(rect.width() * self._wipe))
        painter.save()
        painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        self._blit(painter, "before", 0, rect, self._before)
        painter.restore()
        overlays.draw_wipe(painter, rect, self._wipe, vertical=self._wipe_vertical)

    def _paint_selection(
        self, painter: QPainter, rect: QRectF, to_widget: QTransform, size: tuple[int, int]
    ) -> None:
        assert self._levels is not None
        zoom = self._view.zoom
        level = best_level(zoom, 32)
        now = overlays.visible_pixels(to_widget, rect, size, 0)
        near = overlays.visible_pixels(to_widget, rect, size, 0.3)
        if self._overlay_color:
            self._paint_tint(painter, to_widget, now, near, level)
        if not self._show_edges:
            return
        smooth = zoom * (1 << level) < SMOOTH_BELOW
        cached = self._outline
        if cached is None or cached[1:3] != (level, smooth) or not cached[0].contains(now):
            outline = outline_of(self._levels, near, level, zoom)
            cached = None if outline is None else (near, level, smooth, outline)
            self._outline = cached
        if cached is not None:
            draw_outline(painter, cached[3], to_widget)

    def _paint_tint(
        self, painter: QPainter, to_widget: QTransform, now: QRect, near: QRect, level: int
    ) -> None:
        assert self._levels is not None
        cached = self._tint
        if cached is None or cached[1] != level or not cached[0].contains(now):
            both = self._levels.get(level)
            if both is None:
                return
            step = 1 << level
            x0, y0 = near.left() // step, near.top() // step
            x1, y1 = near.right() // step + 1, near.bottom() // step + 1
            # Two tints, because a red picture needs the green one; the choice is the artist's.
            color = QColor("#FF3B30") if self._overlay_color == "red" else QColor("#22C55E")
            image = overlays.coverage_image(np.ascontiguousarray(both[0][y0:y1, x0:x1]), color)
            place = QRect(x0 * step, y0 * step, image.width() * step, image.height() * step)
            cached = self._tint = (place, level, image)
        overlays.draw_over(painter, cached[2], QRectF(cached[0]), to_widget, smooth=False)

    def _paint_heat_key(self, painter: QPainter) -> None:
        width, height = look().px(300), look().px(30)
        picture = self._to_widget(0).mapRect(QRectF(0, 0, *self._panes()[0][1].size))
        # Only in the surround: nothing lies on top of the picture.
        top = self.height() - height - 8
        if picture.bottom() < top - 2:
            box = QRectF((self.width() - width) / 2, top, width, height)
            overlays.draw_heat_key(painter, box, self._heat_key)

    def _paint_tool(self, painter: QPainter) -> None:
        """Paints what the tool in hand shows; see `Canvas`."""
