"""The history list: mouse and keys on the rows of the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.theme.theme import look
from app.widgets.history_graph.history_delegate import HistoryDelegate
from app.widgets.history_graph.history_model import ROW_ROLE, HistoryModel
from app.widgets.history_graph.lanes import HistoryRow

HOVER_MS: Final = 300


class HistoryList(QListView):
    """The history.

    Signals:
        go_asked(str): go to this idea.
        hovered(str): show it on the canvas; "" when the pointer has left.
        star_asked(str), rename_asked(str), note_asked(str), compare_asked(str)
        menu_asked(str, QPoint): global position.
        search_asked(): Ctrl+F.
    """

    go_asked = Signal(str)
    hovered = Signal(str)
    star_asked = Signal(str)
    rename_asked = Signal(str)
    note_asked = Signal(str)
    compare_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    search_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName(self.tr("History"))
        self.ideas = HistoryModel(self)
        self.setModel(self.ideas)
        self._delegate = HistoryDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setViewportMargins(6, 6, 6, 6)
        self.verticalScrollBar().setSingleStep(24)
        self.hover_shows = True
        self._hovered = ""
        self._announced = ""
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(HOVER_MS)
        self._dwell.timeout.connect(self._announce_hover)
        look().changed.connect(self.scheduleDelayedItemsLayout)

    def set_thumbnails(self, thumbnail_of: Callable[[str, float], QImage | None]) -> None:
        """Where the pictures of rows in sight come from; see `HistoryDelegate`."""
        self._delegate.thumbnail_of = thumbnail_of

    def set_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Replaces the history; shows where the artist is."""
        current = self.current_id
        self.ideas.set_rows(rows)
        here = next((row.id for row in rows if row.here), "")
        for wanted in (current, here):
            row = self.ideas.row_of(wanted)
            if row >= 0:
                self.setCurrentIndex(self.ideas.index(row))
                break
        row = self.ideas.row_of(here)
        if row >= 0:
            self.scrollTo(self.ideas.index(row))

    @property
    def current_id(self) -> str:
        """Id of the row with the focus, or ""."""
        row = self.currentIndex().data(ROW_ROLE)
        return row.id if isinstance(row, HistoryRow) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk rows and tree; letters are the window's own short keys."""
        key, mods, here = event.key(), event.modifiers(), self.current_id
        alt = bool(mods & Qt.KeyboardModifier.AltModifier)
        control = bool(mods & Qt.KeyboardModifier.ControlModifier)
        plain = not alt and not control
        asks = {
            Qt.Key.Key_F2: self.rename_asked,
            Qt.Key.Key_N: self.note_asked,
            Qt.Key.Key_S: self.star_asked,
            Qt.Key.Key_C: self.compare_asked,
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(here)
        elif key == Qt.Key.Key_Left:
            self._focus(self._parent_of(here))
        elif key == Qt.Key.Key_Right:
            self._focus(self._child_of(here))
        elif alt and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._focus(self._sister_of(here, -1 if key == Qt.Key.Key_PageUp else 1))
        elif control and key == Qt.Key.Key_F:
            self.search_asked.emit()
        elif plain and here and Qt.Key(key) in asks:
            asks[Qt.Key(key)].emit(here)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
                     Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):  # fmt: skip
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes there."""
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).data(ROW_ROLE)
        if event.button() == Qt.MouseButton.LeftButton and isinstance(row, HistoryRow):
            self._go(row.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Resting on a row shows its picture."""
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).data(ROW_ROLE)
        self._rest_on(row.id if isinstance(row, HistoryRow) else "")

    def leaveEvent(self, event: QEvent) -> None:
        """Leaving shows the present picture again."""
        super().leaveEvent(event)
        self._rest_on("")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu of a row."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        row = index.data(ROW_ROLE)
        if isinstance(row, HistoryRow):
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menu_asked.emit(row.id, event.globalPos() if by_mouse else at)

    # -- inner -------------------------------------------------------------------------------

    def _go(self, row_id: str) -> None:
        row = self.ideas.row_of(row_id)
        if row < 0:
            return
        if self.ideas.rows[row].folded:
            self.ideas.unfold(row_id)
        else:
            self.go_asked.emit(row_id)

    def _focus(self, row_id: str) -> None:
        row = self.ideas.row_of(row_id)
        if row >= 0:
            self.setCurrentIndex(self.ideas.index(row))

    def _row(self, row_id: str) -> HistoryRow | None:
        return next((row for row in self.ideas.rows if row.id == row_id), None)

    def _parent_of(self, row_id: str) -> str:
        row = self._row(row_id)
        return "" if row is None else row.parent

    def _children(self, row_id: str) -> list[HistoryRow]:
        return [row for row in self.ideas.rows if row.parent == row_id]

    def _child_of(self, row_id: str) -> str:
        children = self._children(row_id)
        return next((c.id for c in children if c.on_trail), children[0].id if children else "")

    def _sister_of(self, row_id: str, step: int) -> str:
        sisters = [row.id for row in self._children(self._parent_of(row_id))]
        if row_id not in sisters:
            return ""
        return sisters[(sisters.index(row_id) + step) % len(sisters)]

    def _rest_on(self, row_id: str) -> None:
        if row_id == self._hovered:
            return
        self._hovered = row_id
        self._dwell.stop()
        if not row_id:
            self._announce_hover()
        elif self.hover_shows:
            self._dwell.start()

    def _announce_hover(self) -> None:
        if self._hovered != self._announced:
            self._announced = self._hovered
            self.hovered.emit(self._announced)
