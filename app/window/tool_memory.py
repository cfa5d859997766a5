from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from app.canvas.tool_options import MOST_FEATHER
from app.canvas.tools import CanvasTools
from app.runtime.settings import Settings

SETTLE_MS: Final = 400
"""How long after the last change the options are written: a slider moves through many values."""
MOST_TOLERANCE: Final = 100


class ToolMemory(QObject):
    """The options of the tools as they were when the program ended.

    How a shape combines with the selection is not remembered: who begins expects a new one.
    """

    def __init__(self, tools: CanvasTools, settings: Settings, parent: QObject) -> None:
        """Set the tools as the settings remember them, and remember what is changed from now on."""
        super().__init__(parent)
        self._tools, self._settings = tools, settings
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._remember)
        self._restore(settings["tools"])
        self._known = self._values()
        tools.options_changed.connect(self._remember_soon)

    def _remember_soon(self) -> None:
        self._soon.start()

    def _remember(self) -> None:
        values = self._values()
        if values != self._known:
            self._known = values
            self._settings.set("tools", values)

    def _values(self) -> dict[str, Any]:
        brush, options = self._tools.brush, self._tools.options
        return {
            "size": brush.size,
            "hardness": brush.hardness,
            "feather": options.feather,
            "tolerance": options.tolerance,
            "only_touching": options.only_touching,
        }

    def _restore(self, found: dict[str, Any]) -> None:
        """What a hand wrote into the file is brought into its range, or left out."""
        brush, options = self._tools.brush, self._tools.options
        size = _number(found, "size", brush.size)
        hardness = _number(found, "hardness", brush.hardness)
        feather = _number(found, "feather", options.feather)
        tolerance = _number(found, "tolerance", options.tolerance)
        self._tools.set_brush(brush.resized(size).hardened(hardness))
        self._tools.set_options(
            replace(
                options,
                feather=round(min(max(feather, 0), MOST_FEATHER)),
                tolerance=round(min(max(tolerance, 0), MOST_TOLERANCE)),
                only_touching=found.get("only_touching") is not False,
            )
        )


def _number(found: dict[str, Any], name: str, usual: float) -> float:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return usual
    return value
