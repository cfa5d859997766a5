"""The actions of the table as Qt's: shortcuts, menus, and the command field that finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from app.theme.icons import icon
from app.widgets.basics.command_palette import Command
from app.window.actions import ACTIONS, MENUS

if TYPE_CHECKING:
    from collections.abc import Mapping


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def make_actions(owner: QWidget) -> dict[str, QAction]:
    """Every row of the table as an action of `owner`, by its id."""
    made: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for info in ACTIONS:
        action = QAction(_tr(info.text), owner)
        action.setObjectName(f"action-{info.id}")
        action.setShortcuts([QKeySequence(k) for k in info.keys])
        action.setCheckable(info.checkable)
        if info.icon:
            action.setIcon(icon(info.icon, "text2"))
            action.setIconVisibleInMenu(False)
        if info.exclusive:
            group = groups.setdefault(info.exclusive, QActionGroup(owner))
            group.addAction(action)
        owner.addAction(action)
        made[info.id] = action
    return made


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """The menus, with a line where the group changes."""
    for menu_id, title in MENUS:
        menu = bar.addMenu(_tr(title))
        menu.setObjectName(f"menu-{menu_id}")
        menu.setToolTipsVisible(True)
        group = None
        for info in ACTIONS:
            if info.menu != menu_id:
                continue
            if group is not None and info.group != group:
                menu.addSeparator()
            group = info.group
            menu.addAction(actions[info.id])


def palette_commands(actions: Mapping[str, QAction]) -> list[Command]:
    """Everything that can be done, for the command field: words, key, menu, and why not now."""
    menus = dict(MENUS)
    found = []
    for info in ACTIONS:
        action = actions[info.id]
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        place = _tr(menus[info.menu]).replace("&", "") if info.menu else ""
        why = "" if action.isEnabled() else (action.toolTip() or _tr("Not now"))
        text = action.text().replace("&", "").rstrip("…")
        found.append(Command(info.id, text, key, place, info.icon, why))
    return found
