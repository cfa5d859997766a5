"""Sliders that say in words how much: "Follow the words … most"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.theme.theme import MEDIUM
from app.widgets.basics.labels import QuietLabel


class WordSlider(QWidget):
    """A named slider with as many steps as words.

    Signals:
        changed(int): the step, while it moves.
    """

    changed = Signal(int)

    def __init__(
        self, name: str, words: Sequence[str], value: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._words = name, tuple(words)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, len(self._words) - 1)
        self.slider.setPageStep(1)
        self._word = QuietLabel("", self)
        line = QHBoxLayout()
        line.addWidget(QuietLabel(name, self, size=13, weight=MEDIUM, token="text"))
        line.addStretch(1)
        line.addWidget(self._word)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.setValue(value)
        self._say()

    @property
    def value(self) -> int:
        """The step, 0 … number of words - 1."""
        return self.slider.value()

    def set_value(self, value: int) -> None:
        """Moves the slider without telling anybody."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(blocked)
        self._say()

    def _on_moved(self, value: int) -> None:
        self._say()
        self.changed.emit(value)

    def _say(self) -> None:
        word = self._words[self.slider.value()]
        self._word.set_text(word)
        self.slider.setAccessibleName(f"{self._name}: {word}")
        self.setAccessibleName(self._name)
