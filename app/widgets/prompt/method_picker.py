"""What the button of the methods says, and the menu that it opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from app.widgets.basics.choice import ChoiceButton
from app.widgets.prompt.method_menu import MethodMenu, Rows


class MethodPicker(QObject):
    """Makes a `ChoiceButton` choose one method or several, from a menu with sentences.

    Signals:
        chosen(str): this one alone.
        toggled(str): this one too, or no longer.
    """

    chosen = Signal(str)
    toggled = Signal(str)

    def __init__(self, button: ChoiceButton) -> None:
        super().__init__(button)
        self._button = button
        self._names: tuple[str, ...] = ()
        self._rows: Rows = tuple
        self._open: MethodMenu | None = None
        button.set_menu(self._menu)
        button.chosen.connect(self.chosen)  # from the plain menu of narrow windows

    def set_rows(self, rows: Rows) -> None:
        """Set what the menu shows, asked for each time it opens."""
        self._rows = rows

    def show_chosen(self, names: Sequence[str]) -> None:
        """Show that these methods are chosen; at least one."""
        self._names = tuple(names)
        several = self.tr("{0} methods").format(len(names)) if len(names) > 1 else ""
        self._button.set_current(names[0], several)

    def _menu(self) -> QMenu:
        menu = self._open = MethodMenu(self._rows(), self._button)
        menu.set_ticked(self._names)
        menu.taken.connect(self.chosen)
        menu.toggled.connect(self._toggle)
        menu.aboutToHide.connect(self._forget)
        menu.action_asked.connect(self._button.action_asked)
        self._button.add_foot(menu)
        return menu

    def _toggle(self, method: str) -> None:
        self.toggled.emit(method)
        if self._open is not None:
            self._open.set_ticked(self._names)

    def _forget(self) -> None:
        self._open = None  # it is deleted once it is hidden
