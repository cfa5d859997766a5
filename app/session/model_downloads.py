from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.runtime.thread_pool import ThreadPool, Ticket
from editor.errors import ExpectedError
from inference.request.cancel import CancelCheck, Cancelled

if TYPE_CHECKING:  # what it imports is loaded on the thread that works
    from inference.models.downloads.installer import ModelInstaller, OnProgress

_NEXT_SHARE = 0.004
"""Progress is shown again when so much more of the whole has come."""


class DownloadStage(Enum):
    """What happens to a model that is installed, checked or removed."""

    WAITING = "waiting"
    FETCHING = "fetching"
    CHECKING = "checking"
    CONVERTING = "converting"
    REMOVING = "removing"
    PAUSED = "paused"
    FAILED = "failed"
    DAMAGED = "damaged"
    WHOLE = "whole"
    """Every file was compared and is as it was installed."""
    READY = "ready"
    """It has just been installed."""


RUNNING = frozenset(
    {
        DownloadStage.WAITING, DownloadStage.FETCHING, DownloadStage.CHECKING,
        DownloadStage.CONVERTING, DownloadStage.REMOVING,
    }
)  # fmt: skip
"""Stages that go on by themselves."""

_STAGES = {
    "download": DownloadStage.FETCHING,
    "unpack": DownloadStage.CHECKING,
    "convert": DownloadStage.CONVERTING,
}


