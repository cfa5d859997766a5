"""Qt's timers on a clock of the test's own, so that no log depends on how fast the machine is.

A timer of the window fires when everything else has come to rest, the earliest first. Timers of a
second and more (how long a sentence stays, when a full disk is tried again) wait until a step says
that so much time passes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from shiboken6 import Shiboken

LONG_MS = 1000
"""Timers from here on wait for a step that lets time pass."""


@dataclass
class Waiting:
    """A timer, or one call, that has not fired yet."""

    due: float
    number: int
    interval: int
    owner: QObject | None
    fire: Callable[[], object]
    again: bool = False

    @property
    def is_long(self) -> bool:
        return self.interval >= LONG_MS

    @property
    def is_alive(self) -> bool:
        return self.owner is None or Shiboken.isValid(self.owner)


class Clock:
    """Stands in for `QTimer.start`, `stop`, `isActive` and `singleShot` while a session runs."""

    def __init__(self) -> None:
        self.started = 0
        self._now = {False: 0.0, True: 0.0}  # of short and of long timers
        self._waiting: dict[int, Waiting] = {}
        self._numbers = itertools.count()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real_start, real_stop, real_active = QTimer.start, QTimer.stop, QTimer.isActive
        real_shot: Callable[..., None] = QTimer.singleShot

        def start(timer: QTimer, *interval: int) -> None:
            if interval:
                timer.setInterval(interval[0])
            if timer.interval() == 0:
                real_start(timer)
            else:
                self._wait(
                    id(timer), timer.interval(), timer, timer.timeout.emit, not timer.isSingleShot()
                )

        def stop(timer: QTimer) -> None:
            self._waiting.pop(id(timer), None)
            real_stop(timer)

        def is_active(timer: QTimer) -> bool:
            return id(timer) in self._waiting or real_active(timer)

        def single_shot(ms: int, *rest: Any) -> None:
            if ms == 0:
                real_shot(ms, *rest)
                return
            owner = rest[0] if isinstance(rest[0], QObject) else None
            self._wait(-next(self._numbers) - 1, ms, owner, rest[-1], False)

        monkeypatch.setattr(QTimer, "start", start)
        monkeypatch.setattr(QTimer, "stop", stop)
        monkeypatch.setattr(QTimer, "isActive", is_active)
        monkeypatch.setattr(QTimer, "singleShot", staticmethod(single_shot))

    def _wait(
        self, key: int, ms: int, owner: QObject | None, fire: Callable[[], object], again: bool
    ) -> None:
        due = self._now[ms >= LONG_MS] + ms
        self._waiting[key] = Waiting(due, next(self._numbers), ms, owner, fire, again)
        self.started += 1

    def fire_next(self, *, upto_ms: float | None = None) -> bool:
        """Fire the earliest short timer; with `upto_ms` the earliest long one due until then."""
        long = upto_ms is not None
        self._waiting = {k: w for k, w in self._waiting.items() if w.is_alive}
        found = [(w.due, w.number, k) for k, w in self._waiting.items() if w.is_long is long]
        if upto_ms is not None:
            found = [one for one in found if one[0] <= upto_ms]
        if not found:
            return False
        due, _, key = min(found)
        one = self._waiting.pop(key)
        self._now[long] = max(self._now[long], due)
        if one.again:
            self._wait(key, one.interval, one.owner, one.fire, True)
        one.fire()
        return True

    @property
    def long_now(self) -> float:
        """Milliseconds that steps have let pass."""
        return self._now[True]

    def pass_to(self, ms: float) -> None:
        """So late it is now for long timers."""
        self._now[True] = ms

    def forget(self) -> None:
        """Nothing waits any more: the session is over."""
        self._waiting.clear()
