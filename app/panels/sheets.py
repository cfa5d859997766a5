from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.canvas.thumbnails import Thumbnails
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.panels import wording
from app.session.session import Session
from app.theme.theme import look
from app.widgets.basics.popover import SHADOW, Popover
from app.widgets.cards.card_model import CardData
from app.widgets.cards.result_list import ResultList
from editor.model.edit import Candidate
from editor.model.history import History, HistoryNode
from editor.render.result_blend import ResultBlend

WIDTH = 388
MOST_SHOWN = 4
"""More of them scroll."""


def not_kept(history: History, node: HistoryNode) -> tuple[Candidate, ...]:
    """The results of a node's job that were not kept, best first."""
    kept = {
        c.key for other in history.nodes.values() if other.parent == node.parent
        for c in other.candidates
    }  # fmt: skip
    rest = [c for c in node.siblings if c.key not in kept]

    def rank(candidate: Candidate) -> int:
        place = node.ranking.place(candidate.key)
        return place.rank if place is not None else len(rest)

    return tuple(sorted(rest, key=rank))


class SheetList(ResultList):
    """Results that were not kept. Enter and digits look at them; nothing is kept from here."""

    def event(self, event: QEvent) -> bool:
        """Keeps Enter and digits from the results beside the picture."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._card_of_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter looks at the card with the focus, a digit at the one with that place."""
        key = self._card_of_key(event)
        if key:
            self.looked.emit(key)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            rows = self.cards.rowCount()
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            row = min(max(self.currentIndex().row() + step, 0), rows - 1)
            self.setCurrentIndex(self.cards.index(row))
        else:
            event.ignore()

    def _card_of_key(self, event: QKeyEvent) -> str:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.current_id
        text = event.text()
        if not text.isdigit() or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return ""
        return next((c.id for c in self.cards.cards if str(c.rank) == text), "")


class Sheets(QObject):
    """The popover with what was not kept beside an idea, each with its reason.

    Signals:
        looked(): one of them is on the canvas now.
    """

    looked = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session = session
        self._thumbnails = thumbnails
        self._popover: Popover | None = None
        self._shown: SheetList | None = None
        self._node = ""
        self._waiting: set[str] = set()
        thumbnails.ready.connect(self._on_thumbnail)

    @property
    def cards_shown(self) -> SheetList | None:
        """The cards shown, or None while nothing is fanned out."""
        return self._shown

    def open(self, node_id: str, card: QRect, window: QWidget) -> None:
        """Fan out beside `card` (global)."""
        self.dismiss()
        cards = self._cards(node_id)
        if not cards:
            return
        self._node = node_id
        popover = Popover(tr("Not kept"), window)
        popover.setObjectName("not-kept")
        sheet_list = SheetList(popover)
        sheet_list.setObjectName("sheets")
        sheet_list.setAccessibleName(tr("Not kept"))
        sheet_list.setViewportMargins(0, 0, 0, 0)
        sheet_list.set_rows(cards)
        height = sheet_list.height_for(min(len(cards), MOST_SHOWN))
        sheet_list.setFixedHeight(min(height, max(window.height() - look().px(140), 80)))
        sheet_list.looked.connect(self._look)
        popover.body.addWidget(sheet_list)
        popover.closed.connect(self._closed)
        self._popover, self._shown = popover, sheet_list
        # Beside the card, on the side where there is room; the card itself stays in sight.
        wide = look().px(WIDTH)
        at = window.mapFromGlobal(card.topLeft())
        right = at.x() + card.width() + 12 + wide
        if right + SHADOW > window.width():
            right = max(at.x() - 12, wide)
        popover.open_at(QPoint(right, at.y() - 24), WIDTH)
        sheet_list.setCurrentIndex(sheet_list.cards.index(0))
        sheet_list.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> bool:
        """Close it; False if nothing was open."""
        if self._popover is None or not self._popover.isVisible():
            return False
        self._popover.dismiss()
        return True

    def _closed(self) -> None:
        if self._popover is not None:
            self._popover.deleteLater()
        self._popover = self._shown = None
        self._waiting.clear()

    def _look(self, key: str) -> None:
        node_id = self._node
        self.dismiss()
        if self._session.look_at_result_of(node_id, key):
            self.looked.emit()

    def _on_thumbnail(self, name: str) -> None:
        if self._shown is None or name not in self._waiting:
            return
        for card in self._cards(self._node):
            if card.id == name:
                self._shown.update_card(card)

    def _cards(self, node_id: str) -> list[CardData]:
        document = self._session.document
        node = document.history.nodes.get(node_id) if document is not None else None
        if document is None or node is None or node.parent is None:
            return []
        source = document.history.nodes[node.parent]
        cards = []
        for number, candidate in enumerate(not_kept(document.history, node), 1):
            place = node.ranking.place(candidate.key)
            thumbnail = None
            if source.picture is not None:
                shown = ResultBlend(candidate)
                image = source.picture.image
                thumbnail = self._thumbnails.of_look(image, shown, node.selection)
            self._waiting.add(candidate.key)
            cards.append(
                CardData(
                    id=candidate.key,
                    rank=place.rank if place is not None else number,
                    thumbnail=thumbnail,
                    reason=reason_text(place),
                    method=wording.method_title(candidate.request.method),
                    below=place is not None and not place.passed,
                )
            )
        return cards
