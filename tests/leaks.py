"""Which threads a test has left running."""

from __future__ import annotations

import threading

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
