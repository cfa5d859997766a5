"""The grid of documents: mouse and keys on their cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.theme.theme import look
from app.widgets.home.document_cards import DOCUMENT_ROLE, DocumentCard, DocumentModel
from app.widgets.home.document_delegate import GAP, DocumentDelegate

LEAST_WIDTH: Final = 170
"""Logical width below which a row holds one card less."""
MOST_ACROSS: Final = 6


class DocumentGrid(QListView):
    """Documents in rows; as high as they need, for whoever scrolls it.

    Signals:
        opened(str): click or Enter.
        removed(str): Delete: take it off the list.
        menu_asked(str, QPoint): right click, Menu key; global position.
        typed(str): a letter, which belongs into the search field.
        moved(): another card has the focus.
        resized(): it has another height.
    """

    opened = Signal(str)
    removed = Signal(str)
    menu_asked = Signal(str, QPoint)
    typed = Signal(str)
    moved = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("documents")
        self.setAccessibleName(self.tr("Recent documents"))
        self.documents = DocumentModel(self)
        self._delegate = DocumentDelegate(self)
        self.setModel(self.documents)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look().changed.connect(self._fit)

    def set_cards(self, cards: Sequence[DocumentCard]) -> None:
        """Replaces the documents; the one with the focus keeps it while it is there."""
        current = self.current_id
        self.documents.set_cards(cards)
        row = self.documents.row_of(current)
        if row >= 0:
            self.setCurrentIndex(self.documents.index(row))
        self._fit()

    def set_thumbnails(self, thumbnail_of: Callable[[DocumentCard], QImage | None]) -> None:
        """Where the pictures of cards in sight come from; None while one is not there."""
        self._delegate.thumbnail_of = thumbnail_of

    @property
    def current_id(self) -> str:
        """Id of the card with the focus, or ""."""
        card = self.currentIndex().data(DOCUMENT_ROLE)
        return card.id if isinstance(card, DocumentCard) else ""

    @property
    def across(self) -> int:
        """Cards in a row."""
        return min(max(self.width() // (look().px(LEAST_WIDTH) + GAP), 1), MOST_ACROSS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many in a row as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        across = self.across
        width = max(self.width() - 1, 1) // across
        self._delegate.width = width
        size = self._delegate.card_size()
        self.setGridSize(QSize(width, size.height()))
        rows = -(-self.documents.rowCount() // across)
        if self.height() != rows * size.height():
            self.setFixedHeight(rows * size.height())
            self.resized.emit()
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter opens, Delete takes off the list, letters search."""
        key, card = event.key(), self.current_id
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and card:
            self.opened.emit(card)
        elif key == Qt.Key.Key_Delete and card:
            self.removed.emit(card)
        elif event.text().isprintable() and event.text().strip() and not _is_command(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)
            self.moved.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        super().mouseReleaseEvent(event)
        card = self.indexAt(event.position().toPoint()).data(DOCUMENT_ROLE)
        if event.button() == Qt.MouseButton.LeftButton and isinstance(card, DocumentCard):
            self.opened.emit(card.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The card's menu at the pointer, or under the card for the Menu key."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index, at = self.indexAt(event.pos()), event.globalPos()
        else:
            index = self.currentIndex()
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        card = index.data(DOCUMENT_ROLE)
        if isinstance(card, DocumentCard):
            self.menu_asked.emit(card.id, at)


class GridPlace(QWidget):
    """Holds a grid so that the last card of a row ends where this does, not the gap behind it."""

    def __init__(self, grid: DocumentGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        grid.setParent(self)
        grid.resized.connect(self._follow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The gap lies outside."""
        super().resizeEvent(event)
        self._grid.setGeometry(0, 0, self.width() + GAP, self._grid.height())

    def _follow(self) -> None:
        self.setFixedHeight(self._grid.height())


def _is_command(event: QKeyEvent) -> bool:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.modifiers() & held)
