"""The tools of the canvas: shapes, strokes, the wipe's line, and the pointer for each."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from app.canvas import overlays
from app.canvas.gesture import ShapeGesture
from app.canvas.pane_painter import PanePainter
from app.canvas.selection_overlay import SelectionOverlay
from app.canvas.shapes import Brush, Stroke, combine
from app.canvas.viewport import Viewport
from editor.model.selection import Coverage

Tool = Literal["pan", "zoom", "rectangle", "ellipse", "lasso", "brush", "eraser"]
Target = Literal["selection", "mix"]
SHAPES: Final = ("rectangle", "ellipse", "lasso")
PAINTERS: Final = ("brush", "eraser")
WIPE_REACH: Final = 12.0


class CanvasTools(QObject):
    """The active tool, and what it does at points of the canvas, wherever the points come from.

    Attributes:
        pan_from: where the picture was taken hold of last, None while it is not moved by hand.
        alt_at_press: whether Alt was held when the pointer was pressed.
        space_held: whether Space is held, which pans with any tool.

    Signals:
        selection_edited(object, QRect): (H, W) `uint8` coverage and where it changed, at the end
            of each gesture.
        mix_painted(object, QRect): the same for the paint-in mask, at every dab.
        side_chosen(int): the artist chose this side of a comparison.
        pane_chosen(str): a picture of the contact sheet or pair was clicked.
    """

    selection_edited = Signal(object, QRect)
    mix_painted = Signal(object, QRect)
    side_chosen = Signal(int)
    pane_chosen = Signal(str)

    def __init__(
        self, viewport: Viewport, selection: SelectionOverlay, painter: PanePainter
    ) -> None:
        super().__init__(viewport)
        self._viewport, self._selection, self._painter = viewport, selection, painter
        self._tool: Tool = "pan"
        self._paint_target: Target = "selection"
        self._mix: Coverage | None = None
        self._brush = Brush()
        self._gesture: ShapeGesture | None = None
        self._stroke: Stroke | None = None
        self._stroke_dirty = QRect()
        self.pan_from: QPointF | None = None
        self._had_selection = False
        self.alt_at_press = False
        self._wiping = False
        self.space_held = False
        self._pointer: QPointF | None = None

    # -- tools -------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The active tool."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Takes a tool; a shape under way is dropped."""
        self._tool = tool
        self.cancel_gesture()
        self.show_cursor()
        self._viewport.update()

    @property
    def draws_shape(self) -> bool:
        """Whether a shape is under way."""
        return self._gesture is not None

    @property
    def brush(self) -> Brush:
        """The brush."""
        return self._brush

    def set_brush(self, brush: Brush) -> None:
        """Sets the brush."""
        self._brush = brush
        self._viewport.update()

    def set_paint_target(self, target: Target, mix: Coverage | None = None) -> None:
        """Says what the brush paints: the selection, or where the second result shows."""
        self._paint_target, self._mix = target, mix

    def cancel_gesture(self) -> bool:
        """Drops a shape or stroke under way (Esc); True if there was one."""
        had = self._gesture is not None or self._stroke is not None
        self._gesture = None
        if self._stroke is not None:
            self._stroke.undo()
            if self._paint_target == "selection":
                coverage = self._stroke.coverage if self._had_selection else None
                self._selection.set_selection(coverage, self._stroke_dirty)
            else:
                self.mix_painted.emit(self._stroke.coverage, self._stroke_dirty)
            self._stroke = None
        self._viewport.update()
        return had

    # -- gestures ----------------------------------------------------------------------------

    def begin(
        self,
        at: QPointF,
        modifiers: Qt.KeyboardModifier,
        pressure: float,
        *,
        erase: bool = False,
    ) -> None:
        """Begins what the tool does where the pointer was pressed, at a pressure of 0..1."""
        if self._near_wipe(at):
            self._wiping = True
        elif self._viewport.picture is None:
            return
        elif self._tool in SHAPES and self._viewport.view != "all":
            self._gesture = ShapeGesture.begin(self._tool, self._viewport.to_picture(at), modifiers)
        elif self._tool in PAINTERS and self._viewport.view != "all":
            self._begin_stroke(erase=erase or self._tool == "eraser")
            self._dab(at, pressure)
        elif self._tool == "pan":
            self.pan_from = at

    def _begin_stroke(self, *, erase: bool) -> None:
        assert self._viewport.picture is not None
        width, height = self._viewport.picture.size
        old = self._mix if self._paint_target == "mix" else self._selection.selection
        self._had_selection = old is not None
        # A copy: whoever holds the selection before (undo) keeps it unchanged.
        base = np.zeros((height, width), np.uint8) if old is None else old.copy()
        self._stroke = Stroke(base, self._brush, erase=erase)
        self._stroke_dirty = QRect()
        if self._paint_target == "selection":
            self._selection.set_selection(base, QRect(0, 0, 1, 1) if self._had_selection else None)

    def follow(self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float) -> None:
        """Continues it while the pointer moves."""
        view = self._viewport
        if self._wiping:
            view.set_wipe(at.y() / view.height() if view.wipe_vertical else at.x() / view.width())
        elif self._gesture is not None:
            self._gesture.move(self._viewport.to_picture(at), modifiers, space=self.space_held)
            self._viewport.update()
        elif self._stroke is not None:
            self._dab(at, pressure)

    def _dab(self, at: QPointF, pressure: float) -> None:
        assert self._stroke is not None
        spot = self._viewport.to_picture(at)
        dirty = self._stroke.to(spot.x(), spot.y(), pressure)
        if dirty.isEmpty():
            return
        self._stroke_dirty = self._stroke_dirty.united(dirty)
        if self._paint_target == "mix":
            self._mix = self._stroke.coverage
            self.mix_painted.emit(self._mix, dirty)
        else:
            self._selection.set_selection(self._stroke.coverage, dirty)

    def finish(self, at: QPointF, *, click: bool) -> None:
        """Ends it; `click` where the pointer has not moved since it was pressed."""
        view = self._viewport
        if self._wiping:
            self._wiping = False
        elif self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            if not click:
                self._take_shape(gesture)
            view.update()
        elif self._stroke is not None:
            coverage, dirty = self._stroke.coverage, self._stroke_dirty
            self._stroke = None
            if self._paint_target == "selection" and not dirty.isEmpty():
                self.selection_edited.emit(coverage, dirty)
        elif click and self._tool == "zoom":
            view.zoom_step(-1 if self.alt_at_press else 1, at)
        elif click and view.pane_at(at) >= 0 and view.view in ("side", "all"):
            self.choose_pane(view.pane_at(at))

    def choose_pane(self, index: int) -> None:
        """Choose one of several pictures; nothing where there is none, or none is finished yet."""
        view = self._viewport
        panes = view.panes()
        pane = panes[index][2] if 0 <= index < len(panes) else None
        if pane is None or pane.dim:
            return
        view.set_active_side(index)
        if view.view == "side":
            self.side_chosen.emit(index)
        self.pane_chosen.emit(pane.id)

    def _take_shape(self, gesture: ShapeGesture) -> None:
        if self._viewport.picture is None:
            return
        size = self._viewport.picture.size
        shape, box = gesture.coverage(*size)
        if box.isEmpty() and gesture.mode != "intersect":
            return
        out, dirty = combine(self._selection.selection, shape, box, gesture.mode, size)
        self._selection.set_selection(out, dirty)
        self.selection_edited.emit(out, dirty)

    def _near_wipe(self, at: QPointF) -> bool:
        view = self._viewport
        if view.view != "wipe" or view.before is None:
            return False
        vertical = view.wipe_vertical
        along, length = (at.y(), view.height()) if vertical else (at.x(), view.width())
        return abs(along - view.wipe * length) <= WIPE_REACH

    def hover_at(self, at: QPointF) -> None:
        """The pointer is at this point of the canvas."""
        self._pointer = at
        picture = self._viewport.picture
        spot = self._viewport.to_picture(at)
        size = (0, 0) if picture is None else picture.size
        inside = 0 <= spot.x() < size[0] and 0 <= spot.y() < size[1]
        self._painter.hover = spot if inside else None
        if self._tool in PAINTERS or self._viewport.view in ("side", "wipe"):
            self._viewport.update()
            self.show_cursor()

    def leave(self) -> None:
        """The pointer has left the canvas: brush outline and cross-hair go."""
        self._pointer = self._painter.hover = None
        self._viewport.update()

    # -- looks -------------------------------------------------------------------------------

    def show_cursor(self) -> None:
        """Gives the pointer the shape that says what a press would do."""
        shapes = Qt.CursorShape
        if self.pan_from is not None:
            shape = shapes.ClosedHandCursor
        elif self._wiping or (self._pointer is not None and self._near_wipe(self._pointer)):
            shape = shapes.SplitVCursor if self._viewport.wipe_vertical else shapes.SplitHCursor
        elif self.space_held or self._tool == "pan":
            shape = shapes.OpenHandCursor
        elif self._tool in (*SHAPES, *PAINTERS):
            shape = shapes.CrossCursor  # never hidden: the brush outline is drawn beside it
        else:
            shape = shapes.ArrowCursor
        if self._viewport.cursor().shape() != shape:
            self._viewport.setCursor(shape)

    def paint(self, painter: QPainter) -> None:
        """Paints shape under way, brush outline and the key of the edges."""
        view = self._viewport
        if view.picture is None:
            return
        if self._gesture is not None:
            index = 0 if self._pointer is None else max(view.pane_at(self._pointer), 0)
            self._gesture.draw(painter, view.to_widget(index))
        if self._tool in PAINTERS and self._pointer is not None and not self.space_held:
            radius = self._brush.size / 2 * view.scale / view.ratio
            overlays.draw_brush(painter, self._pointer, radius, self._brush.hardness)
        if self._tool in (*SHAPES, *PAINTERS) and self._selection.selection is not None:
            place = view.to_widget(0).mapRect(QRectF(0, 0, *view.picture.size))
            if view.view == "picture":
                left = place.right() + 18
                overlays.draw_edge_key(painter, left, place.top() + 2, view.width() - left)
