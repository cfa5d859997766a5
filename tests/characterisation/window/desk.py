"""What the session calls the engine, without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal


class Desk(QObject):
    """What the session calls the engine."""

    job_event = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.told = 0
        """How many events there were."""

    @property
    def is_busy(self) -> bool:
        """Whether something comes by itself."""
        return False

    @property
    def under_way(self) -> list[str]:
        """What was asked for and has not ended."""
        return []

    def submit(self, job: Any) -> None:
        raise NotImplementedError

    def cancel(self, job_id: str) -> None:
        raise NotImplementedError

    def search_models(self, folders: Sequence[Path]) -> None:
        """Sessions change no models."""

    def limit_memory(self, nbytes: int | None) -> None:
        """Sessions set no limit."""

    def find_device(self) -> None:
        """Engines of sessions have none to find."""

    def turn(self) -> bool:
        """Go on by one event; False if there is none."""
        return False

    def close(self) -> None:
        """The session is over."""

    def tell(self, event: Any) -> None:
        self.told += 1
        self.job_event.emit(event)
