"""The tools of the canvas: shapes, strokes, the wipe's line, and the pointer for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from app.canvas import overlays
from app.canvas.gesture import ShapeGesture
from app.canvas.pane_painter import PanePainter
from app.canvas.selection_overlay import SelectionOverlay
from app.canvas.shapes import combine
from app.canvas.stroke import Stroke
from app.canvas.tool_options import Brush, Combine, ToolOptions, combine_mode
from app.canvas.viewport import Viewport
from editor.model.selection import Coverage

Tool = Literal[
    "pan", "zoom", "rectangle", "ellipse", "lasso", "brush", "eraser", "similar", "subject"
]
Target = Literal["selection", "mix"]
SHAPES: Final = ("rectangle", "ellipse", "lasso")
PAINTERS: Final = ("brush", "eraser")
SELECTORS: Final = (*SHAPES, *PAINTERS, "similar", "subject")
"""Tools that make a selection."""
WIPE_REACH: Final = 12.0


@dataclass(frozen=True, eq=False)
class DrawnShape:
    """A shape that was just drawn, and what it was combined with.

    Attributes:
        before: the selection before, (H, W) `uint8`, None for none.
        coverage: of the shape inside `box`, without feather.
        box: where it stands.
        mode: how it combines.
        result: the selection that came of it, as it is on the canvas.
    """

    before: Coverage | None
    coverage: Coverage
    box: QRect
    mode: Combine
    result: Coverage


class CanvasTools(QObject):
    """The active tool, and what it does at points of the canvas, wherever the points come from.

    Attributes:
        pan_from: where the picture was taken hold of last, None while it is not moved by hand.
        alt_at_press: whether Alt was held when the pointer was pressed.
        space_held: whether Space is held, which pans with any tool.
        last_shape: the shape that made the selection last, None after anything else.

    Signals:
        options_changed(): another tool, brush or other options.
        colour_picked(int, int, str): the tool for similar colours was clicked on this pixel; how
            what it finds combines with the selection.
        subject_asked(str): the subject, the background or a person is to be selected.
        selection_edited(object, QRect): (H, W) `uint8` coverage and where it changed, at the end
            of each gesture.
        mix_painted(object, QRect): the same for the paint-in mask, at every dab.
        side_chosen(int): the artist chose this side of a comparison.
        pane_chosen(str): a picture of the contact sheet or pair was clicked.
    """

    options_changed = Signal()
    colour_picked = Signal(int, int, str)
    subject_asked = Signal(str)
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
        self._options = ToolOptions()
        self.last_shape: DrawnShape | None = None
        self._gesture: ShapeGesture | None = None
        self._stroke: Stroke | None = None
        self._stroke_dirty = QRect()
        self.pan_from: QPointF | None = None
        self._before_stroke: Coverage | None = None
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
        self.options_changed.emit()

    @property
    def draws_shape(self) -> bool:
        """Whether a shape is under way."""
        return self._gesture is not None

    @property
    def brush(self) -> Brush:
        """The brush, measured in logical pixels of the screen, so that it serves at any zoom."""
        return self._brush

    def set_brush(self, brush: Brush) -> None:
        """Sets the brush."""
        self._brush = brush
        self._viewport.update()
        self.options_changed.emit()

    @property
    def options(self) -> ToolOptions:
        """What is set for the tools that select."""
        return self._options

    def set_options(self, options: ToolOptions) -> None:
        """Sets the options; what is under way keeps those it began with."""
        self._options = options
        self.options_changed.emit()

    @property
    def mode(self) -> Combine:
        """How what the tool makes combines with the selection, without held keys."""
        if self._tool == "eraser":
            return "subtract"
        return self._options.brush_mode if self._tool == "brush" else self._options.shape_mode

    def set_mode(self, mode: Combine) -> None:
        """Sets that; the eraser is the brush that takes away, so it becomes the brush."""
        if self._tool == "eraser" and mode != "subtract":
            self._tool = "brush"
        if self._tool == "brush":
            self.set_options(replace(self._options, brush_mode=mode))
        elif self._tool != "eraser":
            self.set_options(replace(self._options, shape_mode=mode))

    def set_paint_target(self, target: Target, mix: Coverage | None = None) -> None:
        """Says what the brush paints: the selection, or where the second result shows."""
        self._paint_target, self._mix = target, mix

    def cancel_gesture(self) -> bool:
        """Drops a shape or stroke under way (Esc); True if there was one."""
        had = self._gesture is not None or self._stroke is not None
        self._gesture = None
        if self._stroke is not None:
            if self._paint_target == "selection":
                self._selection.set_selection(self._before_stroke)
            else:
                self._stroke.undo()
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
            spot = self._viewport.to_picture(at)
            self._gesture = ShapeGesture.begin(self._tool, spot, modifiers, self.mode)
        elif self._tool in PAINTERS and self._viewport.view != "all":
            self._begin_stroke("subtract" if erase else combine_mode(modifiers, self.mode))
            self._dab(at, pressure)
        elif self._tool == "similar" and self._viewport.view != "all":
            self._pick(at, combine_mode(modifiers, self.mode))
        elif self._tool == "subject":
            self.subject_asked.emit("subject")
        elif self._tool == "pan":
            self.pan_from = at

    def ask_subject(self, part: str) -> None:
        """Asks for the subject, the background or a person."""
        self.subject_asked.emit(part)

    def _pick(self, at: QPointF, mode: Combine) -> None:
        assert self._viewport.picture is not None
        spot, size = self._viewport.to_picture(at), self._viewport.picture.size
        if 0 <= spot.x() < size[0] and 0 <= spot.y() < size[1]:
            self.colour_picked.emit(int(spot.x()), int(spot.y()), mode)

    def _begin_stroke(self, mode: Combine) -> None:
        assert self._viewport.picture is not None
        width, height = self._viewport.picture.size
        selecting = self._paint_target == "selection"
        old = self._selection.selection if selecting else self._mix
        self._before_stroke = old
        if not selecting and mode in ("replace", "intersect"):
            mode = "add"  # a second result is brushed in, there is nothing to choose
        fresh = mode in ("replace", "intersect")
        # A copy: whoever holds the selection before (undo) keeps it unchanged.
        base = np.zeros((height, width), np.uint8) if fresh or old is None else old.copy()
        within = old if mode == "intersect" else None
        brush = self._brush
        on_picture = brush.size * self._viewport.ratio / self._viewport.scale
        self._stroke = Stroke(
            base, replace(brush, size=on_picture), erase=mode == "subtract", within=within
        )
        self._stroke_dirty = QRect()
        if selecting:
            self.last_shape = None
            kept = old is not None and not fresh
            self._selection.set_selection(base, QRect(0, 0, 1, 1) if kept else None)

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
        before = self._selection.selection
        out, dirty = combine(before, shape, box, gesture.mode, size)
        self.last_shape = DrawnShape(before, shape, box, gesture.mode, out)
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
        panes = self._viewport.panes()
        self._painter.hover = None
        if panes:
            width, height = panes[max(self._viewport.pane_at(at), 0)][1].size
            spot = self._viewport.to_picture(at)
            share = QPointF(spot.x() / width, spot.y() / height)
            if 0 <= share.x() < 1 and 0 <= share.y() < 1:
                self._painter.hover = share
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
        elif self._tool in SELECTORS:
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
            size = self._brush.size
            overlays.draw_brush(painter, self._pointer, size / 2, self._brush.hardness)
        if self._tool in SELECTORS and self._selection.selection is not None:
            place = view.to_widget(0).mapRect(QRectF(0, 0, *view.picture.size))
            if view.view == "picture":
                left = place.right() + 18
                overlays.draw_edge_key(
                    painter,
                    left,
                    place.top() + 2,
                    view.width() - left,
                    mask=self._selection.shows_overlay,
                )
