from __future__ import annotations

import threading
from collections.abc import Callable

CancelCheck = Callable[[], None]
"""Raises `Cancelled` once the job was cancelled; called between steps of long work."""


class Cancelled(Exception):  # an end, not an error
    """Raised inside the engine where a job notices that it was cancelled."""


class CancelToken:
    """One job's flag, set from any thread.

    It belongs to the job, so a late cancel of one job can never stop the next one.
    """

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if asked to stop; called at every step."""
        if self._event.is_set():
            raise Cancelled
