from __future__ import annotations

from functools import partial
from math import inf

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.canvas.thumbnails import Thumbnails
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.panels import wording
from app.session import runs
from app.session.session import Session
from app.theme.theme import look
from app.widgets.basics.popover import SHADOW, Popover
from app.widgets.cards.card_model import CardData, CardHeader, CardRow
from app.widgets.cards.result_list import ResultList
from editor.model.edit import Candidate
from editor.model.history import History, HistoryNode
from editor.model.ranking import Ranking
from editor.model.selection import Selection
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
    return tuple(sorted(rest, key=partial(_rank, node.ranking)))


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
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            row = self.currentIndex().row() + step
            while 0 <= row < self.cards.rowCount():
                if isinstance(self.cards.rows[row], CardData):
                    self.setCurrentIndex(self.cards.index(row))
                    break
                row += step
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
    """The popover with what was not kept beside an idea and from it, each with its reason.

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
        headers = sum(isinstance(card, CardHeader) for card in cards)
        height = sheet_list.height_for(min(len(cards) - headers, MOST_SHOWN), headers)
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
        first = next(n for n, card in enumerate(cards) if isinstance(card, CardData))
        sheet_list.setCurrentIndex(sheet_list.cards.index(first))
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
            if isinstance(card, CardData) and card.id == name:
                self._shown.update_card(card)

    def _cards(self, node_id: str) -> list[CardRow]:
        """What was not kept beside an idea, then what was tried from it, run by run."""
        document = self._session.document
        node = document.history.nodes.get(node_id) if document is not None else None
        if document is None or node is None:
            return []
        rows: list[CardRow] = []
        if node.parent is not None:
            source = document.history.nodes[node.parent]
            for candidate in not_kept(document.history, node):
                rows.append(self._card(source, candidate, node.ranking, node.selection, len(rows)))
        for job in runs.not_kept(document, node_id):
            rows.append(CardHeader(runs.words_of(job) or tr("Explored")))
            first = len(rows)
            in_order = sorted(job.candidates, key=partial(_rank, job.ranking))
            rows += (
                self._card(node, c, job.ranking, job.selection, number - first)
                for number, c in enumerate(in_order, first)
            )
        return rows

    def _card(
        self,
        source: HistoryNode,
        candidate: Candidate,
        ranking: Ranking | None,
        selection: Selection | None,
        number: int,
    ) -> CardData:
        """The card of a result that started from `source`; `number` counts from 0."""
        place = ranking.place(candidate.key) if ranking is not None else None
        thumbnail = None
        if source.picture is not None:
            image = source.picture.image
            thumbnail = self._thumbnails.of_look(image, ResultBlend(candidate), selection)
        self._waiting.add(candidate.key)
        return CardData(
            id=candidate.key,
            rank=place.rank if place is not None else number + 1,
            thumbnail=thumbnail,
            reason=reason_text(place),
            method=wording.method_title(candidate.request.method),
            below=place is not None and not place.passed,
        )


def _rank(ranking: Ranking | None, candidate: Candidate) -> float:
    """Its place; those without one come last."""
    place = ranking.place(candidate.key) if ranking is not None else None
    return place.rank if place is not None else inf
