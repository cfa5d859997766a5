"""What can be done with one word of a caption."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSlider, QVBoxLayout, QWidget

from app.theme.theme import RADIUS_CARD, SEMIBOLD, look
from app.widgets.basics.buttons import ToolButton
from app.widgets.basics.labels import WHOLE, QuietLabel
from app.widgets.basics.painting import rounded

_STEPS = 20
"""Of the slider to a weight of 1: hundredths would be finer than can be seen."""


class WordCard(QWidget):
    """A word with its weight, and buttons to lock, replace and remove it.

    Signals:
        weighted(float): another weight, 0 to 2.
        lock_asked(), remove_asked()
        replaced(str): what is written in its place.
    """

    weighted = Signal(float)
    lock_asked = Signal()
    remove_asked = Signal()
    replaced = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("word-card")
        self.word = QuietLabel("", self, size=13, weight=SEMIBOLD, token="text", least=WHOLE)
        self.field = QLineEdit(self)
        self.field.setObjectName("word-field")
        self.field.setAccessibleName(self.tr("Write in its place"))
        self.field.editingFinished.connect(self._finish)
        self.field.hide()
        self.lock = ToolButton("lock-open", "", "L", self, size=28, icon_size=15)
        self.lock.setObjectName("word-lock")
        replace = ToolButton("pencil", self.tr("Replace"), self.tr("Enter"), self, size=28,
                             icon_size=15)  # fmt: skip
        replace.setObjectName("word-replace")
        remove = ToolButton("x", self.tr("Remove"), self.tr("Delete"), self, size=28, icon_size=15)
        remove.setObjectName("word-remove")
        self.lock.clicked.connect(self.lock_asked)
        replace.clicked.connect(self.edit)
        remove.clicked.connect(self.remove_asked)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.word)
        head.addWidget(self.field, 1)
        head.addStretch(0)
        for button in (self.lock, replace, remove):
            head.addWidget(button)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("word-weight")
        self.slider.setRange(0, 2 * _STEPS)
        self.slider.valueChanged.connect(lambda v: self.weighted.emit(v / _STEPS))
        self.figure = QuietLabel("", self, size=12, token="text2", least=WHOLE)
        self._weight = QWidget(self)
        line = QHBoxLayout(self._weight)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(QuietLabel(self.tr("Weight"), self, size=13, least=WHOLE))
        line.addWidget(self.slider, 1)
        line.addWidget(self.figure)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._weight)

    def show_word(
        self, word: str, weight: float, *, locked: bool, can_lock: bool, can_weigh: bool
    ) -> None:
        """Show a word; what the method cannot do with it is not offered."""
        self.field.hide()
        self.word.show()
        self.word.set_text(word)
        self.lock.setVisible(can_lock)
        name = self.tr("Unlock") if locked else self.tr("Lock: it stays in rewritten captions")
        self.lock.set_icon("lock" if locked else "lock-open")
        self.lock.explain(name, "L")
        self._weight.setVisible(can_weigh)
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round(weight * _STEPS))
        self.slider.blockSignals(blocked)
        self.slider.setAccessibleName(self.tr("Weight of “{0}”").format(word))
        self.figure.set_text(f"×{weight:g}")

    def edit(self) -> None:
        """Write another word in its place."""
        self.word.hide()
        self.field.setText(self.word.text)
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _finish(self) -> None:
        if self.field.isVisible():
            self.field.hide()
            self.word.show()
            if self.field.text().strip() != self.word.text:
                self.replaced.emit(self.field.text().strip())

    def event(self, event: QEvent) -> bool:
        """Keeps Esc from the window's shortcuts while a word is written."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.field.isVisible()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the word as it was."""
        if event.key() == Qt.Key.Key_Escape and self.field.isVisible():
            self.field.hide()
            self.word.show()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the card."""
        del event
        t = look().tokens
        rounded(QPainter(self), QRectF(self.rect()), RADIUS_CARD, t.raised, t.line)
