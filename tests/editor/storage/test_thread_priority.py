from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from editor.storage.thread_priority import lower_priority

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nice of threads: Linux")


def level() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def in_a_thread(by: int) -> tuple[int, int]:
    """Nice level of a thread that stood back, and of a pool it started."""
    found: list[int] = []

    def run() -> None:
        lower_priority(by)
        with ThreadPoolExecutor(1) as pool:
            found.extend((level(), pool.submit(level).result()))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0], found[1]


@linux
def test_a_thread_and_its_pool_stand_back_and_the_caller_does_not() -> None:
    before = level()
    wanted = min(19, before + 7)
    assert in_a_thread(7) == (wanted, wanted)
    assert level() == before


@linux
def test_there_is_an_end_to_it() -> None:
    assert in_a_thread(100) == (19, 19)
