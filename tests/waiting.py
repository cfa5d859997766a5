"""Waits of the window's tests. They end when a condition holds: no clock decides.

What never comes is ended by the hang guard of the whole suite (`timeout` in pyproject.toml).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget


def wait_for(condition: Callable[[], object]) -> None:
    """Turn the event loop until the condition holds."""
    while not condition():
        QApplication.processEvents()
        time.sleep(0.002)


def show(widget: QWidget) -> None:
    """Show a widget and wait until its window is on the screen."""
    widget.show()
    handle = widget.window().windowHandle()
    wait_for(handle.isExposed)


def settle() -> None:
    """Deliver what is posted, and what that posts in turn: layouts, signals of other threads."""
    for _ in range(5):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
