from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from app.runtime.job_trace import trace_event, trace_submitted
from app.runtime.trace import trace
from editor.storage.thread_priority import lower_priority
from inference.request.jobs import Event, Job

if TYPE_CHECKING:  # multiprocessing loads on the thread itself
    from inference.ipc.client import EngineClient


class InferenceThread(QThread):
    """The one background thread: supervises the child process in which the engine lives.

    `job_event` carries every `Event` of `inference.request.jobs` to the thread of the receiver. A
    subclass with its own signal, not `moveToThread`: so receivers of any kind run on the UI
    thread. `submit`, `cancel` and `close` return at once; pixels are published here.
    """

    job_event = Signal(object)
    failed = Signal(object)
    """The exception that ended the thread: nothing can be run any more."""

    def __init__(
        self, home: Path, models: Sequence[Path] = (), parent: QObject | None = None
    ) -> None:
        """Args: `home` is `PENTIMENTO_HOME`, `models` folders with models; call `start()`."""
        super().__init__(parent)
        self.setObjectName("pentimento-inference")
        self._home, self._models = home, tuple(models)
        self._client: EngineClient | None = None
        self._early: list[Callable[[EngineClient], None]] = []
        self._lock = threading.Lock()
        self._closing = False

    def submit(self, job: Job) -> None:
        """Queue a job; its events come through `job_event`."""
        trace_submitted(job)
        self._with_client(lambda client: client.submit(job))

    def cancel(self, job_id: str) -> None:
        """Cancel a job; `JobCancelled` follows within a second unless it has just ended."""
        trace("cancel_asked", job=job_id)
        self._with_client(lambda client: client.cancel(job_id))

    def search_models(self, folders: Sequence[Path]) -> None:
        """Have the engine look for models in these folders from its next job on."""
        self._with_client(lambda client: client.search_models(folders))

    def limit_memory(self, nbytes: int | None) -> None:
        """Allow models so many bytes from now on; None for as much as fits."""
        self._with_client(lambda client: client.limit_memory(nbytes))

    def find_device(self) -> None:
        """Have the engine find out where models run; `EngineReady` with it follows."""
        self._with_client(lambda client: client.find_device())

    def close(self, patience_ms: int = 1000) -> None:
        """End child and thread; jobs under way end without an event.

        Takes about 50 ms. A child that does not read any more is ended the hard way.
        """
        self._closing = True
        with self._lock:
            client = self._client
        if client is not None:
            client.stop_publishing()
            client.wake()
        if self.isRunning() and not self.wait(patience_ms):
            if client is not None:
                client.kill()
            self.wait()

    def run(self) -> None:
        """The thread itself; Qt calls it."""
        lower_priority(5)  # it hashes and copies pixels; the child inherits this
        try:
            self._supervise()
        except Exception as error:  # the home folder cannot be written, say
            self.failed.emit(error)

    def _supervise(self) -> None:
        from inference.ipc.client import EngineClient

        with EngineClient(self._home, models=self._models) as client:
            with self._lock:
                self._client = client
                for call in self._early:  # before the lock is free: a cancel must not come first
                    call(client)
                self._early.clear()
            while not self._closing:
                for event in client.poll(None):
                    self._forward(event)

    def _with_client(self, call: Callable[[EngineClient], None]) -> None:
        """Call with the client, once it is there."""
        with self._lock:
            client = self._client
            if client is None:
                self._early.append(call)
                return
        call(client)

    def _forward(self, event: Event) -> None:
        trace_event(event)
        self.job_event.emit(event)
