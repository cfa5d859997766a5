"""The map of ideas: every idea as a card, joined to the one it was made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from app.widgets.basics.model_index import ModelIndex
from app.widgets.history_graph.idea_layout import CARD_HEIGHT, COLUMN, LINE, place_ideas, step_from
from app.widgets.history_graph.idea_model import IDEA_ROLE, Idea, IdeaModel
from app.widgets.history_graph.idea_paint import (
    Marks,
    edge_path,
    edge_pen,
    ground,
    here_place,
    label_height,
    paint_idea,
    sheet_step,
    sheets_rect,
)
from app.widgets.history_graph.plane_view import PlaneView

_ARROWS: Final = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


class IdeaMap(PlaneView):
    """Cards on a plane, joined by curves; the trail is white, gold is where the artist is.

    Signals:
        go_asked(str): double click or Enter.
        sheets_asked(str, QRect): show what was not kept; the card, global.
        star_asked(str), rename_asked(str), note_asked(str), compare_asked(str)
        menu_asked(str, QPoint): global position.
        search_asked(): Ctrl+F.
    """

    go_asked = Signal(str)
    sheets_asked = Signal(str, QRect)
    star_asked = Signal(str)
    rename_asked = Signal(str)
    note_asked = Signal(str)
    compare_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    search_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("idea-map")
        self.setAccessibleName(self.tr("Map of ideas"))
        self.thumbnail_of: Callable[[str, float], QImage | None] = lambda idea_id, width: None
        """Asked for the cards in sight, with their width in device pixels."""
        self.ideas = IdeaModel(self)
        self.setModel(self.ideas)
        self._parents: dict[str, str] = {}
        self._words, self._starred_only = "", False
        self._hover, self._hover_sheets = "", False
        self._grip: QPointF | None = None

    # -- what is shown -----------------------------------------------------------------------

    def set_ideas(self, ideas: Sequence[Idea]) -> None:
        """Shows these, parents before children; zoom, place and focus stay."""
        current = self.current_id
        was = {i.id for i in self.ideas.ideas}
        self.ideas.set_ideas(ideas)
        parents = {idea.id: idea.row.parent for idea in ideas}
        if parents != self._parents:
            self._parents, self.plane.places = parents, place_ideas(parents)
        wanted = current if current in parents else self.here_id
        if wanted:
            self._set_current(wanted, show=False)
        if self.plane.fitted or not was & set(parents):
            self.fit()
        self.viewport().update()

    @property
    def here_id(self) -> str:
        """Id of the idea on the canvas, or ""."""
        return next((i.id for i in self.ideas.ideas if i.row.here), "")

    @property
    def middle_id(self) -> str:
        """Where the artist is."""
        return self.here_id or self.current_id

    @property
    def current_id(self) -> str:
        """Id of the card with the focus, or ""."""
        idea = self.currentIndex().data(IDEA_ROLE)
        return idea.id if isinstance(idea, Idea) else ""

    def set_filter(self, words: str, starred_only: bool) -> list[str]:
        """Dims what does not match; returns the ids of what does."""
        self._words, self._starred_only = words, starred_only
        self.viewport().update()
        return [i.id for i in self.ideas.ideas if self.matches(i)]

    def matches(self, idea: Idea) -> bool:
        """Returns True if the card is not dimmed."""
        return idea.matches(self._words) and (idea.row.starred or not self._starred_only)

    def show_idea(self, idea_id: str) -> None:
        """Gives a card the focus and moves the map until it is seen."""
        if idea_id in self.plane.places:
            self._set_current(idea_id, show=True)

    # -- what a view is asked ----------------------------------------------------------------

    def visualRect(self, index: ModelIndex) -> QRect:
        """The card, for screen readers and tooltips."""
        idea = index.data(IDEA_ROLE)
        if not isinstance(idea, Idea) or idea.id not in self.plane.places:
            return QRect()
        return self.plane.card(idea.id).toRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The card under a point, its sheets included."""
        found = self._at(QPointF(point))[0]
        return self.ideas.index(self.ideas.row_of(found)) if found else QModelIndex()

    def scrollTo(self, index: ModelIndex, hint: Any = None) -> None:
        """Moves the map no further than the card needs."""
        del hint
        card = QRectF(self.visualRect(index))
        if not card.isEmpty() and self.plane.show(card):
            self.viewport().update()

    # -- drawing -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the lines, then the cards in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), ground())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self.plane.scale
        cards = {idea.id: self.plane.card(idea.id) for idea in self.ideas.ideas}
        area = QRectF(event.rect())
        self._paint_edges(painter, area, cards)
        free = (LINE - CARD_HEIGHT) * scale - 2 * sheet_step(scale) - 6
        words = free >= label_height()
        focus = self.current_id if self.hasFocus() else ""
        device = self.devicePixelRatioF()
        room = (COLUMN - 26) * scale
        reach = area.adjusted(-room, -label_height() - 20, 20, label_height() + 30)
        parents = set(self._parents.values())
        for idea in self.ideas.ideas:
            card = cards[idea.id]
            if not card.intersects(reach):
                continue
            hover = idea.id == self._hover
            marks = Marks(
                words=words,
                hover=hover,
                hover_sheets=hover and self._hover_sheets,
                focus=idea.id == focus,
                dim=not self.matches(idea),
                beside=idea.id not in parents and self._has_room_beside(card),
            )
            image = self.thumbnail_of(idea.id, card.width() * device)
            paint_idea(painter, card, room, idea, image, scale, marks)

    def _has_room_beside(self, card: QRectF) -> bool:
        return here_place(card, beside=True).right() <= self.viewport().width()

    def _paint_edges(self, painter: QPainter, area: QRectF, cards: dict[str, QRectF]) -> None:
        filtering = bool(self._words.strip()) or self._starred_only
        painter.setBrush(Qt.BrushStyle.NoBrush)
        late = []
        for idea in self.ideas.ideas:
            start = cards.get(idea.row.parent)
            if start is None:
                continue
            end = cards[idea.id]
            if not start.united(end).intersects(area):
                continue
            parent = self.ideas.idea(idea.row.parent)
            if idea.row.on_trail and parent is not None and parent.row.on_trail:
                late.append((start, end))  # the trail lies over the others
                continue
            painter.setPen(edge_pen(False, filtering, self.plane.scale))
            painter.drawPath(edge_path(start, end))
        painter.setPen(edge_pen(True, filtering, self.plane.scale))
        for start, end in late:
            painter.drawPath(edge_path(start, end))

    # -- mouse -------------------------------------------------------------------------------

    def _at(self, point: QPointF) -> tuple[str, bool]:
        """Returns the card under a point, and whether its sheets are meant."""
        for idea in self.ideas.ideas:
            card = self.plane.card(idea.id)
            sheets = sheets_rect(card, idea, self.plane.scale)
            below = sheets.contains(point) and point.y() > card.bottom() - 6
            if card.contains(point) or below:
                return idea.id, below
        return "", False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the map, or gives a card the focus; its sheets fan out."""
        at, left = event.position(), event.button() == Qt.MouseButton.LeftButton
        found, sheets = self._at(at)
        if event.button() == Qt.MouseButton.MiddleButton or (left and not found):
            self._grip = at
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif found:
            self._set_current(found, show=False)
            if left and sheets:
                self.ask_sheets(found)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pans while held, else lights what is under the pointer."""
        at = event.position()
        if self._grip is not None:
            self.pan_by(at.x() - self._grip.x(), at.y() - self._grip.y())
            self._grip = at
            return
        self._light(*self._at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends the drag."""
        self._grip = None
        self._light(*self._at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Goes there; on free ground shows the whole map."""
        found, sheets = self._at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or sheets:
            return
        if found:
            self.go_asked.emit(found)
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self._light("", False)

    def _light(self, idea_id: str, sheets: bool) -> None:
        shape = Qt.CursorShape.PointingHandCursor if sheets else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape if idea_id else Qt.CursorShape.OpenHandCursor)
        if (idea_id, sheets) != (self._hover, self._hover_sheets):
            self._hover, self._hover_sheets = idea_id, sheets
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu of a card."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        found = self._at(QPointF(event.pos()))[0] if by_mouse else self.current_id
        if found:
            middle = self.plane.card(found).center().toPoint()
            at = event.globalPos() if by_mouse else self.viewport().mapToGlobal(middle)
            self.menu_asked.emit(found, at)

    # -- keys --------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keeps the window's single keys from acting on the idea here instead of the card."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._function(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move between cards, Space fans out the sheets, letters act on the card."""
        function = self._function(event)
        if function is not None:
            function()
            event.accept()
        else:
            event.ignore()

    def _function(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, mods, here = Qt.Key(event.key()), event.modifiers(), self.current_id
        if mods & Qt.KeyboardModifier.ControlModifier:
            return self.search_asked.emit if key == Qt.Key.Key_F else None
        plain = not mods & ~(Qt.KeyboardModifier.KeypadModifier)
        if not plain or not here:
            return None
        if key in _ARROWS:
            return lambda: self._step(_ARROWS[key])
        asks: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Return: lambda: self.go_asked.emit(here),
            Qt.Key.Key_Enter: lambda: self.go_asked.emit(here),
            Qt.Key.Key_Space: lambda: self.ask_sheets(here),
            Qt.Key.Key_Home: lambda: self.show_idea(self.ideas.ideas[0].id),
            Qt.Key.Key_End: lambda: self.show_idea(self.here_id or here),
            Qt.Key.Key_S: lambda: self.star_asked.emit(here),
            Qt.Key.Key_F2: lambda: self.rename_asked.emit(here),
            Qt.Key.Key_N: lambda: self.note_asked.emit(here),
            Qt.Key.Key_C: lambda: self.compare_asked.emit(here),
        }
        return asks.get(key)

    def ask_sheets(self, idea_id: str) -> None:
        """Asks to show what was not kept, if there is any."""
        idea = self.ideas.idea(idea_id)
        if idea is not None and idea.sheets:
            card = self.plane.card(idea_id).toRect()
            at = self.viewport().mapToGlobal(card.topLeft())
            self.sheets_asked.emit(idea_id, QRect(at, card.size()))

    def _step(self, way: str) -> None:
        self.show_idea(step_from(self.plane.places, self._parents, self.current_id, way))

    def _set_current(self, idea_id: str, *, show: bool) -> None:
        index = self.ideas.index(self.ideas.row_of(idea_id))
        self.setCurrentIndex(index)
        if show:
            self.scrollTo(index)
        self.viewport().update()
