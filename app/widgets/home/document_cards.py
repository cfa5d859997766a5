"""Documents as data and model: what stands on a card, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from PySide6.QtCore import QAbstractListModel, Qt

from app.widgets.basics.model_index import ModelIndex

FileState = Literal["whole", "missing", "damaged"]
DOCUMENT_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True)
class DocumentCard:
    """A document that can be opened.

    Attributes:
        id: handed out by signals.
        name: the first line.
        detail: the second line: how many ideas and when, or the idea that was searched for.
        link: what opening does where that is not plain, underlined behind `detail`.
        picture: key of its thumbnail, "" for none.
        pinned: it stands first.
        state: whether the file is there and can be read.
    """

    id: str
    name: str
    detail: str = ""
    link: str = ""
    picture: str = ""
    pinned: bool = False
    state: FileState = "whole"


class DocumentModel(QAbstractListModel):
    """Cards in the order shown."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._cards: list[DocumentCard] = []

    @property
    def cards(self) -> list[DocumentCard]:
        """In the order shown."""
        return list(self._cards)

    def set_cards(self, cards: Sequence[DocumentCard]) -> None:
        """Replaces everything."""
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def row_of(self, card_id: str) -> int:
        """The row of a card, or -1."""
        return next((row for row, card in enumerate(self._cards) if card.id == card_id), -1)

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Number of cards."""
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def data(self, index: ModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The card itself, its name, or what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._cards):
            return None
        card = self._cards[index.row()]
        if role == DOCUMENT_ROLE:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return card.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (card.name, card.detail, card.link)
            return " ".join(f"{part.rstrip('.')}." for part in parts if part)
        return None
