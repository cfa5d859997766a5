"""A row of the settings: name and one sentence at the left, the control at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.labels import Sentence


class PreferenceRow(QWidget):
    """What one setting is called and does, and its control. A thin line ends it."""

    def __init__(
        self, title: str, help_: str, control: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.title = Sentence(title, self, weight=SEMIBOLD, token="text")
        self.help = Sentence("", self)
        self._control = control
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.help)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 11, 0, 12)
        row.setSpacing(24)
        row.addLayout(words, 1)
        if control is not None:
            control.setParent(self)
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_help(help_)
        look().changed.connect(self.update)

    def set_help(self, text: str) -> None:
        """Another sentence, such as a figure that was measured."""
        self.help.set_text(text)
        self.help.setVisible(bool(text))
        if self._control is not None:
            self._control.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line at the foot."""
        del event
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, look().tokens.line)
