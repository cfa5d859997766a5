"""Which threads and processes a test has left running."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil

_LISTS = Path("/proc/self/task")
"""Linux lists the children of each thread there; elsewhere every process is looked at."""

ENDING_SECONDS = 20
"""How long a thread or process that is ending may take. Only what never ends takes this long."""


def left_running(before: set[threading.Thread], patience: float = ENDING_SECONDS) -> list[str]:
    """Names of threads that were started since and do not end.

    The program's own threads are named `pentimento-...` and count even if they are daemons, since
    each can be stopped. Daemons of libraries end with the process.
    """
    late = [
        thread
        for thread in set(threading.enumerate()) - before
        if thread.name.startswith("pentimento-")
        or not (thread.daemon or isinstance(thread, threading._DummyThread))
    ]
    for thread in late:  # one that is just ending needs a moment
        thread.join(patience)
    return sorted(thread.name for thread in late if thread.is_alive())


def child_processes() -> list[psutil.Process]:
    """This process's children and theirs. Where there are none, which is usual, that is quick."""
    if _LISTS.is_dir():
        lists = [thread / "children" for thread in _LISTS.iterdir()]
        try:
            if not any(one.read_text("ascii") for one in lists):
                return []
        except OSError:  # a thread has just ended, or this kernel keeps no such lists
            pass
    found: list[psutil.Process] = psutil.Process().children(recursive=True)
    return found
