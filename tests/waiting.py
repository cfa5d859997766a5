"""Waits of the window's tests. They end when a condition holds: no clock decides.

What never comes is ended by the hang guard of the whole suite (`timeout` in pyproject.toml).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, QVariantAnimation
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

One = TypeVar("One", bound=QObject)


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
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def fire_timers(roots: Sequence[QObject], below_ms: int) -> bool:
    """Let what waits for less than this fire now, the earliest first; True if anything did.

    Args:
        roots: whose timers; of these and all below them those that fire once.
        below_ms: longer timers go on.
    """
    waiting = [
        timer
        for timer in _below(roots, QTimer)
        if timer.isActive() and timer.isSingleShot() and timer.interval() < below_ms
    ]
    for timer in sorted(waiting, key=QTimer.remainingTime):
        if Shiboken.isValid(timer) and timer.isActive():  # an earlier one may have ended it
            timer.stop()
            timer.timeout.emit()
    return bool(waiting)


def finish_animations(roots: Sequence[QObject]) -> bool:
    """Bring all that move, of these and below them, to their end; True if anything did."""
    moving = [
        one
        for one in _below(roots, QVariantAnimation)
        if one.state() == QVariantAnimation.State.Running and one.totalDuration() > 0
    ]
    for one in moving:
        one.setCurrentTime(one.totalDuration())
    return bool(moving)


def _below(roots: Sequence[QObject], kind: type[One]) -> list[One]:
    return [found for root in roots for found in root.findChildren(kind)]
