from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

from app.i18n.texts import tr
from app.panels.pages.page import Page
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import QuietLabel, Sentence


class AmountPage(Page):
    """How many pixels the edge of a selection is softened, moved or smoothed by."""

    def __init__(
        self,
        name: str,
        sentence: str,
        verb: str,
        most: int,
        done: Callable[[float], None],
    ) -> None:
        """Make the page.

        Args:
            name: of the command, for tests and screen readers.
            sentence: what will happen.
            verb: on the button.
            most: pixels, at the right end of the slider.
            done: called with the pixels.
        """
        super().__init__()
        self.rows.addWidget(Sentence(sentence, self))
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(tr("Width in pixels"))
        self.slider.setRange(0, most)
        self.figure = QuietLabel("0 px", self, size=13)
        self.slider.valueChanged.connect(lambda v: self.figure.set_text(f"{v} px"))
        self.slider.setValue(min(24, most))
        apply = PushButton(verb, self, kind="gold")
        apply.setObjectName("page-save")
        apply.clicked.connect(lambda: done(float(self.slider.value())))
        for widget in (self.figure, self.slider, apply):
            self.rows.addWidget(widget)
        self.rows.addStretch(1)
        self.setFocusProxy(self.slider)
