from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.theme.theme import SEMIBOLD
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from app.widgets.settings.key_capture import KeyCapture, native


@dataclass(frozen=True)
class KeyRow:
    """One action.

    Attributes:
        id: of the action; "" where its keys cannot be changed.
        text: what it does.
        keys: as `QKeySequence` reads them, or words such as "1 – 9".
    """

    id: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class KeySection:
    """The actions of one menu; `title` is its name."""

    title: str
    rows: tuple[KeyRow, ...]


@dataclass(frozen=True)
class KeyOwner:
    """What keys do already.

    Attributes:
        text: what they do.
        fixed: they cannot be taken away from it.
    """

    text: str
    fixed: bool


class KeyTable(Protocol):
    """The keys of all actions, which are changed here."""

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action now."""

    def is_changed(self, action_id: str) -> bool:
        """Whether they are others than the usual ones."""

    def owner(self, key: str, but: str) -> KeyOwner | None:
        """What else keys do already; `but` is the id of the action that wants them."""

    def assign(self, action_id: str, key: str) -> None:
        """Give an action these keys alone, "" for none; another action loses them."""

    def reset(self, action_id: str = "") -> None:
        """The usual keys again, of one action or of all."""


class ShortcutsSection(QWidget):
    """Every action with its keys, by menu, and a search over them."""

    def __init__(self, sections: Sequence[KeySection], table: KeyTable) -> None:
        super().__init__()
        self.setObjectName("shortcuts-section")
        self._table = table
        self.search = QLineEdit(self)
        self.search.setObjectName("shortcuts-search")
        self.search.setPlaceholderText(tr("Search by name or key"))
        self.search.setAccessibleName(tr("Search the shortcuts"))
        self.search.setClearButtonEnabled(True)
        self.reset = LinkButton(tr("Reset all"), self)
        self.reset.setObjectName("shortcuts-reset")
        self.nothing = Sentence("", self)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.search, 1)
        head.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Sentence(tr("Click on keys, then press others."), self))
        column.addLayout(head)
        column.addWidget(self.nothing)
        self._groups: list[tuple[QuietLabel, list[_Row]]] = []
        self.rows: dict[str, _Row] = {}
        for section in sections:
            title = QuietLabel(
                tr(section.title), self, size=13, weight=SEMIBOLD, token="text", least=WHOLE
            )
            title.setContentsMargins(0, 12, 0, 0)
            column.addWidget(title)
            rows = [_Row(row, table, self) for row in section.rows]
            for row in rows:
                column.addWidget(row)
            self._groups.append((title, rows))
            self.rows |= {row.info.id: row for row in rows if row.info.id}
        column.addStretch(1)
        self.search.textChanged.connect(lambda _: self._show_found())
        self.reset.clicked.connect(self._reset_all)
        self.setFocusProxy(self.search)
        self.refresh()
        self._show_found()

    def refresh(self) -> None:
        """Show the keys as they are now."""
        for row in self.rows.values():
            row.refresh()
        self.reset.setEnabled(any(self._table.is_changed(name) for name in self.rows))

    def _reset_all(self) -> None:
        self._table.reset()
        self.refresh()

    def _show_found(self) -> None:
        sought = self.search.text().strip().casefold()
        found = False
        for title, rows in self._groups:
            for row in rows:
                row.setVisible(row.fits(sought))
            some = any(row.fits(sought) for row in rows)
            title.setVisible(some)
            found = found or some
        missing = tr("Nothing is called “{0}”, and no action has that key.")
        self.nothing.set_text(missing.format(self.search.text().strip()))
        self.nothing.setVisible(not found)


class _Row(QWidget):
    """What an action does, its keys, and below what stands in the way of others."""

    def __init__(self, info: KeyRow, table: KeyTable, section: ShortcutsSection) -> None:
        super().__init__(section)
        self.info, self._table, self._section = info, table, section
        self._text = tr(info.text).rstrip("…")
        self._wanted = ""
        self.keys = KeyCapture(self._text, self)
        self.button = self.keys.button
        self.button.setObjectName(f"keys-{info.id}")
        self.keys.show_keys(info.keys)
        self.button.setEnabled(bool(info.id))
        self.back = LinkButton(tr("Reset"), self, size=12)
        self.back.explain(tr("Reset the keys of “{0}”").format(self._text))
        self.conflict = Sentence("", self, size=12, token="warn")
        self.take = LinkButton(tr("Use here"), self, size=12)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(Sentence(self._text, self), 1)
        line.addWidget(self.back)
        line.addWidget(self.button)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(10)
        below.addWidget(self.conflict, 1)
        below.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addLayout(below)
        self.keys.keys_pressed.connect(self._press)
        self.button.clicked.connect(lambda: self._show_conflict(""))
        self.take.clicked.connect(lambda: self._assign(self._wanted))
        self.back.clicked.connect(self._reset)
        self._show_conflict("")
        self.back.hide()

    def refresh(self) -> None:
        """Show the keys as they are now."""
        self.keys.show_keys(self._table.keys(self.info.id))
        self.back.setVisible(self._table.is_changed(self.info.id))
        self._show_conflict("")

    def fits(self, sought: str) -> bool:
        """Whether it is called so, or has such a key."""
        keys = self._table.keys(self.info.id) if self.info.id else self.info.keys
        return sought in self._text.casefold() or sought in native(keys).casefold()

    def _press(self, key: str) -> None:
        owner = self._table.owner(key, self.info.id) if key else None
        if owner is None:
            self._assign(key)
            return
        self._wanted = key
        what = tr(owner.text).rstrip("…")
        words = tr("{0} always means “{1}”.") if owner.fixed else tr("{0} is used for “{1}”.")
        self._show_conflict(words.format(native((key,)), what), may_take=not owner.fixed)

    def _show_conflict(self, words: str, *, may_take: bool = False) -> None:
        self.conflict.set_text(words)
        self.conflict.setVisible(bool(words))
        self.take.setVisible(may_take)

    def _assign(self, key: str) -> None:
        self._table.assign(self.info.id, key)
        self._section.refresh()
        self.button.setFocus()

    def _reset(self) -> None:
        self._table.reset(self.info.id)
        self._section.refresh()
        self.button.setFocus()
