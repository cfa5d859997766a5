from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QWidget,
)

from app.theme.theme import look


class Bar(QWidget):
    """A strip of the window's grey with a line on one side."""

    def __init__(self, name: str, height: int, line: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._height, self._line = height, line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Its height grows with the text."""
        return QSize(200, look().px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints ground and line."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.fillRect(self.rect(), t.window)
        y = 0 if self._line == "top" else self.height() - 1
        painter.fillRect(0, y, self.width(), 1, t.line)
