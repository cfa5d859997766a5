"""A button that shows the keys of an action and takes others: click, then press them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.i18n.texts import tr
from app.widgets.basics.buttons import PushButton

_MODIFIERS: Final = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
)  # fmt: skip
_LEAVES: Final = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_CLEARS: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


def native(keys: tuple[str, ...]) -> str:
    """Keys as the system writes them; what is no key ("1 – 9") as it is."""
    form = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(form) or key for key in keys)


class KeyButton(PushButton):
    """Shows keys; once clicked it waits for others.

    Signals:
        keys_pressed(str): in Qt's portable text, "" to have none. Esc and Tab change nothing.
    """

    keys_pressed = Signal(str)
    waits = False
    """Whether the next keys are taken; Qt sends events before `__init__` has ended."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Args: `name` is what the keys do."""
        super().__init__("", parent, kind="flat", height=28)
        self._name = name
        self._keys: tuple[str, ...] = ()
        self.clicked.connect(lambda: self.wait(not self.waits))

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Show the keys that there are now."""
        self._keys = keys
        self.wait(False)

    def wait(self, on: bool) -> None:
        """Take the next keys, or no longer."""
        self.waits = on
        shown = tr("Press keys") if on else native(self._keys) or tr("None")
        self.set_kind("quiet" if on else "flat")
        self.set_content(shown)
        self.explain(f"{self._name}: {shown}", why=tr("Esc: as it was. Delete: no keys") * on)

    def event(self, event: QEvent) -> bool:
        """Keeps the keys from the window's shortcuts while it waits for them."""
        if self.waits and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self.waits and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _LEAVES:
                self.wait(False)
            else:
                self.keyPressEvent(event)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Takes the keys it waits for."""
        key = Qt.Key(event.key())
        if not self.waits:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self.wait(False)
        elif key not in _MODIFIERS:
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            plain = modifiers == Qt.KeyboardModifier.NoModifier
            pressed = QKeySequence(QKeyCombination(modifiers, key))
            form = QKeySequence.SequenceFormat.PortableText
            self.wait(False)
            self.keys_pressed.emit("" if plain and key in _CLEARS else pressed.toString(form))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere changes nothing."""
        super().focusOutEvent(event)
        self.wait(False)
