from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from app.runtime.settings import Settings
from inference.request.registry import METHODS

AUTO: Final = "auto"
"""Leaves the choice of the method to the program."""


class ChosenMethods(QObject):
    """The methods that answer the next words: one, several side by side, or Auto; remembered.

    Signals:
        changed(): others are chosen.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def names(self) -> tuple[str, ...]:
        """Registry names, in the order they are offered; () leaves the choice to Auto."""
        stored = str(self._settings["method"]).split(",")
        return tuple(name for name, info in METHODS.items() if name in stored and not info.begins)

    @property
    def first(self) -> str:
        """The first of them, whose settings and model are shown; `AUTO` where none is chosen."""
        return (*self.names, AUTO)[0]

    def choose(self, *names: str) -> None:
        """Take these from now on; none of them, or `AUTO`, leaves the choice to the program."""
        wanted = [name for name in METHODS if name in names]
        self._settings.set("method", ",".join(wanted) or AUTO)
        self.changed.emit()

    def toggle(self, name: str) -> None:
        """Add a method to those that are chosen, or leave it out; `AUTO` takes all of them out."""
        if name == AUTO:
            self.choose()
        elif name in self.names:
            self.choose(*(one for one in self.names if one != name))
        else:
            self.choose(*self.names, name)

    def count(self, wanted: int) -> int:
        """How many results to ask for, so that each chosen method gives at least one."""
        return max(wanted, len(self.names))
