from __future__ import annotations

from PySide6.QtWidgets import (
    QVBoxLayout,
    QWidget,
)


class Page(QWidget):
    """A column of rows with the usual margins."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(20, 16, 20, 16)
        self.rows.setSpacing(12)
