"""The canvas: mouse, tablet, touchpad and keys for `CanvasTools`."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas.pane_painter import PanePainter
from app.canvas.selection_overlay import SelectionOverlay
from app.canvas.shapes import moved
from app.canvas.tool_options import Brush
from app.canvas.tools import PAINTERS, SELECTORS, CanvasTools
from app.canvas.view import View
from app.canvas.view_turn import ViewTurn
from app.canvas.viewport import Viewport

WHEEL_FACTOR: Final = 1.25
CLICK_PX: Final = 3.0
_STEP_KEYS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(Viewport):
    """What the artist looks at and works on.

    Attributes:
        overlay: the selection as it is drawn.
        painter: the panes and what lies over them.
        tools: the active tool.
        view_turn: turning the view by hand.

    Signals (besides those of `Viewport`):
        menu_asked(QPoint): right click; global position.
    """

    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.wheel_scrolls = False
        self._press_at: QPointF | None = None
        self._has_moved = False
        self._resize_from: tuple[QPointF, Brush] | None = None
        self.overlay = SelectionOverlay(self)
        self.overlay.changed.connect(self.update)
        self.painter = PanePainter(self, self.overlay)
        self.tools = CanvasTools(self, self.overlay, self.painter)
        self.view_turn = ViewTurn(self)

    def refresh(self, dirty: QRect) -> None:
        """Redraws picture pixels that changed."""
        self.painter.invalidate(dirty)
        super().refresh(dirty)

    @property
    def place(self) -> View:
        """What is in the middle, how large, how turned."""
        return self._view

    def set_place(self, place: View) -> None:
        """Looks as `place` did."""
        self._zooming.stop()
        self._set(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints panes, selection and what the active tool shows."""
        painter = QPainter(self)
        self.painter.paint(painter, event.rect())
        self.tools.paint(painter)

    # -- mouse -------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins what the button and the tool mean."""
        at, button = event.position(), event.button()
        self._press_at, self._has_moved = at, False
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.tools.alt_at_press = alt
        if button == Qt.MouseButton.RightButton and alt and self.tools.tool in PAINTERS:
            self._resize_from = (at, self.tools.brush)
        elif button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton
            and self.tools.space_held
            and not self.tools.draws_shape
        ):
            self.tools.pan_from = at
        elif button == Qt.MouseButton.LeftButton and self.view_turn.held:
            self.view_turn.begin(at)
        elif button == Qt.MouseButton.LeftButton:
            self.tools.begin(at, event.modifiers(), 1.0)
        self.tools.show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continues it."""
        at = event.position()
        self.tools.hover_at(at)
        self._has_moved = self._has_moved or not self._is_at_press(at)
        if self._resize_from is not None:
            start, brush = self._resize_from
            size = brush.size + 2 * (at.x() - start.x())  # the ring's edge follows the pointer
            hardness = brush.hardness - (at.y() - start.y()) / 200
            self.tools.set_brush(brush.resized(size).hardened(hardness))
        elif self.tools.pan_from is not None:
            step, self.tools.pan_from = at - self.tools.pan_from, at
            self.pan_by(step.x(), step.y())
        elif self.view_turn.is_turning:
            steps = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.view_turn.follow(at, steps=steps)
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.tools.follow(at, event.modifiers(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends it."""
        at = event.position()
        # A lasso that ends where it began is no click: the pointer was elsewhere meanwhile.
        click = not self._has_moved and self._is_at_press(at)
        self._resize_from = None
        self.tools.pan_from = None
        if self.view_turn.is_turning:
            self.view_turn.end()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.tools.finish(at, click=click)
        self._press_at = None
        self.tools.show_cursor()

    def _is_at_press(self, at: QPointF) -> bool:
        """Whether a point is where the button was pressed, as nearly as a hand holds still."""
        return self._press_at is not None and (at - self._press_at).manhattanLength() < CLICK_PX

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pan: fit. Zoom: 100 %."""
        if event.button() == Qt.MouseButton.LeftButton and self.tools.tool == "pan":
            self.fit()
        elif event.button() == Qt.MouseButton.LeftButton and self.tools.tool == "zoom":
            self.zoom_to(100, event.position())
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the view and selection menu at the pointer."""
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.menu_asked.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Takes brush outline and cross-hair away."""
        super().leaveEvent(event)
        self.tools.leave()

    # -- tablet, wheel, touchpad -------------------------------------------------------------

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draws with the pen: float coordinates, pressure, eraser end."""
        at, kind = event.position(), event.type()
        if self.tools.tool not in PAINTERS or self.tools.space_held:
            event.ignore()  # Qt then sends the mouse events the other tools live on
            return
        event.accept()
        erase = event.pointerType() == QPointingDevice.PointerType.Eraser
        pressure = event.pressure() if event.buttons() else 0.0
        self.tools.hover_at(at)
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self.tools.begin(at, event.modifiers(), pressure, erase=erase)
        elif kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.RightButton:
            self.menu_asked.emit(event.globalPosition().toPoint())
        elif kind == QEvent.Type.TabletMove and event.buttons() & Qt.MouseButton.LeftButton:
            self.tools.follow(at, event.modifiers(), pressure)
        elif kind == QEvent.Type.TabletRelease:
            self.tools.finish(at, click=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms to the cursor; a touchpad pans, and so does a wheel set to scroll."""
        at, pixels, notches = event.position(), event.pixelDelta(), event.angleDelta()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        pad = event.device().type() == QPointingDevice.DeviceType.TouchPad
        if control or (not pad and not self.wheel_scrolls):
            turn = notches.y() or notches.x()
            if pad and not pixels.isNull():
                self._zoom_at_once(math.exp(pixels.y() / 200), at)
            elif turn:
                self.zoom_by(WHEEL_FACTOR ** (turn / 120), at)
        else:
            step = pixels if not pixels.isNull() else notches / 2
            self.pan_by(step.x(), step.y())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Pinch and two-finger turn; Tab is left to the window."""
        if isinstance(event, QNativeGestureEvent):
            kind = event.gestureType()
            if kind == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_at_once(1.0 + event.value(), event.position())
            elif kind == Qt.NativeGestureType.RotateNativeGesture:
                self.turn_to(self._view.angle + event.value())
            elif kind == Qt.NativeGestureType.SmartZoomNativeGesture:
                self.fit()
            else:
                return super().event(event)
            return True
        return super().event(event)

    def _zoom_at_once(self, factor: float, at: QPointF) -> None:
        self._anchor, self._anchor_pane = at, max(self.pane_at(at), 0)
        self._moving = True
        self._zoom_now(self._view.zoom * max(factor, 0.05))
        self._refine.start()

    # -- keys --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that are held or move what is seen; those of actions belong to the window."""
        key, mods = Qt.Key(event.key()), event.modifiers()
        far = 10 if mods & Qt.KeyboardModifier.ShiftModifier else 1
        only_shift = not mods & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.tools.space_held = True
                self.tools.show_cursor()
        elif key == Qt.Key.Key_R and only_shift:
            if not event.isAutoRepeat():
                self.view_turn.key_pressed(event.timestamp())
        elif key in (Qt.Key.Key_Backslash, Qt.Key.Key_V) and only_shift:
            self.set_hold_before(True)
        elif key in _STEP_KEYS and only_shift:
            self._step(key, far)
        elif key == Qt.Key.Key_Escape and self.tools.cancel_gesture():
            pass
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases Space and the view of before."""
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self.tools.space_held = False
            self.tools.show_cursor()
        elif event.key() == Qt.Key.Key_R:
            self.view_turn.key_released(event.timestamp())
        elif event.key() in (Qt.Key.Key_Backslash, Qt.Key.Key_V):
            self.set_hold_before(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key released elsewhere is released here."""
        super().focusOutEvent(event)
        self.tools.space_held = self.view_turn.held = False
        self.view_turn.end()
        self.set_hold_before(False)
        self.tools.show_cursor()

    def _step(self, key: Qt.Key, far: int) -> None:
        """←→ choose a side or move the wipe's line; arrows move the selection."""
        dx, dy = _STEP_KEYS[key]
        selection = self.overlay.selection
        if self._mode == "all" and self._sheet:
            tops = [rect.top() for rect, _, _ in self.panes()]
            self.tools.choose_pane(self._active + (dx or dy * tops.count(tops[0])))
        elif self._mode == "side" and dx:
            self.set_active_side(0 if dx < 0 else 1)
            self.tools.side_chosen.emit(self._active)
        elif self._mode == "wipe" and (dy if self._wipe_vertical else dx):
            self.set_wipe(self._wipe + (dx + dy) * far * 0.01)
        elif selection is not None and self.tools.tool in SELECTORS:
            dx, dy = self._along_picture(dx, dy)
            out, dirty = moved(selection, dx * far, dy * far)
            self.overlay.set_selection(out, dirty)
            self.tools.selection_edited.emit(out, dirty)
        else:
            self.pan_by(-dx * far * 12, -dy * far * 12)

    def _along_picture(self, dx: int, dy: int) -> tuple[int, int]:
        """A step on the screen as a step along the picture's rows or columns."""
        quarters = round(self._view.angle / 90.0) % 4
        for _ in range(quarters):
            dx, dy = dy, -dx
        return dx, dy
