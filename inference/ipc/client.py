from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from editor.errors import ExpectedError
from editor.messages import Message
from inference.ipc.child_process import Child, default_command
from inference.ipc.picture_refs import with_refs
from inference.ipc.pixel_transport import BUDGET, Publisher
from inference.ipc.protocol import (
    CancelJob,
    DropTiles,
    FindDevice,
    LimitMemory,
    RunJob,
    SearchModels,
    StandingOrder,
    TilesMapped,
)
from inference.request.cancel import Cancelled
from inference.request.jobs import (
    BUG,
    BUG_FIX,
    ENGINE_STOPPED,
    ENGINE_STOPPED_FIX,
    EngineReady,
    Event,
    Job,
    JobCancelled,
    JobEnd,
    JobFailed,
    Priority,
)

CANCEL_LIMIT = 0.7
"""Seconds a child may take to answer a cancel before it is ended."""
UNASKED_LIMIT = 8.0
"""The same for what nobody asked for: it may be loading libraries that the edit it makes way for
needs too, and a new child would have to begin again."""

START_TRIES = 3
"""Children that die before they are ready, one after another, before the client gives up."""

_ENDS = JobEnd.__args__


class EngineClient:
    """The UI's end of the engine: a queue, one child process, its restart.

    `submit`, `cancel`, `wake` and `kill` may be called from any thread and return at once. One
    thread calls `poll` again and again; it does the work (publishing pixels, sending, receiving,
    restarting) and gets the events. Every submitted job ends with exactly one `JobFinished`,
    `JobCancelled` or `JobFailed`, whatever happens to the child; only `close` ends jobs silently.
    """

    def __init__(
        self,
        home: Path,
        *,
        models: Sequence[Path] = (),
        command: Sequence[str] | None = None,
        budget: int = BUDGET,
    ) -> None:
        """Nothing starts before `start` or the first `poll`.

        Args:
            home: `PENTIMENTO_HOME`; scratch files and the log lie below it.
            models: folders with models.
            command: what to start instead of the usual child (tests).
            budget: bytes of tiles the child may keep.
        """
        self._home = home
        self._command = list(command or default_command())
        self._models = tuple(models)
        self._publisher = Publisher(home / "scratch", budget)
        self._inbox: deque[Job | CancelJob | StandingOrder] = deque()
        self._standing: dict[type, StandingOrder] = {}
        self._queue: list[Job] = []
        self._running: Job | None = None
        self._give_up_at: float | None = None  # when the running job's cancel is overdue
        self._child: Child | None = None
        self._ready = False
        self._failures = 0
        self._closed = False
        self._last_words = ""
        self._wake_reader, self._wake_writer = Pipe(duplex=False)
        self._wake_lock = threading.Lock()
        self._woken = False

    # --- any thread ---------------------------------------------------------------------------

    def submit(self, job: Job) -> None:
        """Queue a job: by priority, then in order of submission."""
        self._inbox.append(job)
        self.wake()

    def cancel(self, job_id: str) -> None:
        """Cancel a job wherever it is; one that has ended already is left alone."""
        self._inbox.append(CancelJob(job_id))
        self.wake()

    def search_models(self, folders: Sequence[Path]) -> None:
        """Have the child look for models in these folders, before its next job."""
        self._inbox.append(SearchModels(tuple(folders)))
        self.wake()

    def limit_memory(self, nbytes: int | None) -> None:
        """Allow models so many bytes, now and in every child; None for as much as fits."""
        self._inbox.append(LimitMemory(nbytes))
        self.wake()

    def find_device(self) -> None:
        """Have the child find out where models run; an `EngineReady` with it follows."""
        self._inbox.append(FindDevice())
        self.wake()

    def wake(self) -> None:
        """Make a waiting `poll` return."""
        with self._wake_lock:
            if not self._woken:
                self._woken = True
                with suppress(OSError):
                    self._wake_writer.send_bytes(b"!")

    def kill(self) -> None:
        """End the child, as a crash would (the next `poll` restarts it)."""
        child = self._child
        if child is not None:
            child.kill()

    def stop_publishing(self) -> None:
        """Pixels on their way to the child stay here: the program is closing."""
        self._closed = True

    # --- the owning thread --------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return self._child.pid if self._child else None

    @property
    def is_ready(self) -> bool:
        """True once the child takes jobs."""
        return self._ready

    def start(self) -> None:
        """Start the child unless it runs; it warms up while the caller goes on."""
        if self._child is None and not self._closed and self._failures < START_TRIES:
            try:
                self._child = Child(self._home, self._command, _arguments(self._models))
            except OSError as error:
                self._failures = START_TRIES
                self._last_words = str(error)

    def poll(self, timeout: float | None = None) -> list[Event]:
        """Do what there is to do and return the events that came.

        Args:
            timeout: seconds to wait for the first event; None waits until an event comes or
                `wake` is called, so the list may be empty.
        """
        until = None if timeout is None else time.monotonic() + timeout
        events: list[Event] = []
        while True:
            woken = self._take_wake()
            self._take_inbox(events)
            self._read(events)  # first, so that no job is sent to a child that is gone
            self._advance(events)
            if events or woken or self._closed:
                return events
            now = time.monotonic()
            if until is not None and now >= until:
                return events
            stops = [at - now for at in (until, self._give_up_at) if at is not None]
            watched: list[Any] = [self._wake_reader]
            if self._child is not None:
                watched.append(self._child.connection)
            wait(watched, max(0.0, min(stops)) if stops else None)

    def close(self) -> None:
        """End the child and remove the scratch files; jobs under way end without an event."""
        self._closed = True
        self._inbox.clear()
        self._queue.clear()
        self._running = None
        if self._child is not None:
            self._child.end()
            self._child = None
        self._ready = False
        self._publisher.forget()
        with self._wake_lock:
            self._woken = True
            self._wake_reader.close()
            self._wake_writer.close()

    def __enter__(self) -> EngineClient:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- steps of `poll` ----------------------------------------------------------------------

    def _take_wake(self) -> bool:
        with self._wake_lock:
            woken, self._woken = self._woken, False
            if woken and self._wake_reader.poll(0):
                self._wake_reader.recv_bytes()
        return woken

    def _take_inbox(self, events: list[Event]) -> None:
        while self._inbox:
            order = self._inbox.popleft()
            if isinstance(order, CancelJob):
                self._cancel(order.job_id, events)
                continue
            if isinstance(order, SearchModels):
                self._models = order.folders  # of a child that is started later
            if isinstance(order, StandingOrder):
                self._standing[type(order)] = order
                if self._ready:  # else it is sent to the child that gets ready
                    self._send(order)
                continue
            if self._child is None:
                self._failures = 0  # somebody asks again, so try again
            self._queue.append(order)
            running = self._running
            if (
                running is not None
                and running.priority is Priority.PREVIEW
                and order.priority < Priority.PREVIEW
            ):
                self._cancel(running.id, events)

    def _cancel(self, job_id: str, events: list[Event]) -> None:
        waiting = next((job for job in self._queue if job.id == job_id), None)
        if waiting is not None:
            self._queue.remove(waiting)
            events.append(JobCancelled(job_id))
        elif self._running is not None and self._running.id == job_id and not self._give_up_at:
            limit = CANCEL_LIMIT if self._running.priority is Priority.EDIT else UNASKED_LIMIT
            self._give_up_at = time.monotonic() + limit
            self._send(CancelJob(job_id))

    def _advance(self, events: list[Event]) -> None:
        """Start the child, end one that ignores a cancel, send the next job."""
        if self._give_up_at is not None and time.monotonic() >= self._give_up_at:
            self._give_up(events)
        if self._child is None:
            self.start()
            if self._child is None and not self._closed:
                self._fail_all(events)
        if self._ready and self._running is None and self._queue:
            job = min(self._queue, key=lambda queued: queued.priority)  # stable: oldest first
            self._queue.remove(job)
            self._dispatch(job, events)

    def _give_up(self, events: list[Event]) -> None:
        """End a child that ignores a cancel; callers are informed before it is reaped."""
        job, self._running, self._give_up_at = self._running, None, None
        self._ready, self._failures = False, -1  # it did start: its end does not count as a try
        self.kill()  # its closed connection shows when reading
        if job is not None:
            events.append(JobCancelled(job.id))

    def _dispatch(self, job: Job, events: list[Event]) -> None:
        def stopped() -> bool:
            return self._closed or any(
                isinstance(order, CancelJob) and order.job_id == job.id
                for order in list(self._inbox)
            )

        try:
            crossing, refs = with_refs(job, lambda image: self._publisher.publish(image, stopped))
        except Cancelled:
            events.append(JobCancelled(job.id))
            return
        except ExpectedError as error:
            events.append(JobFailed(job.id, error.kind, error.message, error.fix))
            return
        except Exception as error:  # pixels that cannot be read any more: this job's end only
            events.append(JobFailed(job.id, "bug", BUG, BUG_FIX, repr(error)))
            return
        dropped = self._publisher.over_budget(refs)
        if dropped:
            self._send(DropTiles(dropped))
        try:
            self._send(RunJob(crossing))
        except Exception as error:  # something in it cannot cross: this job's end only
            events.append(JobFailed(job.id, "bug", BUG, BUG_FIX, repr(error)))
            return
        self._running = job

    def _send(self, order: object) -> None:
        if self._child is not None:
            with suppress(OSError):  # a dead child shows when reading
                self._child.connection.send(order)

    def _read(self, events: list[Event]) -> None:
        child = self._child
        if child is None:
            return
        try:
            while child.connection.poll(0):
                if not child.greeted:
                    if not child.greet():
                        raise EOFError
                    continue
                self._take(child.connection.recv(), events)
        except (EOFError, OSError):
            self._child_died(events)
        except Exception:  # bytes that are no message: a child not to be trusted any more
            self._child_died(events)

    def _take(self, message: object, events: list[Event]) -> None:
        if isinstance(message, TilesMapped):
            self._publisher.mapped(message.file)
        elif isinstance(message, EngineReady):
            if message.device_info is not None:
                self._standing.pop(FindDevice, None)
            if not self._ready:
                for order in self._standing.values():
                    self._send(order)
            self._ready, self._failures = True, 0
            events.append(message)
        elif self._running is not None and getattr(message, "job_id", None) == self._running.id:
            events.append(message)  # type: ignore[arg-type]  # the child sends events only
            if isinstance(message, _ENDS):
                self._running, self._give_up_at = None, None

    def _child_died(self, events: list[Event]) -> None:
        child, self._child = self._child, None
        self._last_words = child.end() if child else ""
        if not self._ready:
            self._failures += 1
        self._ready = False
        self._publisher.forget()
        job, self._running = self._running, None
        cancelled, self._give_up_at = self._give_up_at is not None, None
        if job is not None:
            events.append(
                JobCancelled(job.id)
                if cancelled
                else JobFailed(
                    job.id, "engine_stopped", ENGINE_STOPPED, ENGINE_STOPPED_FIX, self._last_words
                )
            )
        self.start()

    def _fail_all(self, events: list[Event]) -> None:
        events.extend(
            JobFailed(
                job.id,
                "engine_stopped",
                Message("engine.no_start"),
                BUG_FIX,
                self._last_words,
            )
            for job in self._queue
        )
        self._queue.clear()


def _arguments(models: Sequence[Path]) -> list[str]:
    return [part for folder in models for part in ("--models", str(folder))]
