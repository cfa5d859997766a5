"""The one thread that writes a document.

Two lanes: small rows (nodes, candidates, events) always go before pixels, several of them in one
transaction; pixels go in transactions of at most `CHUNK_BYTES`, so that a row waits for one
chunk at most. Within a lane the order never changes. When the disk refuses, everything stays in
its lane until `retry` or the next write.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from typing import Any

from editor.errors import DiskFull, ExpectedError
from editor.messages import Message
from editor.storage.thread_priority import lower_priority
from editor.storage.writes import (
    PictureWrite,
    RowWrite,
    Write,
    is_full,
    is_refusal,
    promise,
    refusal,
)

QUEUE_BYTES = 256 << 20
"""Raw bytes of waiting pixels from which `wait_for_room` waits."""

CHECKPOINT_BYTES = 32 << 20
"""Raw bytes written after which the log is folded into the file, even when not idle."""

IDLE_SECONDS = 0.5
GROUP = 64

_log = logging.getLogger(__name__)


class Writer(threading.Thread):
    """Owns the write connection; every public method may be called from any thread."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        *,
        on_written: Callable[[], None],
        on_error: Callable[[ExpectedError], None],
    ) -> None:
        super().__init__(name="pentimento-document-writer", daemon=True)
        self._connect = connect
        self._on_written = on_written
        self._on_error = on_error
        self.connection: sqlite3.Connection | None = None
        self._small: deque[Write] = deque()
        self._pixels: deque[PictureWrite] = deque()
        self._calls: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._later: dict[str, tuple[float, RowWrite]] = {}
        self._changed = threading.Condition()
        self._busy = False
        self._stopping = False
        self._refused: ExpectedError | None = None
        self._asked = 0
        self._log_bytes = 0
        self._dirty = False

    # -- from any thread ------------------------------------------------------------------
    def submit(self, write: Write, *, ordered: bool = True) -> Future[None]:
        """Queue a write; `ordered` pictures keep their place among the small rows."""
        with self._changed:
            if self._stopping:
                raise RuntimeError("the document is closed")
            if isinstance(write, PictureWrite) and not ordered:
                self._pixels.append(write)
            else:
                self._small.append(write)
            self._refused = None
            self._asked += 1
            self._changed.notify_all()
        return write.future

    def submit_later(self, key: str, write: RowWrite, delay: float) -> Future[None]:
        """Queue a write that a newer one with the same key replaces within `delay` seconds."""
        with self._changed:
            if self._stopping:
                raise RuntimeError("the document is closed")
            due, waiting = self._later.get(key, (time.monotonic() + delay, write))
            waiting.rows = write.rows
            self._later[key] = (due, waiting)
            self._changed.notify_all()
        return waiting.future

    def call(self, function: Callable[[], Any]) -> Future[Any]:
        """Run something on this thread between two transactions, before anything waiting."""
        future = promise()
        with self._changed:
            if self._stopping:
                raise RuntimeError("the document is closed")
            self._calls.append((function, future))
            self._changed.notify_all()
        return future

    def retry(self) -> None:
        """Try again what the disk refused."""
        with self._changed:
            self._refused = None
            self._asked += 1
            self._changed.notify_all()

    @property
    def refused(self) -> ExpectedError | None:
        """Why writing is suspended, or None."""
        return self._refused

    @property
    def waiting_bytes(self) -> int:
        """Raw bytes of pixels not yet durable."""
        with self._changed:
            ordered = [write for write in self._small if isinstance(write, PictureWrite)]
            return sum(write.nbytes for write in (*self._pixels, *ordered))

    def drain(self, timeout: float | None) -> bool:
        """Wait until everything queued is durable; False if time ran out or the disk refuses."""
        with self._changed:
            now = time.monotonic()
            self._later = {key: (now, write) for key, (_, write) in self._later.items()}
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._stands_still() or self._at_rest(), timeout)
            return self._at_rest()

    def wait_for_room(self, timeout: float | None) -> bool:
        """Wait until fewer than `QUEUE_BYTES` of pixels wait; for worker threads only."""
        with self._changed:
            return self._changed.wait_for(lambda: self.waiting_bytes < QUEUE_BYTES, timeout)

    def stop(self) -> None:
        """End the thread after what is queued, or at once if the disk refuses it."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self.join()

    def pending(self) -> list[Write]:
        """Everything not yet durable, in order; only for `call`ed functions."""
        with self._changed:
            return [*self._small, *(write for _, write in self._later.values()), *self._pixels]

    # -- on the thread ---------------------------------------------------------------------
    def run(self) -> None:
        """Write until stopped."""
        lower_priority()
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                step = self._next()
                self._busy = step is not None
            if step is None:
                break
            step()
        self.hang_up()
        left = self._refused or DiskFull(Message("document.closed_unwritten"))
        for write in self.pending():
            write.future.set_exception(left)

    def hang_up(self) -> None:
        """Close the connection; the next write opens it again."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()

    def checkpoint(self, mode: str = "TRUNCATE") -> None:
        """Fold the log into the file, so that the one file is complete when copied."""
        self._log_bytes, self._dirty = 0, False
        if self.connection is not None:
            self.connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()

    def _stands_still(self) -> bool:
        """The disk refused and the listeners have been notified."""
        return self._refused is not None and not self._busy

    def _at_rest(self) -> bool:
        return not (self._busy or self._small or self._pixels or self._calls or self._later)

    def _next(self) -> Callable[[], None] | None:
        while True:
            if self._calls:
                function, future = self._calls.popleft()
                return lambda: self._run_call(function, future)
            self._promote()
            if not self._refused:
                if self._small:
                    return self._write_small
                if self._pixels:
                    return self._write_pixels
            if self._stopping:
                return None
            wait = self._seconds_to_next()
            if not self._changed.wait(wait) and self._dirty and not self._later:
                return self._rest

    def _promote(self) -> None:
        now = time.monotonic()
        for key, (due, write) in list(self._later.items()):
            if due <= now or self._stopping:
                del self._later[key]
                self._small.append(write)

    def _seconds_to_next(self) -> float | None:
        if self._later:
            return max(0.001, min(due for due, _ in self._later.values()) - time.monotonic())
        return IDLE_SECONDS if self._dirty else None

    def _rest(self) -> None:
        with suppress(sqlite3.Error):  # what is committed is safe in the log as well
            self.checkpoint()

    def _run_call(self, function: Callable[[], Any], future: Future[Any]) -> None:
        try:
            result = function()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    def _write_small(self) -> None:
        if isinstance(self._small[0], PictureWrite):
            self._write_picture(self._small[0], self._small)
            return
        with self._changed:
            group = [w for w in islice(self._small, GROUP) if not isinstance(w, PictureWrite)]
            # Only the run before the first picture: order is kept.
            for index, write in enumerate(islice(self._small, GROUP)):
                if isinstance(write, PictureWrite):
                    group = group[:index]
                    break
        failed: dict[int, Exception] = {}

        def write_group(connection: sqlite3.Connection) -> None:
            for index, write in enumerate(group):
                connection.execute("SAVEPOINT one")
                try:
                    write.apply(connection)
                except Exception as error:
                    if is_refusal(error):
                        raise
                    connection.execute("ROLLBACK TO one")
                    failed[index] = error
                connection.execute("RELEASE one")

        if not self._transact(write_group):
            return
        with self._changed:
            for _ in group:
                self._small.popleft()
        for index, write in enumerate(group):
            if index in failed:
                _log.error("a write of the document failed", exc_info=failed[index])
                write.future.set_exception(failed[index])
            else:
                write.committed()
                write.future.set_result(None)
        self._notify(self._on_written)

    def _write_pixels(self) -> None:
        self._write_picture(self._pixels[0], self._pixels)

    def _write_picture(self, write: PictureWrite, lane: deque[Any]) -> None:
        done = False
        failure: Exception | None = None

        def write_chunk(connection: sqlite3.Connection) -> None:
            nonlocal done, failure
            connection.execute("SAVEPOINT one")
            try:
                done = write.apply(connection)
            except Exception as error:
                if is_refusal(error):
                    raise
                connection.execute("ROLLBACK TO one")
                failure = error
            connection.execute("RELEASE one")

        if not self._transact(write_chunk):
            return
        if failure is None:
            self._log_bytes += write.committed()
            assert self.connection is not None
            write.release(self.connection)
        if done or failure is not None:
            with self._changed:
                lane.popleft()
            if failure is None:
                write.future.set_result(None)
                self._notify(self._on_written)
            else:
                _log.error("a picture could not be written", exc_info=failure)
                write.future.set_exception(failure)
        if self._log_bytes > CHECKPOINT_BYTES:
            with suppress(sqlite3.Error):
                self.checkpoint("PASSIVE")
                self._dirty = True

    def _notify(self, listener: Callable[[], None]) -> None:
        try:
            listener()
        except Exception:  # an error in a listener must not end the thread that saves the work
            _log.exception("a listener of the document failed")

    def _transact(self, work: Callable[[sqlite3.Connection], None]) -> bool:
        """One transaction; False if the disk refused it, then nothing has changed."""
        requests = self._asked
        try:
            if self.connection is None:
                self.connection = self._connect()
            self.connection.execute("BEGIN IMMEDIATE")
            work(self.connection)
            self.connection.execute("COMMIT")
        except Exception as error:
            if not isinstance(error, sqlite3.Error | OSError | ExpectedError):
                _log.exception("a transaction of the document failed")
            if self.connection is not None:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                if not is_full(error):
                    # After an input/output error only a fresh connection knows what is there.
                    with suppress(sqlite3.Error):
                        self.hang_up()
            why = refusal(error)
            with self._changed:
                # A retry requested while this was failing still takes place.
                self._refused = why if self._asked == requests else None
                self._changed.notify_all()
            self._notify(lambda: self._on_error(why))
            return False
        self._dirty = True
        return True
