"""The history as rows of a model: what is shown where, and what a screen reader says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, Qt

from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import translate
from app.widgets.history_graph.lanes import HistoryRow, Lanes, lay_out
from app.widgets.prompt.diff import diff_spoken

ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
LANES_ROLE: Final = ROW_ROLE + 1


class HistoryModel(QAbstractListModel):
    """Rows of the history with their place in the graph."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._source: tuple[HistoryRow, ...] = ()
        self._unfolded: set[str] = set()
        self._rows: list[HistoryRow] = []
        self._lanes: list[Lanes] = []

    @property
    def rows(self) -> list[HistoryRow]:
        """Rows as shown."""
        return list(self._rows)

    @property
    def lanes(self) -> list[Lanes]:
        """The graph beside each row."""
        return list(self._lanes)

    def set_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Replaces the history."""
        self.beginResetModel()
        self._source = tuple(rows)
        self._rows, self._lanes = lay_out(self._source, self._unfolded)
        self.endResetModel()

    def unfold(self, row_id: str) -> None:
        """Opens a folded branch."""
        self._unfolded.add(row_id)
        self.set_rows(self._source)

    def row_of(self, row_id: str) -> int:
        """Returns the row of a node, or -1."""
        return next((n for n, row in enumerate(self._rows) if row.id == row_id), -1)

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Number of rows shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: ModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Returns the row, its lanes, or what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == LANES_ROLE:
            return self._lanes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, [row.name, diff_spoken(row.spans), row.note, row.made]))
        return None

    def spoken(self, row: HistoryRow) -> str:
        """Returns the row in words: what changed, when, where it is."""
        parts = [row.name or diff_spoken(row.spans), row.time]
        if row.folded:
            parts.append(translate("History", "{0} ideas, folded").format(row.folded))
        parts += [translate("History", "you are here")] if row.here else []
        parts += [translate("History", "on another branch")] if not row.on_trail else []
        parts += [translate("History", "starred")] if row.starred else []
        return ", ".join(filter(None, parts))
