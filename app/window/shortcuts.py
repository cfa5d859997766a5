"""Which keys do what: the defaults of the actions table, and what the artist chose instead."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.i18n.texts import N_
from app.panels.settings.shortcuts_section import KeyOwner
from app.runtime.settings import Settings
from app.window.actions import ACTIONS, BY_ID

FIXED: Final = frozenset({"escape", "keep", *(f"look_{number}" for number in range(10))})
"""Ids of actions whose keys cannot be changed: Esc and Enter mean one thing in every program, and
the digits are the numbers on the results."""

CANVAS_KEYS: Final = {
    "Space": N_("Pan while held"),
    "R": N_("Turn the view by hand"),
    "V": N_("Show the picture before"),
    "\\": N_("Show the picture before"),
    "Left": N_("Move"),
    "Right": N_("Move"),
    "Up": N_("Move"),
    "Down": N_("Move"),
    "Tab": N_("Next control"),
    "Shift+Tab": N_("Previous control"),
}
"""Keys that the canvas or Qt reads itself, many while they are held."""


class Shortcuts(QObject):
    """The keys of every action, remembered in the settings; a `KeyTable`.

    Keys are in Qt's portable text. No two actions have the same keys.

    Signals:
        changed(): some action has other keys now.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action; the first one is shown."""
        own = self._own().get(action_id)
        return BY_ID[action_id].keys if own is None else own

    def is_changed(self, action_id: str) -> bool:
        """Whether the artist chose others than the default."""
        return action_id in self._own()

    def owner(self, key: str, but: str) -> KeyOwner | None:
        """What else keys do already; `but` is the id of the action that wants them."""
        if key in CANVAS_KEYS:
            return KeyOwner(CANVAS_KEYS[key], fixed=True)
        other = self._action_of(key, but)
        return None if not other else KeyOwner(BY_ID[other].text, other in FIXED)

    def assign(self, action_id: str, key: str) -> None:
        """Give an action these keys alone, "" for none; the one that had them loses them.

        Raises:
            ValueError: keys of the action, or these keys, cannot be changed.
        """
        owner = self.owner(key, action_id) if key else None
        if action_id in FIXED or (owner is not None and owner.fixed):
            raise ValueError(f"{action_id} cannot have the keys {key}")
        own = self._own()
        self._take_away(own, (key,), action_id)
        own[action_id] = (key,) if key else ()
        self._remember(own)

    def reset(self, action_id: str = "") -> None:
        """The default keys again, of one action or of all; an action that had them loses them."""
        own = self._own() if action_id else {}
        if action_id:
            own.pop(action_id, None)
            self._take_away(own, BY_ID[action_id].keys, action_id)
        self._remember(own)

    def _own(self) -> dict[str, tuple[str, ...]]:
        """What differs from the defaults; a file written by hand may hold anything."""
        found = self._settings["shortcuts"]
        return {
            name: tuple(key for key in keys if isinstance(key, str))
            for name, keys in found.items()
            if name in BY_ID and name not in FIXED and isinstance(keys, list)
        }

    def _action_of(self, key: str, but: str) -> str:
        wanted = QKeySequence(key)
        for info in ACTIONS:
            keys = map(QKeySequence, self.keys(info.id))
            if info.id != but and any(one == wanted for one in keys):
                return info.id
        return ""

    def _take_away(self, own: dict[str, tuple[str, ...]], keys: tuple[str, ...], but: str) -> None:
        for key in keys:
            other = self._action_of(key, but) if key else ""
            if other:
                rest = own.get(other, BY_ID[other].keys)
                gone = QKeySequence(key)
                own[other] = tuple(one for one in rest if QKeySequence(one) != gone)

    def _remember(self, own: dict[str, tuple[str, ...]]) -> None:
        differs = {name: list(keys) for name, keys in own.items() if keys != BY_ID[name].keys}
        self._settings.set("shortcuts", differs)
        self.changed.emit()
