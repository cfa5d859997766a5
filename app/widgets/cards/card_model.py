"""Result cards as data and model: what is known of each result, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QImage

from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import translate
from app.widgets.cards.score_bars import ScoreData, spoken_score

CardState = Literal["waiting", "forming", "stopped", "ready"]
LockState = Literal["none", "exact", "changed"]
CARD_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, eq=False)
class CardData:
    """A result as shown.

    Attributes:
        id: handed out by signals.
        rank: 1 … n; the number key that shows it.
        thumbnail: the whole picture, any size; never cropped. `None` before the first preview.
        action: what this one was asked for, where each was asked for something else.
        reason: what it does best, then what it costs.
        scores: up to three bars.
        state: waiting (nothing yet), forming (previews), stopped (it comes to nothing; `reason`
            says how far it got), ready.
        progress: 0 … 1 while forming.
        method: "InstructPix2Pix" while it forms; with seed when every card says how it was made.
        lock: whether the outside of the selection stayed exact.
        lock_text: "outside changed by 3 of 255"; tooltip and speech.
        lock_short: "3 of 255", beside the sign on the thumbnail.
        below: it does not reach the artist's bar.
        set_aside: dimmed by the artist.
        starred: starred by the artist.
        made: how it was made, spoken last.
        aspect: width / height of the picture, for the room a thumbnail will take.
        alike: how many results are shown as this one, itself counted; 0 for one alone.
        fanned: those results stand in the list by themselves now.
    """

    id: str
    rank: int
    thumbnail: QImage | None = None
    reason: str = ""
    scores: tuple[ScoreData, ...] = ()
    state: CardState = "ready"
    progress: float = 0.0
    method: str = ""
    lock: LockState = "none"
    lock_text: str = ""
    lock_short: str = ""
    below: bool = False
    set_aside: bool = False
    starred: bool = False
    made: str = ""
    aspect: float = 16 / 9
    action: str = ""
    alike: int = 0
    fanned: bool = False

    @property
    def alike_text(self) -> str:
        """What shows the others, or puts them behind this one again; "" for one alone."""
        if not self.alike:
            return ""
        return translate("Card", "Fold") if self.fanned else alike_text(self.alike)

    @property
    def dimmed(self) -> bool:
        """True when the thumbnail is shown at half strength."""
        return self.below or self.set_aside


def alike_text(count: int) -> str:
    """How many results are shown as one."""
    return translate("Card", "{0} alike").format(count)


@dataclass(frozen=True)
class CardHeader:
    """A line between cards: "Below your bar: change too weak"."""

    text: str


CardRow = CardData | CardHeader


class CardModel(QAbstractListModel):
    """Cards and header lines in the order shown."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[CardRow] = []
        self.chosen = ""
        self.other = ""

    @property
    def cards(self) -> list[CardData]:
        """The cards, in the order shown."""
        return [r for r in self._rows if isinstance(r, CardData)]

    @property
    def rows(self) -> list[CardRow]:
        """Cards and headers."""
        return list(self._rows)

    def set_rows(self, rows: Sequence[CardRow]) -> None:
        """Replaces everything."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def update_card(self, card: CardData) -> None:
        """Replaces one card in place: a preview, a score, a star."""
        row = self.row_of(card.id)
        if row >= 0:
            self._rows[row] = card
            index = self.index(row)
            self.dataChanged.emit(index, index)

    def change(self, card_id: str, **values: Any) -> None:
        """Changes fields of one card."""
        row = self.row_of(card_id)
        card = self._rows[row] if row >= 0 else None
        if isinstance(card, CardData):
            self.update_card(replace(card, **values))

    def set_marks(self, chosen: str, other: str) -> None:
        """Sets which cards carry the gold and the plain ring."""
        old = {self.chosen, self.other}
        self.chosen, self.other = chosen, other
        for card_id in old | {chosen, other}:
            row = self.row_of(card_id)
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, card_id: str) -> int:
        """Returns the row of a card, or -1."""
        for row, item in enumerate(self._rows):
            if isinstance(item, CardData) and item.id == card_id:
                return row
        return -1

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Number of cards and headers."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        """Headers are read but cannot be chosen."""
        item = self._rows[index.row()] if index.isValid() else None
        if isinstance(item, CardHeader):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: ModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Returns the card itself, its reason, or what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        item = self._rows[index.row()]
        if role == CARD_ROLE:
            return item
        if isinstance(item, CardHeader):
            texts = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
            return item.text if role in texts else None
        if role == Qt.ItemDataRole.DisplayRole:
            return item.reason or item.method
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [
                item.action,
                item.reason,
                item.lock_text,
                *(s.detail for s in item.scores),
                item.made,
            ]
            return "\n".join(filter(None, lines)) or None
        return None

    def spoken(self, card: CardData) -> str:
        """Returns the card in words: number, state, reason, figures, how it was made."""
        state = ""
        if card.state == "forming":
            state = translate("Card", "{0} %").format(round(card.progress * 100))
        elif card.state == "waiting":
            state = translate("Card", "waiting")
        elif card.id == self.chosen:
            state = translate("Card", "chosen")
        count = len(self.cards) + sum(max(c.alike - 1, 0) for c in self.cards if not c.fanned)
        number = translate("Card", "Result {0} of {1}").format(card.rank, count)
        alike = "" if card.fanned else card.alike_text
        parts = [", ".join(filter(None, [number, state, alike])), card.action, card.reason]
        if card.below:
            parts.append(translate("Card", "Below your bar"))
        if card.scores:
            figures = ", ".join(spoken_score(s) for s in card.scores)
            parts.append(translate("Card", "{0} of 100").format(figures))
        if card.lock == "exact":
            parts.append(translate("Card", "Outside stays exact"))
        elif card.lock == "changed":
            parts.append(card.lock_text)
        parts.append(card.made or card.method)
        marks = [translate("Card", "Starred")] if card.starred else []
        marks += [translate("Card", "Set aside")] if card.set_aside else []
        return " ".join(f"{p.rstrip('.')}." for p in [*parts, *marks] if p)
