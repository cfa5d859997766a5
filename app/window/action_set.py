from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from app.runtime.settings import Settings
from app.theme.icons import icon
from app.widgets.basics.key_caps import key_caps
from app.window.actions import ACTIONS, ActionInfo, is_enabled
from app.window.shortcuts import Shortcuts
from app.window.why_not import why_not
from app.window.window_view import WindowView

LONGEST_NAME = 40
"""Characters of an idea's name in a menu."""


def translated(text: str) -> str:
    """A text of the actions table in the artist's language."""
    return QCoreApplication.translate("Actions", text)


class ActionSet:
    """The actions table as Qt actions of one window.

    What is offered and ticked follows from the table's conditions over `view()`, and from nothing
    else: `refresh` evaluates them after every command and whenever the window's state changes.

    Args:
        owner: the window; its shortcuts work everywhere in it.
        view: takes a snapshot of the window.
        settings: remember which keys were changed.
    """

    def __init__(self, owner: QWidget, view: Callable[[], WindowView], settings: Settings) -> None:
        self._view = view
        self.shortcuts = Shortcuts(settings, owner)
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for info in ACTIONS:
            action = _make(info, owner)
            if info.exclusive:
                group = groups.setdefault(info.exclusive, QActionGroup(owner))
                group.addAction(action)
            owner.addAction(action)
            self._actions[info.id] = action
        self._set_keys()
        self.shortcuts.changed.connect(self._set_keys)

    def _set_keys(self) -> None:
        for name, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in self.shortcuts.keys(name)])
        shown = {name: self.shortcuts.keys(name) for name in self._actions}
        key_caps().set_keys({name: keys[0] for name, keys in shown.items() if keys})

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def bind(self, commands: Mapping[str, Callable[..., object]]) -> None:
        """Connect every action with what it does.

        Args:
            commands: by action id, exactly those of the table. An action with a tick of its own
                passes on whether it is ticked now; the others pass nothing.

        Raises:
            ValueError: an action has no command, or a command no action.
        """
        if (odd := set(commands) ^ set(self._actions)) != set():
            raise ValueError(f"not both an action and a command: {sorted(odd)}")
        for info in ACTIONS:
            ticked = info.checked_when is not None and not info.exclusive
            self._connect(self._actions[info.id], commands[info.id], ticked)

    def _connect(self, action: QAction, command: Callable[..., object], ticked: bool) -> None:
        def run(on: bool) -> None:
            if ticked:
                command(on)
            else:
                command()
            self.refresh()

        action.triggered.connect(run)

    def trigger(self, action_id: str) -> None:
        """Do an action by its id; one that is disabled does nothing."""
        self._actions[action_id].trigger()

    def why_not(self, info: ActionInfo) -> str:
        """Why an action cannot be done now, in the artist's language; "" if it can."""
        reason = why_not(info, self._view())
        return translated(reason) if reason else ""

    def refresh(self) -> None:
        """Enable, tick and name every action as the window's state is now."""
        view = self._view()
        for info in ACTIONS:
            action = self._actions[info.id]
            action.setEnabled(is_enabled(info, view))
            if info.checked_when is not None:
                checked = info.checked_when(view)
                if checked or not info.exclusive:  # a group unticks the others by itself
                    action.setChecked(checked)
            if info.named_by is not None:
                action.setText(_named(info, info.named_by(view)))


def _make(info: ActionInfo, owner: QWidget) -> QAction:
    action = QAction(translated(info.text), owner)
    action.setObjectName(f"action-{info.id}")
    action.setCheckable(info.checked_when is not None)
    if info.icon:
        action.setIcon(icon(info.icon, "text2"))
        action.setIconVisibleInMenu(False)
    return action


def _named(info: ActionInfo, name: str) -> str:
    if not name:
        return translated(info.text)
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1].rstrip() + "…"
    return translated(info.named_text).format(name)
