"""The canvas without input: what is shown, from where, and how it is painted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEasingCurve,
    QPointF,
    QRect,
    QRectF,
    QSizeF,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas import overlays
from app.canvas.draw import best_level, draw_grid
from app.canvas.frame import PaneFrame
from app.canvas.outline import SMOOTH_BELOW, MaskLevels, Outline, draw_outline, outline_of
from app.canvas.overlays import Pane
from app.canvas.provider import TileProvider
from app.canvas.shapes import Coverage
from app.canvas.view import FIT_MARGIN, View, fit, fit_zoom, next_step
from app.theme import look

ViewMode = Literal["picture", "wipe", "side", "all", "changes"]
ZOOM_MS: Final = 90
REFINE_MS: Final = 80
LEAST_SHARE: Final = 0.2  # of the fit zoom: the picture cannot be lost by zooming out


class Surface(QWidget):
    """Shows pictures through tiles; zoom and place are locked over all panes.

    Signals:
        zoom_changed(float): percent, 100 = one picture pixel per device pixel.
        view_changed(str): picture, wipe, side, all or changes.
    """

    zoom_changed = Signal(float)
    view_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._mode: ViewMode = "picture"
        self._view = View(QPointF(), 1.0, fitted=True)
        self._picture: TileProvider | None = None
        self._before: TileProvider | None = None
        self._pair: tuple[Pane, Pane] | None = None
        self._sheet: tuple[Pane, ...] = ()
        self._grey: overlays.GreyProvider | None = None
        self._heat: QImage | None = None
        self._heat_key = ""
        self._hold_before = False
        self._active = 0
        self._wipe, self._wipe_vertical = 0.5, False
        self._hover: QPointF | None = None  # picture pixel under the pointer
        self._frames: dict[tuple[str, int], PaneFrame] = {}
        self._ends: dict[int, Callable[[], None]] = {}
        self._levels: MaskLevels | None = None
        self._outline: tuple[QRect, int, bool, Outline] | None = None
        self._tint: tuple[QRect, int, QImage] | None = None
        self._show_edges, self._overlay_color = True, ""
        self._caption, self._selection_name = "", ""
        self._moving = False
        self._refine = QTimer(self)
        self._refine.setSingleShot(True)
        self._refine.setInterval(REFINE_MS)
        self._refine.timeout.connect(self._rest)
        self._zooming = QVariantAnimation(self)
        self._zooming.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._zooming.valueChanged.connect(self._zoom_on)
        self._anchor = QPointF()
        self._anchor_pane = 0
        self._target = 1.0
        look().changed.connect(self._relook)
        self._describe()

    # -- what is shown -----------------------------------------------------------------------

    @property
    def picture(self) -> TileProvider | None:
        """The picture looked at."""
        return self._picture

    def set_picture(self, provider: TileProvider | None) -> None:
        """Shows a picture. One of another size is fitted; else zoom and place stay."""
        old = None if self._picture is None else self._picture.size
        self._picture = provider
        self._grey = None if provider is None else overlays.GreyProvider(provider)
        self._subscribe()
        if provider is not None and provider.size != old:
            self.fit()
        self._describe()
        self.update()

    def set_before(self, provider: TileProvider | None) -> None:
        """Sets what the held key and the wipe show as before."""
        self._before = provider
        self._subscribe()
        self.update()

    def set_pair(self, left: Pane, right: Pane, active: int = 0) -> None:
        """Sets the two pictures of side by side."""
        self._pair, self._active = (left, right), active
        self._subscribe()
        self.update()

    def set_active_side(self, side: int) -> None:
        """Sets which side of a comparison has the gold ring."""
        self._active = side
        self.update()

    @property
    def active_side(self) -> int:
        """The side with the gold ring, 0 or 1."""
        return self._active

    def set_sheet(self, panes: Sequence[Pane], active: int = 0) -> None:
        """Sets the pictures of the contact sheet, in ranking order."""
        self._sheet, self._active = tuple(panes), active
        self._subscribe()
        self.update()

    def set_changes(self, change: NDArray[np.floating] | None, largest: str = "") -> None:
        """Sets the heat map: (h, w) at any size, 0 … 1, and the words for the largest change."""
        self._heat = None if change is None else overlays.heat_image(change)
        self._heat_key = largest
        self.update()

    def shown_providers(self) -> tuple[TileProvider, ...]:
        """Every picture that is on the canvas or one key away from it."""
        panes = [p.provider for p in (*(self._pair or ()), *self._sheet)]
        own = [p for p in (self._picture, self._before) if p is not None]
        return (*own, *panes)

    @property
    def view(self) -> ViewMode:
        """How the picture is looked at."""
        return self._mode

    def set_view(self, mode: ViewMode) -> None:
        """Looks in another way; zoom and place stay."""
        if mode != self._mode:
            self._mode = mode
            self.view_changed.emit(mode)
            self._describe()
            self.update()

    def set_hold_before(self, hold: bool) -> None:
        """Shows the picture before, for as long as the key is held."""
        if hold != self._hold_before:
            self._hold_before = hold
            self.update()

    def set_wipe(self, share: float, *, vertical: bool | None = None) -> None:
        """Puts the wipe's line, 0 … 1 of the canvas; `vertical` wipes up and down."""
        self._wipe = min(max(share, 0.0), 1.0)
        self._wipe_vertical = self._wipe_vertical if vertical is None else vertical
        self.update()

    @property
    def wipe(self) -> float:
        """Where the wipe's line is, 0 … 1."""
        return self._wipe

    def set_caption(self, caption: str) -> None:
        """Sets what the picture shows, for screen readers."""
        self._caption = caption
        self._describe()

    def set_selection_name(self, name: str) -> None:
        """Sets what is selected, for screen readers."""
        self._selection_name = name
        self._describe()

    def refresh(self, dirty: QRect) -> None:
        """Redraws picture pixels that changed."""
        for frame in self._frames.values():
            frame.invalidate(dirty)
        for index in range(len(self._panes())):
            box = self._to_widget(index).mapRect(QRectF(dirty).adjusted(-1, -1, 1, 1))
            self.update(box.adjusted(-2, -2, 2, 2).toAlignedRect())

    # -- zoom and place ----------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Percent; 100 = one picture pixel per device pixel."""
        return self._view.zoom * 100

    @property
    def fitted(self) -> bool:
        """True while the view follows the canvas's size."""
        return self._view.fitted

    def fit(self) -> None:
        """Shows the whole picture, 22 px around."""
        if self._picture is not None:
            self._zooming.stop()
            size = self._device_size(self._main_rect())
            margin = FIT_MARGIN * self._ratio
            self._set(fit(self._picture.size, size, margin))

    def zoom_to(self, percent: float, at: QPointF | None = None) -> None:
        """Zooms about a point of the canvas (its middle by default), in 90 ms."""
        pane = 0 if at is None else max(self._pane_at(at), 0)
        rect = self._panes()[pane][0] if self._panes() else QRectF(self.rect())
        self._anchor_pane = pane
        self._anchor = rect.center() if at is None else at
        self._target = min(max(percent / 100, self._least()), 64.0)
        self._zooming.stop()
        duration = look().duration(ZOOM_MS)
        if not duration or not self.isVisible():
            self._zoom_now(self._target)
            return
        self._zooming.setDuration(duration)
        self._zooming.setStartValue(math.log(self._view.zoom))
        self._zooming.setEndValue(math.log(self._target))
        self._zooming.start()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zooms by a factor; while a zoom is under way, on top of where it goes."""
        running = self._zooming.state() == QVariantAnimation.State.Running
        self.zoom_to((self._target if running else self._view.zoom) * factor * 100, at)

    def zoom_step(self, direction: int, at: QPointF | None = None) -> None:
        """Zooms to the next round figure up (+1) or down (-1)."""
        self.zoom_to(next_step(self._view.zoom, direction, self._least()) * 100, at)

    def pan_by(self, dx: float, dy: float) -> None:
        """Moves the picture by logical pixels."""
        self._set(self._view.panned(dx * self._ratio, dy * self._ratio))

    def turn_to(self, angle: float) -> None:
        """Turns the picture on the screen only; 0 is upright and a stop."""
        self._set(self._view.turned(angle))

    @property
    def angle(self) -> float:
        """How far the picture is turned on the screen, degrees clockwise."""
        return self._view.angle

    def to_picture(self, at: QPointF) -> QPointF:
        """Returns the picture position under a point of the canvas."""
        back, _ = self._to_widget(max(self._pane_at(at), 0)).inverted()
        return back.map(at)

    def from_picture(self, at: QPointF) -> QPointF:
        """Returns where a picture position is on the canvas (first pane)."""
        return self._to_widget(0).map(at)

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

    def set_show_edges(self, show: bool) -> None:
        """Shows or hides all edges (Ctrl+H)."""
        self._show_edges = show
        self.update()

    def set_overlay(self, color: str) -> None:
        """Shows the coverage as "red" or "green", or not at all ("")."""
        self._overlay_color = color
        self._tint = None
        self.update()

    # -- geometry ----------------------------------------------------------------------------

    @property
    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def _main_rect(self) -> QRectF:
        return QRectF(self.rect())

    def _panes(self) -> list[tuple[QRectF, TileProvider, Pane | None]]:
        """Returns place and picture of each pane of the present view."""
        if self._mode == "side" and self._pair is not None:
            return self._grid(self._pair, 2, 1)
        if self._mode == "all" and self._sheet:
            cols = 1 if len(self._sheet) == 1 else 2 if len(self._sheet) <= 4 else 3
            return self._grid(self._sheet[:9], cols, -(-min(len(self._sheet), 9) // cols))
        shown = self._picture
        if self._hold_before and self._before is not None:
            shown = self._before
        elif self._mode == "changes" and self._grey is not None:
            shown = self._grey
        return [] if shown is None else [(self._main_rect(), shown, None)]

    def _grid(
        self, panes: Sequence[Pane], cols: int, rows: int
    ) -> list[tuple[QRectF, TileProvider, Pane | None]]:
        gap, strip = 12.0, float(look().px(overlays.STRIP))
        width = (self.width() - gap * (cols + 1)) / cols
        height = (self.height() - gap * (rows + 1)) / rows - strip
        out: list[tuple[QRectF, TileProvider, Pane | None]] = []
        for number, pane in enumerate(panes):
            x = gap + (number % cols) * (width + gap)
            y = gap + (number // cols) * (height + strip + gap)
            shown = pane.provider
            if self._hold_before and self._before is not None:
                shown = self._before
            rect = QRectF(round(x), round(y), round(width), round(max(height, 16)))
            out.append((rect, shown, pane))
        return out

    def _device_size(self, rect: QRectF) -> QSizeF:
        return QSizeF(round(rect.width() * self._ratio), round(rect.height() * self._ratio))

    def _pane_view(self, rect: QRectF) -> View:
        """Returns the view of a pane: the same for all, smaller on the contact sheet."""
        if self._mode != "all" or self._picture is None or len(self._sheet) == 1:
            return self._view
        margin = FIT_MARGIN * self._ratio
        whole = fit_zoom(self._picture.size, self._device_size(self._main_rect()), margin)
        here = fit_zoom(self._picture.size, self._device_size(rect), 0)
        view = self._view
        return View(view.center, view.zoom * here / whole, view.angle, view.fitted)

    def _to_device(self, index: int) -> QTransform:
        rect = self._panes()[index][0]
        return self._pane_view(rect).to_pane(self._device_size(rect))

    def _to_widget(self, index: int) -> QTransform:
        panes = self._panes()
        if index >= len(panes):
            return QTransform()
        rect, ratio = panes[index][0], self._ratio
        to_pane = self._pane_view(rect).to_pane(self._device_size(rect))
        scale = QTransform.fromScale(1 / ratio, 1 / ratio)
        return to_pane * scale * QTransform.fromTranslate(rect.x(), rect.y())

    def _pane_at(self, at: QPointF) -> int:
        for number, (rect, _, pane) in enumerate(self._panes()):
            strip = look().px(overlays.STRIP) if pane is not None else 0
            if rect.adjusted(0, 0, 0, strip).contains(at):
                return number
        return -1

    def _least(self) -> float:
        if self._picture is None:
            return 0.01
        size = self._device_size(self._main_rect())
        whole = fit_zoom(self._picture.size, size, FIT_MARGIN * self._ratio)
        return min(whole * LEAST_SHARE, 1.0)

    # -- inner -------------------------------------------------------------------------------

    def _set(self, view: View) -> None:
        zoomed = view.zoom != self._view.zoom
        self._view = self._kept_in_reach(view)
        if zoomed:
            self.zoom_changed.emit(self.zoom)
        self.update()

    def _kept_in_reach(self, view: View) -> View:
        """Keeps the middle of the canvas over the picture, so that it cannot be lost."""
        if self._picture is None:
            return view
        width, height = self._picture.size
        x = min(max(view.center.x(), 0.0), float(width))
        y = min(max(view.center.y(), 0.0), float(height))
        return View(QPointF(x, y), view.zoom, view.angle, view.fitted)

    def _zoom_now(self, zoom: float) -> None:
        panes = self._panes()
        if not panes:
            return
        rect = panes[min(self._anchor_pane, len(panes) - 1)][0]
        at = (self._anchor - rect.topLeft()) * self._ratio
        view = self._pane_view(rect)
        # On the contact sheet the panes' own zoom is a fixed share of the canvas's.
        share = view.zoom / self._view.zoom
        moved = view.zoomed(zoom * share, at, self._device_size(rect), self._least() * share)
        self._set(View(moved.center, moved.zoom / share, moved.angle))

    def _zoom_on(self, value: Any) -> None:
        self._moving = True
        self._zoom_now(math.exp(float(value)))
        self._refine.start()

    def _rest(self) -> None:
        self._moving = False
        self.update()

    def _subscribe(self) -> None:
        """Listens to every picture that may be shown, and to no other."""
        wanted: dict[int, TileProvider] = {}
        panes = (*(self._pair or ()), *self._sheet)
        for provider in (self._picture, self._before, *(p.provider for p in panes)):
            if provider is not None:
                wanted[id(provider)] = provider
        for number in [n for n in self._ends if n not in wanted]:
            self._ends.pop(number)()
        for number, provider in wanted.items():
            if number not in self._ends:
                self._ends[number] = provider.on_ready(self.refresh)

    def _edges_changed(self) -> None:
        self._outline = self._tint = None
        self.update()

    def _relook(self) -> None:
        for frame in self._frames.values():
            frame.invalidate()
        self.update()

    def _describe(self) -> None:
        if self._picture is None:
            self.setAccessibleName(self.tr("No picture is open"))
            return
        width, height = self._picture.size
        parts = [self.tr("Picture, {0} by {1}").format(width, height)]
        if self._caption:
            parts.append(self.tr("caption {0}").format(self._caption))
        if self._selection_name:
            parts.append(self.tr("selection {0}").format(self._selection_name))
        self.setAccessibleName(", ".join(parts))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Only a fitted view follows the size; any other keeps zoom and middle."""
        super().resizeEvent(event)
        if self._view.fitted:
            self.fit()

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints panes, edges and what the present view adds."""
        painter = QPainter(self)
        panes = self._panes()
        if len(panes) != 1 or panes[0][2] is not None:
            painter.fillRect(event.rect(), look().surround)
        if not panes:
            painter.fillRect(event.rect(), look().surround)
        for index, (rect, provider, pane) in enumerate(panes):
            painter.save()
            painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
            self._paint_pane(painter, index, rect, provider)
            painter.restore()
            if pane is not None:
                strip = QRectF(rect.left(), rect.bottom(), rect.width(), look().px(overlays.STRIP))
                active = index == self._active
                overlays.draw_strip(painter, strip, pane, active=active)
                overlays.draw_ring(painter, rect.united(strip), active=active)
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
            seen = overlays.seen_pixels(to_widget, rect, provider.size, 0)
            draw_grid(painter, to_widget, QRectF(seen), self._ratio)
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
        now = overlays.seen_pixels(to_widget, rect, size, 0)
        near = overlays.seen_pixels(to_widget, rect, size, 0.3)
        if self._overlay_color:
            self._paint_tint(painter, to_widget, now, near, level)
        if not self._show_edges:
            return
        smooth = zoom * (1 << level) < SMOOTH_BELOW
        kept = self._outline
        if kept is None or kept[1:3] != (level, smooth) or not kept[0].contains(now):
            outline = outline_of(self._levels, near, level, zoom)
            kept = None if outline is None else (near, level, smooth, outline)
            self._outline = kept
        if kept is not None:
            draw_outline(painter, kept[3], to_widget)

    def _paint_tint(
        self, painter: QPainter, to_widget: QTransform, now: QRect, near: QRect, level: int
    ) -> None:
        assert self._levels is not None
        kept = self._tint
        if kept is None or kept[1] != level or not kept[0].contains(now):
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
            kept = self._tint = (place, level, image)
        overlays.draw_over(painter, kept[2], QRectF(kept[0]), to_widget, smooth=False)

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
