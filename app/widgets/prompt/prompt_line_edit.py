"""The line the artist writes in, with the keys that mean something there."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPalette
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from app.theme.theme import look


class PromptLineEdit(QPlainTextEdit):
    """One line of 16 px that takes new lines by Shift+Enter and scrolls instead of growing.

    Signals:
        entered(bool): Enter; True with Ctrl.
        up_asked(): ↑ on the first line: to the chips.
        earlier_asked(int): Alt+↑ = -1, Alt+↓ = +1: earlier prompts.
        weight_asked(int): Ctrl+↑ = +1, Ctrl+↓ = -1: weight of the word at the caret.
        escaped(): Esc.
    """

    entered = Signal(bool)
    up_asked = Signal()
    earlier_asked = Signal(int)
    weight_asked = Signal(int)
    escaped = Signal()
    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt")
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One line is seen, so a long wish scrolls sideways instead of out of sight.
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What should change"))
        look().changed.connect(self._relook)
        self._relook()

    def _relook(self) -> None:
        font = look().font(16)
        self.setFont(font)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, look().tokens.text3)
        palette.setColor(QPalette.ColorRole.Text, look().tokens.text)
        self.setPalette(palette)
        self.setFixedHeight(round(QFontMetricsF(font).lineSpacing()) + 3)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Takes words; files and pictures go on to the window, which opens them."""
        if source.hasUrls() or source.hasImage():
            return False
        return super().canInsertFromMimeData(source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keeps the keys the box has a meaning for; the rest is typing."""
        key, mods = event.key(), event.modifiers()
        control = bool(mods & Qt.KeyboardModifier.ControlModifier)
        vertical = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if mods & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.entered.emit(control)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif vertical is not None and mods & Qt.KeyboardModifier.AltModifier:
            self.earlier_asked.emit(vertical)
        elif vertical is not None and control:
            self.weight_asked.emit(-vertical)
        elif key == Qt.Key.Key_Up and self.textCursor().blockNumber() == 0:
            self.up_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Lets the box draw its own focus."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lets the box draw its own focus."""
        super().focusOutEvent(event)
        self.focused.emit(False)
