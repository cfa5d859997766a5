"""A button that opens a menu of choices, of which one holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.theme.icons import icon, paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.painting import disabled_box, draw_text, rounded, text_width

_MARK = 12
"""Room for the dot, before text scaling."""


@dataclass(frozen=True)
class Choice:
    """An entry of a choice button.

    Attributes:
        id: handed out when chosen.
        text: shown in the menu.
        short: shown on the button in narrow windows, `text` if empty.
        sentence: what it does, with memory and licence; under the words in the menu.
    """

    id: str
    text: str
    short: str = ""
    sentence: str = ""


class ChoiceButton(Button):
    """Words with a small arrow that open a menu of choices.

    Signals:
        chosen(str): id of the entry taken.
        action_asked(str): id of an entry at the foot, which is no choice.
    """

    chosen = Signal(str)
    action_asked = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[Choice] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._compact = name, False
        self._choices: tuple[Choice, ...] = ()
        self._current = self._text = ""
        self._foot: tuple[tuple[str, str], ...] = ()
        self._make_menu: Callable[[], QMenu] = self.build_menu
        self._marked = False
        self.clicked.connect(self.open_menu)
        self.set_choices(choices)

    @property
    def current(self) -> str:
        """Id of the chosen entry."""
        return self._current

    @property
    def has_choices(self) -> bool:
        """True if there is something to choose."""
        return bool(self._choices)

    def set_choices(self, choices: Sequence[Choice], current: str | None = None) -> None:
        """Replaces the entries; keeps the chosen one where it still exists."""
        self._choices = tuple(choices)
        ids = [c.id for c in self._choices]
        wanted = self._current if current is None else current
        self._current = wanted if wanted in ids else (ids[0] if ids else "")
        self._describe()

    def set_current(self, choice_id: str, text: str = "") -> None:
        """Chooses an entry without telling anybody; the button says `text`, else the entry."""
        self._current, self._text = choice_id, text
        self._describe()

    def set_compact(self, compact: bool) -> None:
        """Shows the short words."""
        self._compact = compact
        self._describe()

    def set_menu(self, make: Callable[[], QMenu]) -> None:
        """Sets what makes the menu that a click opens, in place of `build_menu`."""
        self._make_menu = make

    def set_foot(self, entries: Sequence[tuple[str, str]]) -> None:
        """Set the last entries behind a line, such as "Settings…": words and ids."""
        self._foot = tuple(entries)

    def set_mark(self, marked: bool) -> None:
        """Show a dot behind the words: what is chosen is not as delivered."""
        if marked != self._marked:
            self._marked = marked
            self._describe()

    def open_menu(self) -> None:
        """Opens the menu over or under the button."""
        menu = self._make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        below = self.mapToGlobal(QPoint(0, self.height() + 4))
        screen = self.screen().availableGeometry()
        height = menu.sizeHint().height()
        if below.y() + height > screen.bottom():
            below = self.mapToGlobal(QPoint(0, -height - 4))
        menu.popup(below)

    def build_menu(self) -> QMenu:
        """Returns the menu of the present choices."""
        menu = QMenu(self)
        menu.setAccessibleName(self._name)
        menu.setToolTipsVisible(True)
        for choice in self._choices:
            action = QAction(choice.text, menu)
            action.setToolTip(choice.sentence)
            action.setStatusTip(choice.sentence)
            if choice.id == self._current:
                action.setIcon(icon("check"))
            action.triggered.connect(lambda _=False, c=choice: self._take(c))
            menu.addAction(action)
        self.add_foot(menu)
        return menu

    def add_foot(self, menu: QMenu) -> None:
        """Adds the entries of the foot to a menu."""
        if self._foot:
            menu.addSeparator()
        for text, action in self._foot:
            entry = menu.addAction(text)
            entry.triggered.connect(lambda _=False, a=action: self.action_asked.emit(a))

    def _take(self, choice: Choice) -> None:
        changed = choice.id != self._current or bool(self._text)
        self.set_current(choice.id)
        if changed:
            self.chosen.emit(choice.id)

    def _describe(self) -> None:
        found = next((c for c in self._choices if c.id == self._current), None)
        text = self._words(found)
        self.setText(text)
        state = self.tr("changed settings") if self._marked else ""
        self.setAccessibleName(", ".join(filter(None, [f"{self._name}: {text}", state])))
        self.setToolTip("\n".join(filter(None, [self._name, found.sentence if found else ""])))
        self._relook()

    def _words(self, choice: Choice | None) -> str:
        """What the button says of the chosen entry."""
        if choice is None or self._text:
            return self._text
        return choice.short if self._compact and choice.short else choice.text

    def sizeHint(self) -> QSize:
        """The words of the present choice and the arrow."""
        width = text_width(self.text(), 13, MEDIUM) + look().px(14) + 6 + 2 * look().px(9)
        width += look().px(_MARK) if self._marked else 0
        return QSize(round(width), look().px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints words and arrow."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        hot = self.isEnabled() and (self.underMouse() or self.isDown())
        if hot:
            rounded(painter, rect, RADIUS_CONTROL, t.hover)
        ink = t.text if hot else t.text2
        if not self.isEnabled():
            ink = t.text3
            disabled_box(painter, rect, RADIUS_CONTROL)
        pad, side = look().px(9), look().px(14)
        mark = look().px(_MARK) if self._marked else 0
        area = rect.adjusted(pad, 0, -pad - side - 6 - mark, 0)
        x = area.left() + draw_text(painter, area, self.text(), ink, 13, MEDIUM) + 6
        if mark:
            dot = look().px(6)
            top = rect.center().y() - dot / 2
            rounded(painter, QRectF(x, top, dot, dot), dot / 2, t.accent)
            x += mark
        box = QRectF(x, rect.top() + 1, side, rect.height())
        paint_icon(painter, box, "chevron-down", ink, side)
