"""A row about a model or file: what it is, how large, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import ToolButton
from app.widgets.basics.labels import QuietLabel, Sentence, below
from app.widgets.models.model_card import ButtonRow, CardButton, ShareBar

_ICON: Final = 16


@dataclass(frozen=True)
class RowContent:
    """What a row shows.

    Attributes:
        title: name of the model or file.
        text: what it does and where it is, or why it is not used.
        size: at the right, "" for none.
        icon, token: before the title, and its colour.
        share: how much is done, 0..1; None without a bar.
        buttons: what is done by a click.
        menu: what stands behind "⋯": action and words.
    """

    title: str
    text: str
    size: str = ""
    icon: str = "check"
    token: str = "ok"
    share: float | None = None
    buttons: tuple[CardButton, ...] = ()
    menu: tuple[tuple[str, str], ...] = ()


class ModelRow(QWidget):
    """One model that is here, or a file that is not used. A thin line ends it.

    Signals:
        asked(str): the action of a button or of the menu.
    """

    asked = Signal(str)

    def __init__(self, content: RowContent, more: str, parent: QWidget | None = None) -> None:
        """Args: `more` is what the menu's button is called."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._content = content
        self.title = Sentence("", self, weight=SEMIBOLD, token="text")
        self.text = Sentence("", self, size=12)
        self.bar = ShareBar(self)
        self.size_label = QuietLabel("", self, least=200)
        self.buttons = ButtonRow(self)
        self.buttons.asked.connect(self.asked)
        self.more = ToolButton("ellipsis", more, "", self, size=28, icon_size=16)
        self.more.clicked.connect(self._open_menu)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(look().px(_ICON) + 9, 8, 0, 9)
        row.setSpacing(10)
        row.addLayout(words, 1)
        for widget in (self.size_label, self.buttons, self.more):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        look().changed.connect(self.update)
        self.show_content(content)

    def show_content(self, content: RowContent) -> None:
        """Show other facts."""
        self._content = content
        self.setAccessibleName(content.title)
        self.setAccessibleDescription(" ".join(filter(None, (content.text, content.size))))
        self.title.set_text(content.title)
        self.text.set_text(content.text)
        self.bar.setVisible(content.share is not None)
        self.bar.set_share(content.share or 0.0)
        self.size_label.set_text(content.size)
        self.size_label.setVisible(bool(content.size))
        self.buttons.show_buttons(content.buttons)
        self.more.setVisible(bool(content.menu))
        self.update()

    def build_menu(self) -> QMenu:
        """The menu behind "⋯"."""
        menu = QMenu(self)
        for action, words in self._content.menu:
            entry = menu.addAction(words)
            entry.setObjectName(action)
            entry.triggered.connect(lambda _=False, name=action: self.asked.emit(name))
        return menu

    def _open_menu(self) -> None:
        menu = self.build_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below(self.more))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the icon beside the title, and the line at the foot."""
        del event
        t, painter, side = look().tokens, QPainter(self), look().px(_ICON)
        top = self.title.y() + (look().px(20) - side) / 2
        ink = getattr(t, self._content.token)
        paint_icon(painter, QRectF(0, top, side, side), self._content.icon, ink, side)
        painter.fillRect(0, self.height() - 1, self.width(), 1, t.line)
