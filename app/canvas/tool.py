"""The canvas with a tool in hand: shapes, strokes, the wipe's line, and the pointer for each."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.canvas import overlays
from app.canvas.gesture import ShapeGesture
from app.canvas.shapes import Brush, Stroke, combine
from app.canvas.surface import Surface
from editor.model.selection import Coverage

Tool = Literal["pan", "zoom", "rectangle", "ellipse", "lasso", "brush", "eraser"]
Target = Literal["selection", "mix"]
SHAPES: Final = ("rectangle", "ellipse", "lasso")
PAINTERS: Final = ("brush", "eraser")
WIPE_REACH: Final = 12.0


class ToolSurface(Surface):
    """What the tools do at points of the canvas, wherever the points come from.

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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: Tool = "pan"
        self._paint_target: Target = "selection"
        self._mix: Coverage | None = None
        self._brush = Brush()
        self._gesture: ShapeGesture | None = None
        self._stroke: Stroke | None = None
        self._stroke_dirty = QRect()
        self._pan_from: QPointF | None = None
        self._had_selection = False
        self._alt_at_press = False
        self._wiping = False
        self._space = False
        self._pointer: QPointF | None = None

    # -- tools -------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Takes a tool; a shape under way is dropped."""
        self._tool = tool
        self.cancel_gesture()
        self._show_cursor()
        self.update()

    @property
    def brush(self) -> Brush:
        """The brush."""
        return self._brush

    def set_brush(self, brush: Brush) -> None:
        """Sets the brush."""
        self._brush = brush
        self.update()

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
                self.set_selection(coverage, self._stroke_dirty)
            else:
                self.mix_painted.emit(self._stroke.coverage, self._stroke_dirty)
            self._stroke = None
        self.update()
        return had

    # -- gestures ----------------------------------------------------------------------------

    def _begin(
        self,
        at: QPointF,
        modifiers: Qt.KeyboardModifier,
        pressure: float,
        *,
        erase: bool = False,
    ) -> None:
        if self._near_wipe(at):
            self._wiping = True
        elif self.picture is None:
            return
        elif self._tool in SHAPES and self._mode != "all":
            self._gesture = ShapeGesture.begin(self._tool, self.to_picture(at), modifiers)
        elif self._tool in PAINTERS and self._mode != "all":
            self._begin_stroke(erase=erase or self._tool == "eraser")
            self._dab(at, pressure)
        elif self._tool == "pan":
            self._pan_from = at

    def _begin_stroke(self, *, erase: bool) -> None:
        assert self.picture is not None
        width, height = self.picture.size
        old = self._mix if self._paint_target == "mix" else self.selection
        self._had_selection = old is not None
        # A copy: whoever holds the selection before (undo) keeps it unchanged.
        base = np.zeros((height, width), np.uint8) if old is None else old.copy()
        self._stroke = Stroke(base, self._brush, erase=erase)
        self._stroke_dirty = QRect()
        if self._paint_target == "selection":
            self.set_selection(base, QRect(0, 0, 1, 1) if self._had_selection else None)

    def _follow(self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float) -> None:
        if self._wiping:
            share = at.y() / self.height() if self._wipe_vertical else at.x() / self.width()
            self.set_wipe(share)
        elif self._gesture is not None:
            self._gesture.move(self.to_picture(at), modifiers, space=self._space)
            self.update()
        elif self._stroke is not None:
            self._dab(at, pressure)

    def _dab(self, at: QPointF, pressure: float) -> None:
        assert self._stroke is not None
        spot = self.to_picture(at)
        dirty = self._stroke.to(spot.x(), spot.y(), pressure)
        if dirty.isEmpty():
            return
        self._stroke_dirty = self._stroke_dirty.united(dirty)
        if self._paint_target == "mix":
            self._mix = self._stroke.coverage
            self.mix_painted.emit(self._mix, dirty)
        else:
            self.set_selection(self._stroke.coverage, dirty)

    def _finish(self, at: QPointF, *, click: bool) -> None:
        if self._wiping:
            self._wiping = False
        elif self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            if not click:
                self._take_shape(gesture)
            self.update()
        elif self._stroke is not None:
            coverage, dirty = self._stroke.coverage, self._stroke_dirty
            self._stroke = None
            if self._paint_target == "selection" and not dirty.isEmpty():
                self.selection_edited.emit(coverage, dirty)
        elif click and self._tool == "zoom":
            self.zoom_step(-1 if self._alt_at_press else 1, at)
        elif click and self._pane_at(at) >= 0 and self._mode in ("side", "all"):
            index = self._pane_at(at)
            pane = self._panes()[index][2]
            self.set_active_side(index)
            if self._mode == "side":
                self.side_chosen.emit(index)
            if pane is not None:
                self.pane_chosen.emit(pane.id)

    def _take_shape(self, gesture: ShapeGesture) -> None:
        if self.picture is None:
            return
        size = self.picture.size
        shape, box = gesture.coverage(*size)
        if box.isEmpty() and gesture.mode != "intersect":
            return
        out, dirty = combine(self.selection, shape, box, gesture.mode, size)
        self.set_selection(out, dirty)
        self.selection_edited.emit(out, dirty)

    def _near_wipe(self, at: QPointF) -> bool:
        if self._mode != "wipe" or self._before is None:
            return False
        along, length = (at.y(), self.height()) if self._wipe_vertical else (at.x(), self.width())
        return abs(along - self._wipe * length) <= WIPE_REACH

    def _hover_at(self, at: QPointF) -> None:
        self._pointer = at
        spot = self.to_picture(at)
        size = (0, 0) if self.picture is None else self.picture.size
        inside = 0 <= spot.x() < size[0] and 0 <= spot.y() < size[1]
        self._hover = spot if inside else None
        if self._tool in PAINTERS or self._mode in ("side", "wipe"):
            self.update()
            self._show_cursor()

    # -- looks -------------------------------------------------------------------------------

    def _show_cursor(self) -> None:
        shapes = Qt.CursorShape
        if self._pan_from is not None:
            shape = shapes.ClosedHandCursor
        elif self._wiping or (self._pointer is not None and self._near_wipe(self._pointer)):
            shape = shapes.SplitVCursor if self._wipe_vertical else shapes.SplitHCursor
        elif self._space or self._tool == "pan":
            shape = shapes.OpenHandCursor
        elif self._tool in (*SHAPES, *PAINTERS):
            shape = shapes.CrossCursor  # never hidden: the brush outline is drawn beside it
        else:
            shape = shapes.ArrowCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def _paint_tool(self, painter: QPainter) -> None:
        """Paints shape under way, brush outline and the key of the edges."""
        if self.picture is None:
            return
        if self._gesture is not None:
            index = 0 if self._pointer is None else max(self._pane_at(self._pointer), 0)
            self._gesture.draw(painter, self._to_widget(index))
        if self._tool in PAINTERS and self._pointer is not None and not self._space:
            radius = self._brush.size / 2 * self._view.zoom / self._ratio
            overlays.draw_brush(painter, self._pointer, radius, self._brush.hardness)
        if self._tool in (*SHAPES, *PAINTERS) and self.selection is not None:
            place = self._to_widget(0).mapRect(QRectF(0, 0, *self.picture.size))
            if self._mode == "picture":
                left = place.right() + 18
                overlays.draw_edge_key(painter, left, place.top() + 2, self.width() - left)
