from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from app.trace import trace
from inference.client import EngineClient
from inference.jobs import EngineReady, Event, Job, JobCancelled, JobFailed, JobFinished


class InferenceThread(QThread):
    """The one background thread: supervises the child process in which the engine lives.

    `job_event` carries every `Event` of `inference.jobs` to the thread of the receiver. A
    subclass with its own signal, not `moveToThread`: so receivers of any kind run on the UI
    thread. `submit`, `cancel` and `close` return at once; pixels are published here.
    """

    job_event = Signal(object)

    def __init__(
        self, home: Path, models: Sequence[Path] = (), parent: QObject | None = None
    ) -> None:
        """Args: `home` is `PENTIMENTO_HOME`, `models` folders with models; call `start()`."""
        super().__init__(parent)
        self.setObjectName("inference")
        self._client = EngineClient(home, models=models)
        self._closing = False

    def submit(self, job: Job) -> None:
        """Queue a job; its events come through `job_event`."""
        trace("job_submitted", job=job.id, kind=type(job).__name__)
        self._client.submit(job)

    def cancel(self, job_id: str) -> None:
        """Cancel a job; `JobCancelled` follows within a second unless it has just ended."""
        trace("cancel_asked", job=job_id)
        self._client.cancel(job_id)

    def close(self, patience_ms: int = 1000) -> None:
        """End child and thread; jobs under way end without an event.

        Takes about 50 ms. A child that does not read any more is ended the hard way.
        """
        self._closing = True
        self._client.stop_publishing()
        self._client.wake()
        if self.isRunning() and not self.wait(patience_ms):
            self._client.kill()
            self.wait()

    def run(self) -> None:
        """The thread itself; Qt calls it."""
        with self._client as client:
            while not self._closing:
                for event in client.poll(None):
                    self._tell(event)

    def _tell(self, event: Event) -> None:
        if isinstance(event, (JobFinished, JobCancelled, JobFailed)):
            trace("job_ended", job=event.job_id, how=type(event).__name__)
        elif isinstance(event, EngineReady):
            trace("engine_ready", pid=event.pid, device=event.device)
        else:
            trace("job_event", job=event.job_id, kind=type(event).__name__)
        self.job_event.emit(event)
