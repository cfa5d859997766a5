from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from app.i18n.texts import tr
from app.theme.theme import SEMIBOLD
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence


@dataclass(frozen=True)
class KeySection:
    """The shortcuts of one menu.

    Attributes:
        title: of the menu.
        rows: what each does, and its keys as `QKeySequence` reads them.
    """

    title: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


class KeysPage(QScrollArea):
    """Every shortcut, by menu."""

    def __init__(self, sections: tuple[KeySection, ...]) -> None:
        super().__init__()
        self.setObjectName("keys-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 20, 16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        row = 0
        for section in sections:
            heading = QuietLabel(tr(section.title), body, size=13, weight=SEMIBOLD, token="text")
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for text, keys in section.rows:
                grid.addWidget(Sentence(tr(text).rstrip("…"), body), row, 0)
                shown = "  ".join(_native(key) for key in keys)
                grid.addWidget(QuietLabel(shown, body, size=12, token="text3", least=WHOLE), row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        self.setWidget(body)


def _native(key: str) -> str:
    """Keys as the system writes them; what is no key ("1 – 9") as it is."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key
