"""A model of the catalogue as a card: what it is, whether it fits, and its installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import RADIUS_CARD, SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, PushButton, ToolButton
from app.widgets.basics.labels import Sentence
from app.widgets.basics.painting import rounded

_BAR: Final = 4
_ICON: Final = 14


@dataclass(frozen=True)
class CardButton:
    """A button of a card or row: what it asks for, its words, its icon.

    Attributes:
        action: what it asks for.
        text: its words; "" shows the icon alone.
        name: for screen readers and the tooltip.
        icon: its icon, "" for none.
        gold: it is the one next step.
    """

    action: str
    text: str
    name: str
    icon: str = ""
    gold: bool = False


@dataclass(frozen=True)
class CardContent:
    """What a card shows.

    Attributes:
        title: the model's name.
        sentence: what it is good for.
        facts: a quiet line, as its size and the memory it needs.
        licence: its name, which can be clicked.
        note: the last line: whether it fits, or where its installation stands.
        icon, token: before the note, and the colour of both.
        share: how much of it is here, 0..1; None without a bar.
        buttons: at the right of the note.
        headline: over the title, as "To repaint photographs"; "" without one.
    """

    title: str
    sentence: str
    facts: str
    licence: str
    note: str
    icon: str = ""
    token: str = "text2"
    share: float | None = None
    buttons: tuple[CardButton, ...] = ()
    headline: str = ""


class NoteLine(QWidget):
    """An icon and a sentence that wraps, in one colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._token = "", "text2"
        self.words = Sentence("", self, size=12)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        look().changed.connect(self._indent)

    def show_note(self, text: str, icon: str, token: str) -> None:
        """Other words."""
        self._icon, self._token = icon, token
        self.words.set_token(token)
        self.words.set_text(text)
        self._indent()

    def _indent(self) -> None:
        left = look().px(_ICON) + 6 if self._icon else 0
        self._row.setContentsMargins(left, 0, 0, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the icon beside the first line."""
        del event
        if self._icon:
            side = look().px(_ICON)
            line = look().px(18)
            top = self.words.y() + (line - side) / 2
            box = QRectF(0, top, side, side)
            paint_icon(QPainter(self), box, self._icon, getattr(look().tokens, self._token), side)


class ShareBar(QWidget):
    """How much of something is done, as a thin line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._share = 0.0

    def set_share(self, share: float) -> None:
        """Show another share, 0..1."""
        self._share = share
        self.setAccessibleName(f"{share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        """4 px high at any text size."""
        return QSize(look().px(80), _BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line and what is done of it."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        edge = t.edge if t.high_contrast else None
        rounded(painter, rect, _BAR / 2, t.line, edge)
        if self._share > 0:
            rect.setWidth(max(rect.width() * min(self._share, 1.0), _BAR))
            rounded(painter, rect, _BAR / 2, t.accent)


class ButtonRow(QWidget):
    """Buttons of a card or row, made anew only where they are others.

    Signals:
        asked(str): the action of a button.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._shown: tuple[CardButton, ...] = ()
        self.buttons: dict[str, PushButton | ToolButton] = {}

    def show_buttons(self, wanted: Sequence[CardButton]) -> None:
        """Show these. The one that is there keeps the focus, else the first new one takes it."""
        if tuple(wanted) == self._shown:
            return
        self._shown = tuple(wanted)
        had_focus = self.window().focusWidget() in self.buttons.values()
        old, self.buttons = self.buttons, {}
        for button in old.values():
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for one in wanted:
            button = self._button(one)
            button.explain(one.name)
            button.setObjectName(f"model-{one.action}")
            button.clicked.connect(partial(self._ask, one.action))
            self.buttons[one.action] = button
            self._row.addWidget(button)
            button.show()
        if had_focus:
            self.focus_first()

    def focus_first(self) -> None:
        """Give the focus to the first button."""
        if self.buttons:
            next(iter(self.buttons.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, one: CardButton) -> PushButton | ToolButton:
        if not one.text:
            return ToolButton(one.icon, one.name, "", self, size=34, icon_size=16)
        return PushButton(one.text, self, kind="gold" if one.gold else "quiet", icon_name=one.icon)

    def _ask(self, action: str, *_: object) -> None:
        self.asked.emit(action)


class ModelCard(QWidget):
    """One model of the catalogue.

    Signals:
        asked(str): the action of a button; "licence" where the licence was clicked.
    """

    asked = Signal(str)

    def __init__(self, content: CardContent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked = bool(content.headline)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.headline = Sentence("", self, size=15, weight=SEMIBOLD, token="text")
        self.title = Sentence("", self, size=15, weight=SEMIBOLD, token="text")
        self.sentence = Sentence("", self)
        self.facts = Sentence("", self, size=12)
        self.licence = LinkButton("", self, size=12, token="text2")
        self.licence.clicked.connect(lambda: self.asked.emit("licence"))
        self.bar = ShareBar(self)
        self.note = NoteLine(self)
        self.foot = ButtonRow(self)
        self.foot.asked.connect(self.asked)
        last = QHBoxLayout()
        last.setSpacing(10)
        last.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        last.addWidget(self.foot, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(2)
        for words in (self.headline, self.title, self.sentence, self.facts):
            column.addWidget(words)
        column.addWidget(self.licence)
        column.addStretch(1)
        column.addSpacing(6)
        column.addWidget(self.bar)
        column.addSpacing(6)
        column.addLayout(last)
        look().changed.connect(self.update)
        self.show_content(content)

    def show_content(self, content: CardContent) -> None:
        """Show other facts."""
        self.setAccessibleName(content.title)
        self.setAccessibleDescription(f"{content.sentence} {content.note}")
        self.headline.set_text(content.headline)
        self.headline.setVisible(bool(content.headline))
        self.title.set_text(content.title)
        self.title.setVisible(not content.headline)
        self.sentence.set_text(content.sentence)
        self.facts.set_text(content.facts)
        self.facts.setVisible(bool(content.facts))
        self.licence.set_content(content.licence)
        self.licence.setVisible(bool(content.licence))
        self.bar.setVisible(content.share is not None)
        self.bar.set_share(content.share or 0.0)
        self.note.show_note(content.note, content.icon, content.token)
        self.foot.show_buttons(content.buttons)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the ground; a proposed one has a bright edge."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        border = t.edge if self._marked or t.high_contrast else t.line
        rounded(painter, rect, RADIUS_CARD, t.raised, border)


class CardGrid(QWidget):
    """Cards beside each other in equal widths, in as many columns as fit.

    Args:
        least: logical width below which a card is not made narrower for a column more.
        most: number of columns.
    """

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least, self._most = least, most
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._cards: tuple[QWidget, ...] = ()
        self._columns = 1

    def set_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these, which stay the caller's."""
        for old in self._cards:
            if old not in cards:
                old.hide()
        self._cards = tuple(cards)
        self._lay_out()

    def resizeEvent(self, event: object) -> None:
        """Another number of columns."""
        del event
        columns = max(1, min(self._most, self.width() // look().px(self._least)))
        if columns != self._columns:
            self._columns = columns
            self._lay_out()

    def _lay_out(self) -> None:
        while self._grid.takeAt(0) is not None:
            pass
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // self._columns, number % self._columns)
            card.show()
        for column in range(self._most):
            self._grid.setColumnStretch(column, int(column < self._columns))
