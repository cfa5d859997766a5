"""The keys of an action on a button, which takes others: click, then press them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
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


class KeyCapture(QObject):
    """Shows keys on a button; once that is clicked it waits for others.

    Attributes:
        button: shows the keys.
        waits: the next keys are taken.

    Signals:
        keys_pressed(str): in Qt's portable text, "" to have none. Esc and Tab change nothing.
    """

    keys_pressed = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        """Args: `name` is what the keys do; `parent` has the button."""
        super().__init__(parent)
        self._name = name
        self._keys: tuple[str, ...] = ()
        self.waits = False
        self.button = PushButton("", parent, kind="flat", height=28)
        self.button.installEventFilter(self)
        self.button.clicked.connect(lambda: self.wait(not self.waits))

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Show the keys that there are now."""
        self._keys = keys
        self.wait(False)

    def wait(self, on: bool) -> None:
        """Take the next keys, or no longer."""
        self.waits = on
        shown = tr("Press keys") if on else native(self._keys) or tr("None")
        self.button.set_kind("quiet" if on else "flat")
        self.button.set_content(shown)
        why = tr("Esc: as it was. Delete: no keys") if on else ""
        self.button.explain(f"{self._name}: {shown}", why=why)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the keys from the window's shortcuts while it waits for them."""
        del watched
        kind = event.type()
        if not self.waits:
            return False
        if kind == QEvent.Type.FocusOut:  # whoever goes elsewhere changes nothing
            self.wait(False)
        elif kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take(event)
        return False

    def _take(self, event: QKeyEvent) -> bool:
        """Take the keys; False where they are not for here."""
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return True
        self.wait(False)
        if key in _LEAVES:
            return False
        if key != Qt.Key.Key_Escape:
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            plain = modifiers == Qt.KeyboardModifier.NoModifier
            pressed = QKeySequence(QKeyCombination(modifiers, key))
            form = QKeySequence.SequenceFormat.PortableText
            self.keys_pressed.emit("" if plain and key in _CLEARS else pressed.toString(form))
        return True
