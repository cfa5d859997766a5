"""What gallery scenes are laid out on: a column of samples, each with the name of its state."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme.theme import look
from app.widgets.basics.painting import draw_text


class Sheet(QWidget):
    """A column of named samples on the window's or the panel's grey."""

    def __init__(self, width: int, token: str = "window") -> None:
        super().__init__()
        self._token = token
        self.resize(width, 100)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(14)

    def add(self, *widgets: QWidget) -> None:
        """Adds samples below each other."""
        for widget in widgets:
            self.column.addWidget(widget)

    def paintEvent(self, event: object) -> None:
        """Paints the ground."""
        del event
        QPainter(self).fillRect(self.rect(), getattr(look().tokens, self._token))


class Caption(QWidget):
    """The name of a state, above its sample."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setFixedHeight(18)

    def paintEvent(self, event: object) -> None:
        """Paints the name."""
        del event
        draw_text(QPainter(self), QRectF(self.rect()), self._text, look().tokens.text3, 12)
