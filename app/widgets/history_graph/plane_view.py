"""A plane of cards that is zoomed and panned as the canvas is."""

from __future__ import annotations

import math
from typing import Any, Final

from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.theme.theme import look
from app.widgets.history_graph.idea_paint import label_height
from app.widgets.history_graph.idea_plane import Plane

WHEEL_FACTOR: Final = 1.25


class PlaneView(QListView):
    """Zoom and pan for a map of cards.

    It is a list view only for its model, focus and accessibility: places and drawing are its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plane = Plane()
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAutoScroll(False)  # a click must not move the map under the pointer
        look().changed.connect(self._place_again)

    @property
    def middle_id(self) -> str:
        """The card around which a plane is shown that does not fit."""
        return ""

    def fit(self) -> None:
        """The whole plane, or where that is unreadable, the part around `middle_id`."""
        self._measure()
        self.plane.fit(self.middle_id)
        self.viewport().update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zooms, the point under `at` (else the middle) staying where it is."""
        self.zoom_to(self.plane.zoom * factor, at)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """1.0 = cards of 152 × 86."""
        self.plane.zoom_to(zoom, at)
        self.viewport().update()

    def pan_by(self, dx: float, dy: float) -> None:
        """Moves the map."""
        self.plane.pan_by(dx, dy)
        self.viewport().update()

    def _measure(self) -> None:
        self.plane.size = QSizeF(self.viewport().size())
        self.plane.unit = look().text_scale
        self.plane.foot = label_height() + 12

    def _place_again(self) -> None:
        """After the widget's or the text's size changed."""
        self._measure()
        if self.plane.fitted:
            self.fit()
        else:
            self.plane.settle()
            self.viewport().update()

    def visualRegionForSelection(self, selection: Any) -> QRegion:
        """Nothing is selected, a card only has the focus."""
        del selection
        return QRegion(self.viewport().rect())

    def doItemsLayout(self) -> None:
        """Places are made in `set_ideas`; the list's own rows would be laid out for nothing."""

    def updateGeometries(self) -> None:
        """There are no scroll bars."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms to the cursor; a touchpad pans."""
        pad = event.device().type() == QPointingDevice.DeviceType.TouchPad
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        pixels, notches = event.pixelDelta(), event.angleDelta()
        if pad and not control:
            step = pixels if not pixels.isNull() else notches / 2
            self.pan_by(step.x(), step.y())
        elif pad and not pixels.isNull():
            self.zoom_by(math.exp(pixels.y() / 200), event.position())
        elif notches.y() or notches.x():
            self.zoom_by(WHEEL_FACTOR ** ((notches.y() or notches.x()) / 120), event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Pinching zooms."""
        zooms = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == zooms:
            self.zoom_by(max(1.0 + event.value(), 0.05), event.position())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stays whole until the artist zooms or pans."""
        super().resizeEvent(event)
        self._place_again()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring shows."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.viewport().update()
