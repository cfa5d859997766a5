"""One option of a tool in a row: its name, a short slider, its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.theme.theme import MEDIUM, look
from app.widgets.basics.labels import WHOLE, QuietLabel

STEPS: Final = 200
"""Places of a slider whose values do not stand at even distances."""


@dataclass(frozen=True)
class SliderScale:
    """How the places of a slider stand for values.

    Attributes:
        steps: number of places after the first.
        value: of a place.
        place: nearest to a value.
    """

    steps: int
    value: Callable[[int], float]
    place: Callable[[float], int]

    @classmethod
    def even(cls, low: int, high: int) -> SliderScale:
        """Whole numbers."""
        return cls(high - low, lambda place: float(low + place), lambda value: round(value) - low)


class OptionSlider(QWidget):
    """A named slider with its value, in one line.

    Signals:
        changed(float): the value the artist set, while the slider moves.
    """

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        scale: SliderScale,
        say: Callable[[float], str],
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Args: `say` is a value in words; `hint` is what the tooltip adds to the name."""
        super().__init__(parent)
        self._scale, self._say = scale, say
        self.name = name
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, scale.steps)
        self.slider.setPageStep(max(1, scale.steps // 10))
        self.slider.setAccessibleName(name)
        self.slider.setToolTip("\n".join(filter(None, [name, hint])))
        self._label = QuietLabel(name, self, size=13, weight=MEDIUM, token="text", least=WHOLE)
        widest = max((say(scale.value(n)) for n in (0, scale.steps)), key=len)
        self._figure = QuietLabel(widest, self, size=13, least=WHOLE)
        self._figure.setFixedWidth(self._figure.sizeHint().width())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._label, self.slider, self._figure):
            row.addWidget(widget)
        self.set_short(False)
        self.slider.valueChanged.connect(self._moved)

    def set_value(self, value: float) -> None:
        """Shows a value without telling anybody."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(self._scale.place(value))
        self.slider.blockSignals(blocked)
        self._show(value)

    def set_short(self, short: bool) -> None:
        """A shorter slider, for narrow windows."""
        self.slider.setFixedWidth(look().px(40 if short else 72))

    def _moved(self, place: int) -> None:
        value = self._scale.value(place)
        self._show(value)
        self.changed.emit(value)

    def _show(self, value: float) -> None:
        """The value in words, also for screen readers, which would read the slider's place."""
        self._figure.set_text(self._say(value))
        self.slider.setAccessibleDescription(self._say(value))
