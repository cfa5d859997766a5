from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QSlider,
)

from app.i18n.texts import tr
from app.panels.pages.page import Page
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import QuietLabel, Sentence


class FeatherPage(Page):
    """How wide the soft edge inside the selection is."""

    def __init__(self, longest: int, done: Callable[[float], None]) -> None:
        super().__init__()
        self.rows.addWidget(
            Sentence(tr("The edge softens inwards, so that the outside stays exact."), self)
        )
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("feather")
        self.slider.setAccessibleName(tr("Width of the soft edge in pixels"))
        self.slider.setRange(0, max(8, longest // 10))
        self.figure = QuietLabel("0 px", self, size=13)
        self.slider.valueChanged.connect(lambda v: self.figure.set_text(f"{v} px"))
        self.slider.setValue(min(24, self.slider.maximum()))
        apply = PushButton(tr("Soften"), self, kind="gold")
        apply.setObjectName("page-save")
        apply.clicked.connect(lambda: done(float(self.slider.value())))
        for widget in (self.figure, self.slider, apply):
            self.rows.addWidget(widget)
        self.rows.addStretch(1)
        self.setFocusProxy(self.slider)
