"""What gallery scenes are laid out on: a column of samples, each with the name of its state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme.theme import look
from app.widgets.basics.painting import draw_text
from app.widgets.prompt.diff import DiffSpan, paint_diff


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


class DiffSample(QWidget):
    """A typed diff, drawn as chips, cards and history draw it."""

    def __init__(self, spans: Sequence[DiffSpan], *, size: int = 13) -> None:
        super().__init__()
        self._spans, self._size = spans, size
        self.setFixedHeight(look().px(size + 11))

    def paintEvent(self, event: object) -> None:
        """Paints the diff."""
        del event
        area, ink = QRectF(self.rect()), look().tokens.text
        paint_diff(QPainter(self), area, self._spans, size=self._size, ink=ink)


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
