"""Find a command: everything the program can do, by its words (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QObject,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, RADIUS_PANEL, look
from app.widgets.basics.labels import QuietLabel
from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import (
    blend,
    draw_key_cap,
    draw_text,
    key_cap_width,
    rounded,
    text_width,
)
from app.widgets.basics.popover import SHADOW, paint_shadow

COMMAND_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
SHOWN: Final = 9
_OWN_KEYS: Final = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Command:
    """Something the program can do.

    Attributes:
        id: handed out when it is run.
        text: its words in the menu.
        key: its key, as shown.
        place: the menu it is in.
        icon: icon name, or "".
        why_not: why it cannot be run now; empty if it can.
        words: other words it may be looked for by.
    """

    id: str
    text: str
    key: str = ""
    place: str = ""
    icon: str = ""
    why_not: str = ""
    words: str = ""


def match(query: str, command: Command) -> float | None:
    """Returns how well a command fits what was typed; `None` where it does not.

    All typed words must start words of the command, or else all letters must follow each other in
    its text; the former always comes before the latter.
    """
    typed = query.casefold().split()
    if not typed:
        return 0.0
    words = f"{command.text} {command.place} {command.words}".casefold().split()
    hits = [next((n for n, w in enumerate(words) if w.startswith(t)), None) for t in typed]
    if all(h is not None for h in hits):
        return 100.0 - sum(h for h in hits if h is not None)
    text, at, gaps = command.text.casefold(), -1, 0
    for letter in "".join(typed):
        found = text.find(letter, at + 1)
        if found < 0:
            return None
        gaps += found - at - 1
        at = found
    return 10.0 - gaps / 10 if gaps < 24 else None


class CommandModel(QAbstractListModel):
    """The commands that fit what was typed, best first; where none does, the nearest ones.

    Attributes:
        found: what is listed.
        fits: False where these are only near.
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._all: tuple[Command, ...] = ()
        self.found: list[Command] = []
        self.fits = True

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Replaces all commands."""
        self._all = tuple(commands)
        self.search("")

    def search(self, query: str) -> None:
        """Keeps what fits, else what is nearest; what can be run comes before what cannot."""
        fits = [(match(query, c), n, c) for n, c in enumerate(self._all)]
        good = [(bool(c.why_not), -m, n, c) for m, n, c in fits if m is not None]
        self.beginResetModel()
        self.found = [c for *_, c in sorted(good, key=lambda g: g[:3])]
        self.fits = bool(self.found)
        self.found = self.found or self._nearest(query)
        self.endResetModel()

    def _nearest(self, query: str) -> list[Command]:
        """At most three commands of which a word is like a word of the query."""
        words = query.casefold().split()
        by_word = {word: c for c in reversed(self._all) for word in c.text.casefold().split()}
        found = [near for word in words for near in get_close_matches(word, by_word, 3, 0.7)]
        return list(dict.fromkeys(by_word[word] for word in found))[:3]

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Number of commands that fit."""
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def data(self, index: ModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Returns the command, or its words."""
        if not index.isValid() or index.row() >= len(self.found):
            return None
        command = self.found[index.row()]
        if role == COMMAND_ROLE:
            return command
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = (command.text, command.place, command.key, command.why_not)
            return ", ".join(filter(None, parts))
        return None


class CommandDelegate(QStyledItemDelegate):
    """Paints a command: icon, words, place, key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """34 high."""
        del option, index
        return QSize(look().px(300), look().px(34))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paints one row; the selected one is where Enter goes."""
        t, px = look().tokens, look().px
        command: Command = index.data(COMMAND_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            border = t.edge if t.high_contrast else None
            rounded(painter, rect.adjusted(0, 1, 0, -1), RADIUS_CONTROL, t.hover, border)
        ink = t.text3 if command.why_not else t.text
        side = px(16)
        if command.icon:
            box = QRectF(rect.left() + 10, rect.top(), side, rect.height())
            paint_icon(painter, box, command.icon, ink, side)
        right = rect.right() - 10
        if command.key:
            right -= key_cap_width(command.key)
            draw_key_cap(painter, right, rect.center().y(), command.key, t.text2,
                         blend(t.raised, t.text2, 0.42))  # fmt: skip
            right -= 10
        left = rect.left() + 10 + side + 10
        width = draw_text(painter, QRectF(left, rect.top(), right - left, rect.height()),
                          command.text, ink, 13, MEDIUM)  # fmt: skip
        note = command.why_not or command.place
        room = right - (left + width + 10)
        if note and room > min(text_width(note, 12), px(40)):
            box = QRectF(left + width + 10, rect.top(), room, rect.height())
            draw_text(painter, box, note, t.text3, 12)
        painter.restore()


class CommandPalette(QWidget):
    """The field and the list under it, over the upper middle of the window.

    Signals:
        run_asked(str): id of the command; the palette has closed and the focus is back.
    """

    run_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("command-palette")
        self.setAccessibleName(self.tr("Find a command"))
        self._back: QWidget | None = None
        self.commands = CommandModel(self)
        self.field = QLineEdit(self)
        self.field.setObjectName("command-field")
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Find a command"))
        self.field.installEventFilter(self)
        self.list = QListView(self)
        self.list.setObjectName("command-list")
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setModel(self.commands)
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(lambda _: self._take())
        self.list.viewport().installEventFilter(self)
        self._none = QuietLabel("", self, size=13, token="text2")
        column = QVBoxLayout(self)
        edge = SHADOW + 8
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        self.field.textChanged.connect(self._search)
        self.hide()

    def open_with(self, commands: Sequence[Command]) -> None:
        """Opens with these commands and an empty field."""
        self._back = self.window().focusWidget()
        self.commands.set_commands(commands)
        self.field.clear()
        self._search("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Closes and gives the focus back."""
        self.hide()
        if self._back is not None and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the field has the focus; leaving the field closes."""
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() in _OWN_KEYS:
                event.accept()  # else Esc would be the window's shortcut and never come here
                return True
            if event.type() == QEvent.Type.KeyPress and self._key(event):
                return True
        elif watched is self.field and event.type() == QEvent.Type.FocusOut:
            if self.isVisible() and self.isActiveWindow():
                self.hide()
        elif watched is self.list.viewport() and isinstance(event, QMouseEvent):
            index = self.list.indexAt(event.position().toPoint())
            if event.type() == QEvent.Type.MouseMove and index.isValid():
                self.list.setCurrentIndex(index)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints shadow and card."""
        del event
        t, painter = look().tokens, QPainter(self)
        paint_shadow(painter, QRectF(self.rect()))
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        rounded(painter, card, RADIUS_PANEL, t.raised, t.edge)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -SHOWN,
                 Qt.Key.Key_PageDown: SHOWN}  # fmt: skip
        if Qt.Key(key) in steps:
            count = len(self.commands.found)
            row = self.list.currentIndex().row() + steps[Qt.Key(key)]
            if count:
                row = row % count if abs(steps[Qt.Key(key)]) == 1 else min(max(row, 0), count - 1)
                self.list.setCurrentIndex(self.commands.index(row))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return True
        if key == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        return False

    def _search(self, query: str) -> None:
        self.commands.search(query)
        if self.commands.fits:
            self.list.setCurrentIndex(self.commands.index(0))
        none = self.tr("No command “{0}”.")
        if self.commands.found:  # they stand in the list, and none is marked: Enter does nothing
            none = self.tr("No command “{0}”. Nearest:")
        self._none.set_text(none.format(query))
        self._none.setVisible(not self.commands.fits)

    def _take(self) -> None:
        command = self.list.currentIndex().data(COMMAND_ROLE)
        if isinstance(command, Command) and not command.why_not:
            self.dismiss()
            self.run_asked.emit(command.id)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(look().px(520), parent.width() - 24) + 2 * SHADOW
        rows = min(SHOWN, max(len(self.commands.found), 1))
        height = look().px(34) * rows + self.field.sizeHint().height() + 2 * SHADOW + 26
        height = min(height, parent.height() - 24)
        self.setGeometry(round((parent.width() - width) / 2), look().px(44) - SHADOW, width, height)
