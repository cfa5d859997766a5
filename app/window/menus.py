from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.i18n.texts import tr
from app.widgets.basics.command_palette import Command
from app.window.action_set import ActionSet, translated
from app.window.actions import ACTIONS, MENUS

CANVAS_MENU = (
    "zoom_fit", "zoom_100", "zoom_200", "", "view_picture", "view_wipe", "view_side", "view_all",
    "view_changes", "", "select_all", "select_none", "select_invert", "select_feather",
    "select_edges", "", "copy", "paste",
)  # fmt: skip
"""Ids of the actions in a menu; "" is a line."""
ZOOM_MENU = (
    "zoom_fit", "zoom_100", "zoom_200", "zoom_400", "zoom_800", "", "zoom_in", "zoom_out",
)  # fmt: skip
ZOOM_MENU_HEIGHT = 8 * 26
"""Logical pixels from the zoom label up to the menu that opens above it."""
RESULT_MENU = (
    "keep", "refine", "view_side", "paint_in", "more_like", "set_aside", "save_result",
    "copy_seed", "copy_request", "view_changes",
)  # fmt: skip


def fill_menu_bar(bar: QMenuBar, actions: ActionSet) -> None:
    """The menus of the window, with a line where the group changes."""
    for menu_id, title in MENUS:
        menu = bar.addMenu(translated(title))
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


def palette_commands(actions: ActionSet) -> list[Command]:
    """Everything that can be done, for the command field: words, key, menu, and why not now."""
    menus = dict(MENUS)
    found = []
    for info in ACTIONS:
        action = actions[info.id]
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        place = translated(menus[info.menu]).replace("&", "") if info.menu else ""
        why = actions.why_not(info)
        text = action.text().replace("&", "").rstrip("…")
        found.append(Command(info.id, text, key, place, info.icon, why))
    return found


class ContextMenus:
    """The menus that open where something is clicked."""

    def __init__(self, window: QWidget, actions: ActionSet) -> None:
        self._window = window
        self._actions = actions

    def canvas(self, at: QPoint) -> None:
        """Right click on the picture, at a global point."""
        self._open("canvas-menu", CANVAS_MENU, at)

    def zoom(self, label: QWidget) -> None:
        """Above the zoom in the status bar."""
        self._open("zoom-menu", ZOOM_MENU, label.mapToGlobal(QPoint(0, -ZOOM_MENU_HEIGHT)))

    def result(self, at: QPoint) -> None:
        """⋯ and right click on a card, at a global point."""
        self._open("result-menu", RESULT_MENU, at)

    def idea(self, commands: dict[str, Callable[[], object]], at: QPoint) -> None:
        """Right click on an idea in history or map.

        Args:
            commands: what can be done with it, by id: go, compare, star, rename, note.
            at: a global point.
        """
        menu = self._new("history-menu")
        menu.addAction(tr("Go there"), commands["go"])
        menu.addAction(tr("Compare with here"), commands["compare"])
        menu.addSeparator()
        menu.addAction(tr("Star"), commands["star"])
        menu.addAction(tr("Name this idea…"), commands["rename"])
        menu.addAction(tr("Write a note…"), commands["note"])
        menu.popup(at)

    def document(
        self, commands: dict[str, Callable[[], object]], at: QPoint, *, pinned: bool
    ) -> None:
        """Right click on a recent document.

        Args:
            commands: what can be done with it, by id: open, folder, pin, remove.
            at: a global point.
            pinned: it stands first.
        """
        menu = self._new("document-menu")
        menu.addAction(tr("Open"), commands["open"])
        menu.addAction(tr("Show in folder"), commands["folder"])
        menu.addSeparator()
        menu.addAction(tr("Unpin") if pinned else tr("Pin to the front"), commands["pin"])
        menu.addAction(tr("Take off this list"), commands["remove"])
        menu.popup(at)

    def _open(self, name: str, rows: tuple[str, ...], at: QPoint) -> None:
        menu = self._new(name)
        for row in rows:
            if row:
                menu.addAction(self._actions[row])
            else:
                menu.addSeparator()
        menu.popup(at)

    def _new(self, name: str) -> QMenu:
        menu = QMenu(self._window)
        menu.setObjectName(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu
