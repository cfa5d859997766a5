from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QScrollArea,
    QWidget,
)

from app.panels.wording import tr
from app.theme.theme import SEMIBOLD
from app.widgets.basics.labels import QuietLabel
from app.window.actions import ACTIONS, MENUS


class KeysPage(QScrollArea):
    """Every key, by menu."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keys-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(20, 12, 20, 16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        row = 0
        titles = {**{m: t.replace("&", "") for m, t in MENUS}, "": tr("Tools and results")}
        for menu, title in titles.items():
            found = [a for a in ACTIONS if a.menu == menu and a.keys]
            if not found:
                continue
            heading = QuietLabel(tr(title), body, size=13, weight=SEMIBOLD, token="text")
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for info in found:
                if info.id.startswith("look_") and info.id not in ("look_0", "look_1"):
                    continue
                keys = [
                    QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText)
                    for k in info.keys
                ]
                shown = "1 – 9" if info.id == "look_1" else "  ".join(keys)
                grid.addWidget(QuietLabel(tr(info.text).rstrip("…"), body, size=13), row, 0)
                grid.addWidget(QuietLabel(shown, body, size=12, token="text3"), row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        self.setWidget(body)
