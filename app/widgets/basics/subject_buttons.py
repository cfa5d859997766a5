from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n.texts import tr
from app.widgets.basics.buttons import PushButton


class SubjectButtons(QWidget):
    """Buttons that say what a model is to find in the picture.

    Signals:
        asked(str): subject, background or person.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("What is to be selected"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, text in (
            ("subject", tr("Subject")),
            ("background", tr("Background")),
            ("person", tr("Person")),
        ):
            button = PushButton(text, self)
            button.setObjectName(f"find-{name}")
            button.clicked.connect(lambda *_, part=name: self.asked.emit(part))
            row.addWidget(button)
