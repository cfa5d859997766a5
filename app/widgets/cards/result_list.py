"""The list of results and its foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QVBoxLayout, QWidget

from app.theme.theme import look
from app.widgets.basics.buttons import PushButton, ToolButton
from app.widgets.basics.key_caps import key_caps
from app.widgets.basics.labels import QuietLabel
from app.widgets.cards.card_delegate import CardDelegate, card_height
from app.widgets.cards.card_model import CARD_ROLE, CardData, CardModel, CardRow

SETTLE_MS: Final = 160
_FOLD: Final = Qt.Key.Key_Minus


class ResultList(QListView):
    """Results in ranking order.

    Signals:
        looked(str): show this result on the canvas.
        kept(str): Enter or double click: keep it.
        star_asked(str), aside_asked(str): S and Delete.
        menu_asked(str, QPoint): right click, Menu key; global position.
        fan_asked(str): show all results of a stack, or one of them again.
        order_waits(bool): a new order waits until pointer and focus have left the list.
    """

    looked = Signal(str)
    kept = Signal(str)
    star_asked = Signal(str)
    aside_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    fan_asked = Signal(str)
    order_waits = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("candidates")
        self.setAccessibleName(self.tr("Results"))
        self.cards = CardModel(self)
        self._delegate = CardDelegate(self.cards, self)
        self._waiting: list[CardRow] | None = None
        self._stacked = False
        self.setModel(self.cards)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setViewportMargins(8, 6, 8, 4)
        self.verticalScrollBar().setSingleStep(32)
        self._settling = QVariantAnimation(self)
        self._settling.setStartValue(1.0)
        self._settling.setEndValue(0.0)
        self._settling.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._settling.valueChanged.connect(self._settle_on)
        self._from: dict[str, float] = {}
        look().changed.connect(self.scheduleDelayedItemsLayout)

    # -- content -----------------------------------------------------------------------------

    def set_rows(self, rows: Sequence[CardRow]) -> None:
        """Replaces the cards at once: a new job, another idea."""
        self._drop_waiting()
        current = self.current_id
        self.cards.set_rows(rows)
        self._restore(current)

    def update_card(self, card: CardData) -> None:
        """Replaces one card in place; the order does not change."""
        self.cards.update_card(card)

    def propose(self, rows: Sequence[CardRow]) -> None:
        """Settles the cards into a new order, once; waits while the artist is in the list."""
        if self._busy_here():
            self._waiting = list(rows)
            self.order_waits.emit(True)
        else:
            self._settle(rows)

    def sort_now(self) -> None:
        """Applies the waiting order at once."""
        if self._waiting is not None:
            rows = self._waiting
            self._drop_waiting()
            self._settle(rows)

    def set_marks(self, chosen: str = "", other: str = "") -> None:
        """Puts the gold ring on the result looked at, the plain ring on the one compared."""
        self.cards.set_marks(chosen, other)

    @property
    def current_id(self) -> str:
        """Id of the card with the focus, or ""."""
        item = self.currentIndex().data(CARD_ROLE)
        return item.id if isinstance(item, CardData) else ""

    def set_stacked(self, stacked: bool) -> None:
        """Two cards in a row, each with its picture above its words: for a narrow column."""
        self._stacked = stacked
        self.setFlow(QListView.Flow.LeftToRight if stacked else QListView.Flow.TopToBottom)
        self.setWrapping(stacked)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stacked cards share the width."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        # The scroll bar has its room also where there is none, or the pairs would come and go.
        margins, bar = self.viewportMargins(), self.verticalScrollBar().sizeHint().width()
        width = self.width() - margins.left() - margins.right() - bar if self._stacked else 0
        if width != self._delegate.stacked_in:
            self._delegate.stacked_in = width
            self.scheduleDelayedItemsLayout()

    def height_for(self, cards: int, headers: int = 0) -> int:
        """Returns the height at which this many cards need no scrolling."""
        return cards * (card_height() + 4) + headers * look().px(30) + 10

    # -- input -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter keeps, S stars, Delete sets aside, + and − fan out and fold."""
        key, card_id = event.key(), self.current_id
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        elif self._stacked and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and self._can_fan(fold=key == _FOLD):
            self.fan_asked.emit(card_id)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and card_id:
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.kept.emit(card_id)
        elif key == Qt.Key.Key_S and card_id:
            self.star_asked.emit(card_id)
        elif key == Qt.Key.Key_Delete and card_id:
            self.aside_asked.emit(card_id)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            # Letters and digits belong to the window, not to a search inside the list.
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click looks at the result."""
        super().mouseReleaseEvent(event)
        at = event.position()
        index = self.indexAt(at.toPoint())
        card = index.data(CARD_ROLE)
        if event.button() != Qt.MouseButton.LeftButton or not isinstance(card, CardData):
            return
        if self._delegate.alike_at(QRectF(self.visualRect(index)), card, at):
            self.fan_asked.emit(card.id)
        else:
            self.looked.emit(card.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click keeps nothing: it only looks, so a slip costs nothing."""
        self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Opens the card's menu at the pointer, or under the card for the Menu key."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            card = self._card_at(event.pos())
            at = event.globalPos()
        else:
            card = self.current_id
            rect = self.visualRect(self.currentIndex())
            at = self.viewport().mapToGlobal(rect.center())
        if card:
            self.menu_asked.emit(card, at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Starts on the chosen card."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            row = max(self.cards.row_of(self.cards.chosen), 0)
            if self.cards.rowCount():
                self.setCurrentIndex(self.cards.index(row))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lets a waiting order settle."""
        super().focusOutEvent(event)
        if not self._busy_here():
            self.sort_now()

    def leaveEvent(self, event: QEvent) -> None:
        """Lets a waiting order settle."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self.sort_now()

    # -- inner -------------------------------------------------------------------------------

    def _step(self, step: int) -> None:
        row = self.currentIndex().row()
        while 0 <= row + step < self.cards.rowCount():
            row += step
            if isinstance(self.cards.rows[row], CardData):
                self.setCurrentIndex(self.cards.index(row))
                self.looked.emit(self.current_id)
                return

    def _can_fan(self, *, fold: bool) -> bool:
        """Whether the card with the focus is a stack that can be fanned out, or folded."""
        card = self.currentIndex().data(CARD_ROLE)
        return isinstance(card, CardData) and bool(card.alike) and card.fanned == fold

    def _card_at(self, at: QPoint) -> str:
        item = self.indexAt(at).data(CARD_ROLE)
        return item.id if isinstance(item, CardData) else ""

    def _busy_here(self) -> bool:
        return self.isVisible() and (self.hasFocus() or self.viewport().underMouse())

    def _drop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting = None
            self.order_waits.emit(False)

    def _restore(self, card_id: str) -> None:
        row = self.cards.row_of(card_id)
        if row >= 0:
            self.setCurrentIndex(self.cards.index(row))

    def _tops(self) -> dict[str, float]:
        rows = enumerate(self.cards.rows)
        return {
            item.id: float(self.visualRect(self.cards.index(row)).top())
            for row, item in rows
            if isinstance(item, CardData)
        }

    def _settle(self, rows: Sequence[CardRow]) -> None:
        before, current = self._tops(), self.current_id
        self.cards.set_rows(rows)
        self._restore(current)
        duration = look().duration(SETTLE_MS)
        if not duration or not self.isVisible():
            return
        self.executeDelayedItemsLayout()
        after = self._tops()
        self._from = {i: before[i] - y for i, y in after.items() if i in before}
        self._settling.stop()
        self._settling.setDuration(duration)
        self._settling.start()

    def _settle_on(self, share: Any) -> None:
        self._delegate.offsets = {i: d * float(share) for i, d in self._from.items() if d}
        self.viewport().update()


class ResultFoot(QWidget):
    """How the chosen result was made, Keep this, Compare, ⋯.

    Signals:
        keep_asked(), compare_asked(), swap_asked(), menu_asked(QPoint)
        recipe_asked(): copy the recipe.
    """

    keep_asked = Signal()
    compare_asked = Signal()
    swap_asked = Signal()
    menu_asked = Signal(QPoint)
    recipe_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result-foot")
        self.recipe = QuietLabel("", self)
        self.recipe.setObjectName("recipe")
        self.recipe.set_clickable(self.tr("Copy the recipe"))
        self.recipe.clicked.connect(self.recipe_asked)
        self.keep = PushButton(self.tr("Keep this"), self, key=self.tr("Enter"), kind="gold")
        self.keep.setObjectName("keep")
        self.compare = PushButton(self.tr("Compare"), self)
        self.compare.setObjectName("compare")
        self.more = ToolButton("ellipsis", self.tr("More for this result"), "", self, size=34)
        self.more.setObjectName("result-more")
        self.keep.clicked.connect(self.keep_asked)
        self._comparing, self._is_next, self._why = False, True, ""
        self.compare.clicked.connect(self._press_compare)
        self.more.clicked.connect(self._open_more)
        key_caps().changed.connect(self._fit)
        column = QVBoxLayout(self)
        # The row decides what to drop, so it must be allowed to be too narrow for a moment.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(12, 4, 6, 10)
        column.setSpacing(4)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 6, 0)  # words keep the margin that ⋯ has room for
        line.addWidget(self.recipe)
        column.addLayout(line)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.keep)
        row.addWidget(self.compare)
        row.addStretch(1)
        row.addWidget(self.more)
        column.addLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drops the key caps before any word is cut."""
        super().resizeEvent(event)
        self._fit()

    def set_comparing(self, on: bool) -> None:
        """Side by side there is nothing left to compare; the sides can be swapped instead."""
        self._comparing = on
        self._fit()

    def _press_compare(self) -> None:
        (self.swap_asked if self._comparing else self.compare_asked).emit()

    def _fit(self) -> None:
        room = self.width() - 12 - 6 - self.more.sizeHint().width() - 12
        words = self.tr("Swap sides") if self._comparing else self.tr("Compare")
        key = key_caps().of("swap_sides" if self._comparing else "view_side")
        enter = self.tr("Enter")
        cap = enter if self._is_next else ""  # only what is gold shows it
        for mine, others in ((cap, key), (cap, ""), ("", "")):
            if (self.compare.text(), self.compare.key) != (words, others):
                self.compare.set_content(words, others)
            if self.keep.key != mine:
                self.keep.set_content(self.keep.text(), mine)
                self.keep.explain(self.keep.text(), enter, self._why)
            fits = self.keep.sizeHint().width() + self.compare.sizeHint().width() <= room
            if fits:
                break
        self.compare.explain(words, key)
        self.compare.setVisible(fits)  # its key and the view switch remain

    def set_recipe(self, text: str, details: str = "") -> None:
        """Says how the chosen result was made; the details are its tooltip."""
        self.recipe.set_text(text)
        self.recipe.setToolTip(details)

    def set_next_step(self, on: bool) -> None:
        """Keep is gold only where it is the window's one next step, not beside a gold Run."""
        self._is_next = on
        self.keep.set_kind("gold" if on else "quiet")
        self._fit()

    def set_ready(self, ready: bool, *, why: str = "") -> None:
        """Enables the buttons; `why` says why they are not."""
        for button in (self.keep, self.compare, self.more):
            button.setEnabled(ready)
        self._why = "" if ready else why
        self.keep.explain(self.tr("Keep this"), self.tr("Enter"), self._why)

    def _open_more(self) -> None:
        self.menu_asked.emit(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))
