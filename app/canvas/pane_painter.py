"""How pictures, selection and comparisons are painted on the canvas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.canvas import grid_tile, overlays
from app.canvas.draw import draw_grid
from app.canvas.frame import PaneFrame
from app.canvas.panes import strip_height
from app.canvas.provider import TileProvider
from app.canvas.selection_overlay import SelectionOverlay
from app.canvas.viewport import Viewport
from app.theme.theme import look


class PanePainter(QObject):
    """Paints what a viewport shows, through tiles: panes, selection, wipe, changes.

    Attributes:
        hover: where the pointer is, as shares of the picture's width and height; None outside.
        frames: what was drawn last, by view and pane.
    """

    def __init__(self, viewport: Viewport, selection: SelectionOverlay) -> None:
        super().__init__(viewport)
        self._viewport, self._selection = viewport, selection
        self.hover: QPointF | None = None
        self.frames: dict[tuple[str, int], PaneFrame] = {}
        self._heat: QImage | None = None
        self._heat_key = ("", "")
        self._attention: tuple[QImage, QRectF] | None = None
        look().changed.connect(self._on_look_changed)

    # -- what is shown -----------------------------------------------------------------------

    def set_changes(
        self, change: NDArray[np.floating] | None, largest: str = "", share: str = ""
    ) -> None:
        """Sets the heat map and what its key says.

        Args:
            change: (h, w) at any size, 0 … 1 of the largest change; None takes it away.
            largest: how much changed where it is most, and where that is.
            share: how much of the picture changed.
        """
        self._heat = None if change is None else overlays.heat_image(change)
        self._heat_key = largest, share
        self._viewport.update()

    def set_attention(
        self,
        heat: NDArray[np.floating] | None,
        place: tuple[float, float, float, float] | None = None,
    ) -> None:
        """Sets where a word acts: (h, w), 0 … 1, over left, top, width, height of the picture."""
        self._attention = None
        if heat is not None and place is not None:
            shown = overlays.heat_image(heat, opaque=0.75, rise=1.0)
            self._attention = shown, QRectF(*place)
        self._viewport.update()

    def invalidate(self, dirty: QRect) -> None:
        """Redraws these picture pixels the next time."""
        for frame in self.frames.values():
            frame.invalidate(dirty)

    def _on_look_changed(self) -> None:
        for frame in self.frames.values():
            frame.invalidate()
        self._viewport.update()

    # -- painting ----------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paints panes, selection and what the present view adds; `area` is what is needed."""
        view = self._viewport
        panes = view.panes()
        if len(panes) != 1 or panes[0][2] is not None:
            painter.fillRect(area, look().tokens.surround)
        if not panes:
            painter.fillRect(area, look().tokens.surround)
        for index, (rect, provider, pane) in enumerate(panes):
            active = index == view.active_side
            if pane is not None and view.view == "all":
                grid_tile.draw_tile(painter, rect, strip_height(view.view), pane, active=active)
            painter.save()
            painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
            self._paint_pane(painter, index, rect, provider)
            painter.restore()
            if pane is not None and view.view == "all":
                grid_tile.draw_tile_marks(painter, rect, pane, active=active)
            elif pane is not None:
                strip = QRectF(rect.left(), rect.bottom(), rect.width(), strip_height(view.view))
                overlays.draw_strip(painter, strip, pane, active=active)
                overlays.draw_ring(painter, rect.united(strip), active=active)
        if panes and view.view == "wipe" and view.before is not None and not view.holds_before:
            self._paint_wipe(painter, panes[0][0], view.before)
        if panes and view.view == "changes":
            self._paint_heat_key(painter, panes[0][0])
        elif panes and view.view == "picture" and self._attention is not None:
            self._paint_attention_key(painter)

    def _frame(self, name: str, index: int) -> PaneFrame:
        frame = self.frames.get((name, index))
        if frame is None:
            frame = self.frames[name, index] = PaneFrame()
        return frame

    def _blit(
        self, painter: QPainter, name: str, index: int, rect: QRectF, provider: TileProvider
    ) -> None:
        size = self._viewport.device_size(rect)
        frame = self._frame(name, index)
        frame.update(
            provider,
            (round(size.width()), round(size.height())),
            self._viewport.pane_view(rect, provider).to_pane(size),
            moving=self._viewport.is_moving,
        )
        painter.save()
        ratio = self._viewport.ratio
        painter.scale(1 / ratio, 1 / ratio)
        frame.paint(painter, round(rect.x() * ratio), round(rect.y() * ratio))
        painter.restore()

    def _paint_pane(
        self, painter: QPainter, index: int, rect: QRectF, provider: TileProvider
    ) -> None:
        view = self._viewport
        self._blit(painter, view.view, index, rect, provider)
        to_widget = view.to_widget(index)
        if view.scale >= 8 and view.view != "all":
            visible = overlays.visible_pixels(to_widget, rect, provider.size, 0)
            draw_grid(painter, to_widget, QRectF(visible), view.ratio)
        if view.view == "changes" and self._heat is not None and not view.holds_before:
            place = QRectF(0, 0, *provider.size)
            overlays.draw_over(painter, self._heat, place, to_widget, smooth=view.scale < 4)
        if view.view == "picture" and self._attention is not None and not view.holds_before:
            heat, place = self._attention
            painter.setClipRect(
                to_widget.mapRect(QRectF(0, 0, *provider.size)), Qt.ClipOperation.IntersectClip
            )
            overlays.draw_over(painter, heat, place, to_widget, smooth=True)
        if view.view != "all":
            self._selection.paint(painter, rect, to_widget, provider.size, view.scale)
        if self.hover is not None and view.view == "side":
            width, height = provider.size
            at = QPointF(self.hover.x() * width, self.hover.y() * height)
            overlays.draw_crosshair(painter, to_widget.map(at))

    def _paint_wipe(self, painter: QPainter, rect: QRectF, before: TileProvider) -> None:
        """Before lies at the left or above, the result at the right or below."""
        view = self._viewport
        part = QRectF(rect)
        if view.wipe_vertical:
            part.setHeight(round(rect.height() * view.wipe))
        else:
            part.setWidth(round(rect.width() * view.wipe))
        painter.save()
        painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        self._blit(painter, "before", 0, rect, before)
        painter.restore()
        overlays.draw_wipe(painter, rect, view.wipe, vertical=view.wipe_vertical)

    def _paint_heat_key(self, painter: QPainter, picture: QRectF) -> None:
        """Under the picture: nothing lies on top of it."""
        strip = QRectF(picture.left(), picture.bottom(), picture.width(), 0)
        strip.setBottom(self._viewport.height())
        painter.fillRect(strip, look().tokens.panel)
        if self._heat is not None:
            overlays.draw_heat_key(painter, strip.adjusted(14, 0, -14, 0), *self._heat_key)

    def _paint_attention_key(self, painter: QPainter) -> None:
        """Below or beside the picture, where there is room: nothing lies on top of it."""
        view, px = self._viewport, look().px
        width, height = px(166), px(30)
        picture = view.to_widget(0).mapRect(QRectF(0, 0, *view.panes()[0][1].size))
        if view.width() - picture.right() > width + 2 * 14:
            box = QRectF(picture.right() + 14, max(picture.top(), 14), width, height)
        elif view.height() - picture.bottom() > height + 2 * 6:
            box = QRectF((view.width() - width) / 2, picture.bottom() + 6, width, height)
        else:
            return
        overlays.draw_attention_key(painter, box)
