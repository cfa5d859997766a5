"""The keys that buttons show, as the artist has them now."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from app.widgets.basics.painting import translate


class KeyCaps(QObject):
    """What stands in key caps and tooltips, by the id of the action that a key does.

    The window fills it from its table of actions, so that a key that was changed is shown changed
    wherever it stands.

    Signals:
        changed(): some key is another one now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[str, str] = {}

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Takes the first key of every action that has one, in Qt's portable text."""
        texts = {action_id: key_text(key) for action_id, key in keys.items()}
        if texts != self._keys:
            self._keys = texts
            self.changed.emit()

    def of(self, action_id: str) -> str:
        """Returns the key of an action as a cap shows it, "" for none: `Ctrl Shift Enter`."""
        return self._keys.get(action_id, "")


_current: list[KeyCaps] = []


def key_caps() -> KeyCaps:
    """Returns the running application's keys, made on first use.

    Raises:
        RuntimeError: there is no `QApplication` yet.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("key_caps() needs a QApplication")
    if not _current or _current[0].parent() is not app:
        _current[:] = [KeyCaps(app)]
    return _current[0]


def key_text(key: str) -> str:
    """Returns a key in portable text as a cap shows it: no plus signs, Return is Enter."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    text = re.sub(r"\+(?=.)", " ", text)  # the last one is the key itself: "Ctrl++"
    return re.sub(r"\bReturn$", translate("KeyCaps", "Enter"), text)


def with_key(text: str, action_id: str) -> str:
    """Returns words for a tooltip, followed by the key of an action if it has one."""
    return "  ".join(filter(None, (text, key_caps().of(action_id))))
