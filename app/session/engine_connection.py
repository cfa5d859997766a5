from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance

from inference.request.jobs import Job


class EngineConnection(Protocol):
    """What the session needs of the engine in the child process; see `InferenceThread`.

    All methods return at once and may be called before the child is up.
    """

    @property
    def job_event(self) -> SignalInstance:
        """Carries every `inference.request.jobs.Event`, on the thread of the receiver."""

    @property
    def failed(self) -> SignalInstance:
        """Carries the exception after which nothing can be run any more."""

    def submit(self, job: Job) -> None:
        """Queue a job; its events follow."""

    def cancel(self, job_id: str) -> None:
        """End a job; unknown ids are ignored."""

    def search_models(self, folders: Sequence[Path]) -> None:
        """Look for models in these folders from the next job on."""

    def limit_memory(self, nbytes: int | None) -> None:
        """Allow models so many bytes from now on; None for as much as fits."""

    def find_device(self) -> None:
        """Find out where models run, though none is wanted yet; `EngineReady` with it follows."""