@dataclass(frozen=True)
class DownloadState:
    """Where one model is.

    Attributes:
        stage: what happens to it.
        done, total: bytes that are here, and those there will be; 0 where that is not known.
        seconds_left: of the download, None where nothing can be said yet.
        error: what it failed at.
        damaged: bytes of its files that are not as they were installed.
    """

    stage: DownloadStage
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    error: ExpectedError | None = None
    damaged: int = 0

    @property
    def share(self) -> float:
        """How much of it is here, 0..1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


_Task = Callable[["ModelInstaller", CancelCheck, "OnProgress"], DownloadState | None]


class ModelDownloads(QObject):
    """Installs, checks and removes models of the catalogue, one after another, on its own thread.

    Everything here was asked for by a click. What is paused stays on the disk; `close` pauses all.

    Signals:
        changed(str): the state of a model, by its id.
        ended(str): its folder holds something else now.
        failed(object): an exception nobody expected.
    """

    changed = Signal(str)
    ended = Signal(str)
    failed = Signal(object)
    _progressed = Signal(str, object, object)

    def __init__(
        self,
        folder: Callable[[], Path],
        parent: QObject | None = None,
        elsewhere: Callable[[], Sequence[Path]] = tuple,
    ) -> None:
        """No thread is started before something is asked for.

        Args:
            folder: gives the folder that models are installed in; asked on any thread.
            parent: Qt's owner.
            elsewhere: gives folders in which models were installed before; likewise.
        """
        super().__init__(parent)
        self._folder, self._elsewhere = folder, elsewhere
        self._pool: ThreadPool | None = None
        self._states: dict[str, DownloadState] = {}
        self._tickets: dict[str, Ticket] = {}
        self._progressed.connect(self._on_progress)

    def state(self, name: str) -> DownloadState | None:
        """What happens to a model, or how the last thing ended; None for nothing."""
        return self._states.get(name)

    @property
    def running(self) -> tuple[str, ...]:
        """Ids of the models that are worked on or wait for that."""
        return tuple(n for n, state in self._states.items() if state.stage in RUNNING)

    def install(self, name: str) -> None:
        """Download and install a model, going on where an earlier attempt ended."""

        def task(
            installer: ModelInstaller, check: CancelCheck, progress: OnProgress
        ) -> DownloadState:
            installer.install(name, check, progress)
            return DownloadState(DownloadStage.READY)

        self._begin(name, task)

    def verify(self, name: str) -> None:
        """Compare every file of a model with what was installed."""

        def task(
            installer: ModelInstaller, check: CancelCheck, progress: OnProgress
        ) -> DownloadState:
            damaged = {one.path for one in installer.verify(name, check)}
            if not damaged:
                return DownloadState(DownloadStage.WHOLE)
            files = installer.installed()[name].files
            size = sum(file.bytes for file in files if file.path in damaged)
            return DownloadState(DownloadStage.DAMAGED, damaged=size)

        self._begin(name, task, DownloadStage.CHECKING)

    def repair(self, name: str) -> None:
        """Download again what is damaged."""

        def task(
            installer: ModelInstaller, check: CancelCheck, progress: OnProgress
        ) -> DownloadState:
            installer.repair(name, check, progress)
            return DownloadState(DownloadStage.WHOLE)

        self._begin(name, task, DownloadStage.CHECKING)

    def remove(self, name: str) -> None:
        """Remove an installed model from the disk."""

        def task(installer: ModelInstaller, check: CancelCheck, progress: OnProgress) -> None:
            installer.remove(name)

        self._begin(name, task, DownloadStage.REMOVING)

    def convert(self, path: Path) -> None:
        """Make a model of an artist's file or folder that is not loaded as it is; it stays there.

        Its state is that of the path's text.
        """

        def task(
            installer: ModelInstaller, check: CancelCheck, progress: OnProgress
        ) -> DownloadState:
            from inference.models.downloads.conversion import convert

            convert(path, installer.models, check, lambda file: progress("convert", 0, 0))
            return DownloadState(DownloadStage.READY)

        self._begin(str(path), task)

    def pause(self, name: str) -> None:
        """Stop a download; `install` goes on with what is on the disk."""
        state = self._states.get(name)
        if state is not None and state.stage in RUNNING and name in self._tickets:
            self._tickets.pop(name).cancel()
            self._set(name, replace(state, stage=DownloadStage.PAUSED, seconds_left=None))

    def cancel(self, name: str) -> None:
        """Stop a download and remove what came of it."""
        ticket = self._tickets.pop(name, None)
        if ticket is not None:
            ticket.cancel()

        def task(installer: ModelInstaller, check: CancelCheck, progress: OnProgress) -> None:
            installer.discard(name)

        self._begin(name, task, DownloadStage.REMOVING)

    def stop(self, name: str) -> None:
        """Stop checking, repairing or converting; what is there stays as it is."""
        ticket = self._tickets.pop(name, None)
        if ticket is not None:
            ticket.cancel()
            self._set(name, None)

    def close(self) -> None:
        """Pause everything and end the thread."""
        for ticket in self._tickets.values():
            ticket.cancel()
        self._tickets.clear()
        if self._pool is not None:
            self._pool.close()

    def _begin(self, name: str, task: _Task, stage: DownloadStage = DownloadStage.WAITING) -> None:
        if name in self._tickets:
            return
        if self._pool is None:
            self._pool = ThreadPool(1, self)
        before = self._states.get(name)
        begun = before.done if before is not None and stage is DownloadStage.WAITING else 0
        total = before.total if before is not None else 0
        work = _Work(name, task, self._installer, self._progressed.emit)
        self._tickets[name] = self._pool.run(
            work.run, lambda end: self._end(name, end), lambda error: self._fail(name, error)
        )
        self._set(name, DownloadState(stage, begun, total))

    def _installer(self) -> ModelInstaller:
        """On the thread that works."""
        from inference.models.catalogue.reader import catalogue
        from inference.models.downloads.installer import ModelInstaller

        return ModelInstaller(self._folder(), catalogue(), self._elsewhere())

    @Slot(str, object, object)
    def _on_progress(self, name: str, ticket: Ticket, state: DownloadState) -> None:
        if self._tickets.get(name) is ticket:
            self._set(name, state)

    def _end(self, name: str, state: DownloadState | None) -> None:
        self._tickets.pop(name, None)
        self._set(name, state)
        self.ended.emit(name)

    def _fail(self, name: str, error: BaseException) -> None:
        self._tickets.pop(name, None)
        before = self._states[name]
        if isinstance(error, ExpectedError):
            failed = replace(before, stage=DownloadStage.FAILED, seconds_left=None, error=error)
            self._set(name, failed)
        else:
            self._set(name, None)
            self.failed.emit(error)

    def _set(self, name: str, state: DownloadState | None) -> None:
        if state is None:
            self._states.pop(name, None)
        else:
            self._states[name] = state
        self.changed.emit(name)


class _Work:
    """One task on the thread; it speaks to the window through `emit` alone."""

    def __init__(
        self,
        name: str,
        task: _Task,
        installer: Callable[[], ModelInstaller],
        emit: Callable[[str, Ticket, object], None],
    ) -> None:
        self._name, self._task, self._installer, self._emit = name, task, installer, emit
        self._began: tuple[float, int] | None = None
        self._shown: tuple[str, float] = ("", -1.0)

    def run(self, ticket: Ticket) -> DownloadState | None:
        def check() -> None:
            if ticket.cancelled():
                raise Cancelled

        def progress(stage: str, done: int, total: int) -> None:
            self._progress(ticket, stage, done, total)

        return self._task(self._installer(), check, progress)

    def _progress(self, ticket: Ticket, stage: str, done: int, total: int) -> None:
        share = done / total if total else 0.0
        shown_stage, shown_share = self._shown
        if stage == shown_stage and share < shown_share + _NEXT_SHARE and share < 1:
            return
        self._shown = stage, share
        now = time.monotonic()
        if self._began is None:
            self._began = now, done
        since, first = now - self._began[0], done - self._began[1]
        left = (total - done) / first * since if stage == "download" and first > 0 else None
        what = _STAGES[stage]
        if what is DownloadStage.FETCHING and total and done >= total:
            what, left = DownloadStage.CHECKING, None
        self._emit(self._name, ticket, DownloadState(what, done, total, left))
