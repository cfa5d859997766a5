from __future__ import annotations

import os
import sys
import threading

BACKGROUND = 15
"""Nice levels that a background thread gives up."""


def lower_priority(by: int = BACKGROUND) -> None:
    """Let the calling thread, and threads it starts, give way to the window's own thread.

    On two cores two rendering threads and the document's writer leave none for the event loop,
    which then waits in the run queue. On Linux nice levels belong to threads (`setpriority(2)`,
    notes); elsewhere they would slow the whole process, so nothing is done there.
    """
    if not sys.platform.startswith("linux") or by <= 0:
        return
    thread = threading.get_native_id()
    level = os.getpriority(os.PRIO_PROCESS, thread)
    os.setpriority(os.PRIO_PROCESS, thread, min(19, level + by))
