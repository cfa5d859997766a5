"""The ideas of the map as data and model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, Qt

from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import translate
from app.widgets.history_graph.lanes import HistoryRow
from app.widgets.prompt.diff import diff_spoken, diff_text

IDEA_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, eq=False)
class Idea:
    """A card of the map.

    Attributes:
        row: the idea as the history list knows it.
        sheets: results of the same job that were not kept.
    """

    row: HistoryRow
    sheets: int = 0

    @property
    def id(self) -> str:
        """Handed out by signals."""
        return self.row.id

    def matches(self, words: str) -> bool:
        """Returns True if every one of `words` occurs in what is said or noted about it."""
        searched = " ".join((self.row.name, diff_text(self.row.spans), self.row.note)).casefold()
        return all(word in searched for word in words.casefold().split())


class IdeaModel(QAbstractListModel):
    """Ideas, parents before children; screen readers read the map as this list."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ideas: list[Idea] = []
        self._rows: dict[str, int] = {}

    @property
    def ideas(self) -> list[Idea]:
        """Every idea."""
        return self._ideas

    def set_ideas(self, ideas: Sequence[Idea]) -> None:
        """Replaces everything; where nothing came or went, positions and focus stay."""
        same = [i.id for i in ideas] == [i.id for i in self._ideas]
        if not same:
            self.beginResetModel()
        self._ideas = list(ideas)
        self._rows = {idea.id: n for n, idea in enumerate(ideas)}
        if not same:
            self.endResetModel()
        elif ideas:
            self.dataChanged.emit(self.index(0), self.index(len(ideas) - 1))

    def row_of(self, idea_id: str) -> int:
        """Returns the row of an idea, or -1."""
        return self._rows.get(idea_id, -1)

    def idea(self, idea_id: str) -> Idea | None:
        """Returns an idea, or None."""
        row = self.row_of(idea_id)
        return self._ideas[row] if row >= 0 else None

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Number of ideas."""
        return 0 if parent is not None and parent.isValid() else len(self._ideas)

    def data(self, index: ModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Returns the idea, its tooltip, or what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._ideas):
            return None
        idea = self._ideas[index.row()]
        if role == IDEA_ROLE:
            return idea
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(idea)
        if role == Qt.ItemDataRole.ToolTipRole:
            row = idea.row
            lines = [row.name, diff_text(row.spans), row.time, row.note, self._not_kept(idea)]
            return "\n".join(dict.fromkeys(filter(None, lines)))
        return None

    def spoken(self, idea: Idea) -> str:
        """Returns the card in words: what changed, from what, when, where it is."""
        row = idea.row
        parts = [row.name or diff_spoken(row.spans), row.time]
        parent = self.idea(row.parent)
        if parent is not None:
            before = parent.row.name or diff_spoken(parent.row.spans)
            parts.append(translate("Map", "made from {0}").format(before))
        parts += [translate("Map", "you are here")] if row.here else []
        parts += [translate("Map", "on another branch")] if not row.on_trail else []
        parts += [translate("Map", "starred")] if row.starred else []
        parts.append(self._not_kept(idea))
        return ", ".join(filter(None, parts))

    @staticmethod
    def _not_kept(idea: Idea) -> str:
        if not idea.sheets:
            return ""
        if idea.sheets == 1:
            return translate("Map", "1 result not kept")
        return translate("Map", "{0} results not kept").format(idea.sheets)
