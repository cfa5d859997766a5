"""A LoRA file: whether it is in use, and how much it counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, PushButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.switch import Switch

MOST: Final = 1.5
_STEPS: Final = 30
"""Places of the slider, .05 apart."""


class LoraRow(QWidget):
    """Switch, name, weight and its slider, and words that bring it out. A thin line ends it.

    Signals:
        changed(object): the weight the artist set; None where it was switched off.
        word_asked(str): a word is to be put into the prompt.
        base_asked(): the model that it was made for is to be installed.
    """

    changed = Signal(object)
    word_asked = Signal(str)
    base_asked = Signal()

    def __init__(
        self,
        name: str,
        made_for: str,
        weight: float | None,
        off: str,
        parent: QWidget | None = None,
        words: Sequence[tuple[str, str]] = (),
        install_base: str = "",
    ) -> None:
        """Show a file.

        Args:
            name: of the file.
            made_for: the models it fits, "" for nothing.
            weight: None for one that is not in use.
            off: stands for the weight then.
            parent: Qt's owner.
            words: that bring it out, each with the text of its link.
            install_base: words of the button that installs the model it was made for, "" for none.
        """
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._off = off
        self.setAccessibleName(name)
        self.switch = Switch(name, self)
        self.switch.setChecked(weight is not None)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(4)
        self.slider.setTracking(False)  # a weight is stored when it is let go
        self.slider.setAccessibleName(name)
        self.slider.setValue(round((1.0 if weight is None else weight) / MOST * _STEPS))
        self.figure = QuietLabel("", self, size=13, least=60)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(Sentence(name, self, weight=SEMIBOLD, token="text"), 1)
        line.addWidget(self.figure)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(line)
        if made_for:
            column.addWidget(Sentence(made_for, self, size=12))
        if install_base:
            self.install = PushButton(install_base, self, icon_name="download")
            self.install.clicked.connect(lambda *_: self.base_asked.emit())
            column.addWidget(self.install, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.slider)
        self.links = [LinkButton(text, self, size=12, token="text2") for _, text in words]
        for link, (word, _) in zip(self.links, words, strict=True):
            link.clicked.connect(partial(self._ask_word, word))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 9)
        row.setSpacing(12)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.switch.clicked.connect(self._change)
        self.slider.valueChanged.connect(self._change)
        self.slider.sliderMoved.connect(self._show_place)
        self._show()
        look().changed.connect(self.update)

    @property
    def weight(self) -> float:
        """What the slider stands at."""
        return _weight(self.slider.value())

    def _change(self, *_: object) -> None:
        self._show()
        self.changed.emit(self.weight if self.switch.isChecked() else None)

    def _ask_word(self, word: str, *_: object) -> None:
        self.word_asked.emit(word)

    def _show(self) -> None:
        on = self.switch.isChecked()
        self.slider.setEnabled(on)
        if on:
            self._show_place(self.slider.value())
        else:
            self._say(self._off)

    def _show_place(self, place: int) -> None:
        self._say(f"{_weight(place):.2f}".removesuffix("0"))

    def _say(self, text: str) -> None:
        self.figure.set_text(text)
        self.slider.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the line at the foot."""
        del event
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, look().tokens.line)


def _weight(place: int) -> float:
    return round(place * MOST / _STEPS, 2)
