from __future__ import annotations

import itertools
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from editor.storage.thread_priority import lower_priority

SWITCH_SECONDS = 0.001
"""After this time a thread in Python code hands the interpreter's lock to the window's thread
(Python's default is 5 ms, and several threads may come in between)."""


class Ticket:
    """One piece of work under way; `cancel` drops it, at the next check if it has begun."""

    __slots__ = ("_cancelled",)

    def __init__(self) -> None:
        self._cancelled = False

    def cancel(self) -> None:
        """Its result will not be delivered."""
        self._cancelled = True

    def cancelled(self) -> bool:
        """To be asked between tiles by the function that does the work."""
        return self._cancelled


class ThreadPool(QObject):
    """Worker threads of the UI process: opening, rendering, thumbnails. Never torch.

    Functions run off the GUI thread; `done` and `failed` are called on the GUI thread. Smaller
    `priority` runs first; equal ones in order.
    """

    _delivered = Signal(object)

    def __init__(self, threads: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._queue: queue.PriorityQueue[tuple[int, int, Any]] = queue.PriorityQueue()
        self._number = itertools.count()
        self._closed = False
        self._delivered.connect(self._deliver)
        self._threads = [
            threading.Thread(target=self._loop, name=f"pentimento-work-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        function: Callable[[Ticket], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        priority: int = 5,
    ) -> Ticket:
        """Queue `function(ticket)`; its result goes to `done` unless the ticket is cancelled."""
        ticket = Ticket()
        self._queue.put((priority, next(self._number), [ticket, function, done, failed]))
        return ticket

    def close(self, timeout: float = 5.0) -> None:
        """Finish what has begun, drop the rest and all results, end the threads."""
        self._closed = True
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                break
        for _ in self._threads:
            self._queue.put((-1, next(self._number), None))
        for thread in self._threads:
            thread.join(timeout)

    def _loop(self) -> None:
        lower_priority()
        while True:
            box = self._queue.get()[2]
            if box is None:
                return
            result: Any = None
            failure: BaseException | None = None
            if not box[0].cancelled():
                try:
                    result = box[1](box[0])
                except BaseException as caught:  # delivered to `failed` on the GUI thread
                    failure = caught
            # The box goes back whole, also for cancelled work: the GUI thread must be the last
            # to release what the functions hold, or widgets and images would be destroyed here.
            box += [result, failure]
            result = failure = None
            self._delivered.emit(box)
            del box

    @Slot(object)
    def _deliver(self, box: list[Any]) -> None:
        ticket, _, done, failed, result, error = box
        box.clear()
        if self._closed or ticket.cancelled():  # closed: what waited for the result may be gone
            return
        if error is None:
            done(result)
        elif failed is not None:
            failed(error)
        else:
            raise error
