from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.session.chat import GATES
from app.theme.theme import MEDIUM
from app.widgets.basics.labels import WHOLE, QuietLabel


class GateSlider(QWidget):
    """From "keep everything" to "be free": how much a rewrite may lose.

    Signals:
        changed(float): τ of content integrity, while the slider moves.
    """

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("chat-gate")
        self.slider.setRange(0, len(GATES) - 1)
        self.slider.setPageStep(1)
        self.slider.setAccessibleName(tr("Keep everything or be free"))
        ends = QHBoxLayout()
        ends.addWidget(self._end(tr("Keep everything")))
        ends.addStretch(1)
        ends.addWidget(self._end(tr("Be free")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addLayout(ends)
        column.addWidget(self.slider)
        self.slider.valueChanged.connect(self._moved)

    def show_threshold(self, threshold: float) -> None:
        """Shows where the gate is without telling anybody."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(GATES.index(threshold))
        self.slider.blockSignals(blocked)
        self._say(threshold)

    def _end(self, text: str) -> QuietLabel:
        return QuietLabel(text, self, weight=MEDIUM, token="text", least=WHOLE)

    def _moved(self, stop: int) -> None:
        self._say(GATES[stop])
        self.changed.emit(GATES[stop])

    def _say(self, threshold: float) -> None:
        text = tr("Rewrites that keep less than {0} % come last").format(round(100 * threshold))
        self.slider.setToolTip(text)
        self.slider.setAccessibleDescription(text)
