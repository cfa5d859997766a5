"""The canvas as a place: which pictures are shown in which pane, at which zoom."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

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
from PySide6.QtGui import QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas import overlays
from app.canvas.overlays import Pane
from app.canvas.panes import PlacedPane, in_grid, side_by_side, strip_height
from app.canvas.provider import TileProvider
from app.canvas.view import FIT_MARGIN, PANE_MARGIN, View, fit, fit_zoom, next_step
from app.theme.theme import look

ViewMode = Literal["picture", "wipe", "side", "all", "changes"]
ZOOM_MS: Final = 90
REFINE_MS: Final = 80
LEAST_SHARE: Final = 0.2  # of the fit zoom: the picture cannot be lost by zooming out


class Viewport(QWidget):
    """Pictures, panes, zoom and place; zoom and place are locked over all panes.

    Signals:
        zoom_changed(float): percent, 100 = one picture pixel per device pixel.
        angle_changed(float): how far the picture is turned on the screen, degrees clockwise.
        view_changed(str): picture, wipe, side, all or changes.
    """

    zoom_changed = Signal(float)
    angle_changed = Signal(float)
    view_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._mode: ViewMode = "picture"
        self._view = self._alone = View(QPointF(), 1.0, fitted=True)
        self._picture: TileProvider | None = None
        self._before: TileProvider | None = None
        self._pair: tuple[Pane, Pane] | None = None
        self._sheet: tuple[Pane, ...] = ()
        self._grey: TileProvider | None = None
        self._hold_before = False
        self._active = 0
        self._wipe, self._wipe_vertical = 0.5, False
        self._ends: dict[int, Callable[[], None]] = {}
        self._caption = ""
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
        self._grey = None if provider is None else overlays.grey_tiles(provider)
        self._subscribe()
        if provider is not None and provider.size != old:
            self.fit()
        self._describe()
        self.update()

    @property
    def before(self) -> TileProvider | None:
        """What the held key and the wipe show as before."""
        return self._before

    def set_before(self, provider: TileProvider | None) -> None:
        """Sets what the held key and the wipe show as before."""
        self._before = provider
        self._subscribe()
        self.update()

    def set_pair(self, left: Pane, right: Pane, active: int = 0) -> None:
        """Sets the two pictures of side by side."""
        self._pair, self._active = (left, right), active
        self._subscribe()
        self._fit_again()

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
        self._fit_again()

    def shown_providers(self) -> tuple[TileProvider, ...]:
        """Every picture that is on the canvas or one key away from it."""
        panes = [p.provider for p in (*(self._pair or ()), *self._sheet)]
        return (*(p for p in (self._picture, self._before) if p is not None), *panes)

    @property
    def view(self) -> ViewMode:
        """How the picture is looked at."""
        return self._mode

    def set_view(self, mode: ViewMode) -> None:
        """Looks in another way; zoom and place stay. A comparison fits its pictures first."""
        if mode != self._mode:
            several = self._shows_several
            self._mode = mode
            # A picture that does not fill its new place was not zoomed, at most panned.
            small = self._view.fitted or self._view.zoom < self._least() / LEAST_SHARE
            if self._shows_several and not several:
                self._alone = self._view
                self.fit()
            elif several and not self._shows_several and small:
                self._set(self._alone)
            self._fit_again()
            self.view_changed.emit(mode)
            self._describe()
            self.update()

    @property
    def holds_before(self) -> bool:
        """Whether the key is held that shows the picture before."""
        return self._hold_before

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

    @property
    def wipe_vertical(self) -> bool:
        """Whether the wipe goes up and down."""
        return self._wipe_vertical

    def set_caption(self, caption: str) -> None:
        """Sets what the picture shows, for screen readers."""
        self._caption = caption
        self._describe()

    def refresh(self, dirty: QRect) -> None:
        """Redraws picture pixels that changed."""
        for index in range(len(self.panes())):
            box = self.to_widget(index).mapRect(QRectF(dirty).adjusted(-1, -1, 1, 1))
            self.update(box.adjusted(-2, -2, 2, 2).toAlignedRect())

    # -- zoom and place ----------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Percent; 100 = one picture pixel per device pixel."""
        return self._view.zoom * 100

    @property
    def scale(self) -> float:
        """Device pixels per picture pixel."""
        return self._view.zoom

    @property
    def is_moving(self) -> bool:
        """True while a zoom is under way: speed counts then, not sharpness."""
        return self._moving

    @property
    def fitted(self) -> bool:
        """True while the view follows the canvas's size."""
        return self._view.fitted

    def fit(self) -> None:
        """Shows the whole picture, 22 px around, turned as it is; in a comparison closer."""
        if self._picture is not None:
            self._zooming.stop()
            size = self.device_size(self._main_rect())
            self._set(fit(self._picture.size, size, self._margin(), self._view.angle))

    def _fit_again(self) -> None:
        """The places of the pictures are others now."""
        if self._view.fitted:
            self.fit()
        self.update()

    @property
    def _shows_several(self) -> bool:
        return self._mode in ("side", "all")

    def _margin(self) -> float:
        """Around a fitted picture, in device pixels."""
        margins = {"side": PANE_MARGIN, "all": 0.0}
        return margins.get(self._mode, FIT_MARGIN) * self.ratio

    def zoom_to(self, percent: float, at: QPointF | None = None) -> None:
        """Zooms about a point of the canvas (its middle by default), in 90 ms."""
        pane = 0 if at is None else max(self.pane_at(at), 0)
        rect = self.panes()[pane][0] if self.panes() else QRectF(self.rect())
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
        self._set(self._view.panned(dx * self.ratio, dy * self.ratio))

    def turn_to(self, angle: float) -> None:
        """Turns the picture on the screen only, 0 is upright; a fitted picture stays fitted."""
        self._set(self._view.turned(angle))
        self._fit_again()

    @property
    def angle(self) -> float:
        """How far the picture is turned on the screen, degrees clockwise."""
        return self._view.angle

    def to_picture(self, at: QPointF) -> QPointF:
        """Returns the picture position under a point of the canvas."""
        back, _ = self.to_widget(max(self.pane_at(at), 0)).inverted()
        return back.map(at)

    def from_picture(self, at: QPointF) -> QPointF:
        """Returns where a picture position is on the canvas (first pane)."""
        return self.to_widget(0).map(at)

    # -- geometry ----------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self.devicePixelRatioF()

    def _main_rect(self) -> QRectF:
        """Where the picture lies, the first one of several."""
        panes = self.panes()
        return panes[0][0] if panes else QRectF(self.rect())

    def panes(self) -> list[PlacedPane]:
        """Returns place and picture of each pane of the present view."""
        held = self._before if self._hold_before else None
        if self._mode == "side" and self._pair is not None:
            return side_by_side(self._pair, self.width(), self.height(), held)
        if self._mode == "all" and self._sheet:
            return in_grid(self._sheet, self.width(), self.height(), held)
        shown = self._picture
        if held is not None:
            shown = held
        elif self._mode == "changes" and self._grey is not None:
            shown = self._grey
        place = QRectF(self.rect())
        if self._mode == "changes":  # its key lies under it
            place.setHeight(max(place.height() - strip_height(self._mode), 16.0))
        return [] if shown is None else [(place, shown, None)]

    def device_size(self, rect: QRectF) -> QSizeF:
        """Size of a part of the canvas in device pixels."""
        return QSizeF(round(rect.width() * self.ratio), round(rect.height() * self.ratio))

    def pane_view(self, rect: QRectF, provider: TileProvider) -> View:
        """Returns the view of a pane: of the same part in all, but of a picture of other shape."""
        own = provider.size if self._picture is None else self._picture.size
        return self._view.in_pane(own, provider.size, self.device_size(rect))

    def to_widget(self, index: int) -> QTransform:
        """From picture pixels to the canvas, in a pane."""
        panes = self.panes()
        if index >= len(panes):
            return QTransform()
        (rect, provider, _), ratio = panes[index], self.ratio
        to_pane = self.pane_view(rect, provider).to_pane(self.device_size(rect))
        scale = QTransform.fromScale(1 / ratio, 1 / ratio)
        return to_pane * scale * QTransform.fromTranslate(rect.x(), rect.y())

    def pane_at(self, at: QPointF) -> int:
        """Index of the pane at a point of the canvas, -1 between panes."""
        for number, (rect, _, pane) in enumerate(self.panes()):
            strip = strip_height(self._mode) if pane is not None else 0
            if rect.adjusted(0, 0, 0, strip).contains(at):
                return number
        return -1

    def _least(self) -> float:
        if self._picture is None:
            return 0.01
        size = self.device_size(self._main_rect())
        whole = fit_zoom(self._picture.size, size, self._margin(), self._view.angle)
        return min(whole * LEAST_SHARE, 1.0)

    # -- inner -------------------------------------------------------------------------------

    def _set(self, view: View) -> None:
        old = self._view
        self._view = view if self._picture is None else view.over(self._picture.size)
        if (view.zoom, view.fitted) != (old.zoom, old.fitted):
            self.zoom_changed.emit(self.zoom)
        if view.angle != old.angle:
            self.angle_changed.emit(self._view.angle)
        self.update()

    def _zoom_now(self, zoom: float) -> None:
        panes = self.panes()
        if not panes:
            return
        rect = panes[min(self._anchor_pane, len(panes) - 1)][0]
        at = (self._anchor - rect.topLeft()) * self.ratio
        self._set(self._view.zoomed(zoom, at, self.device_size(rect), self._least()))

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

    def _describe(self) -> None:
        size = None if self._picture is None else self._picture.size
        self.setAccessibleName(overlays.picture_name(size, self._caption))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Only a fitted view follows the size; any other keeps zoom and middle."""
        super().resizeEvent(event)
        self._fit_again()
