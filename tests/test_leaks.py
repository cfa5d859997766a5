from __future__ import annotations

import threading

import pytest

from tests.leaks import left_running


@pytest.mark.parametrize(
    ("name", "daemon", "counts"),
    [("pentimento-work-0", True, True), ("ours", False, True), ("tqdm_monitor", True, False)],
)
def test_a_thread_left_running_is_named(name: str, daemon: bool, counts: bool) -> None:
    before, release = set(threading.enumerate()), threading.Event()
    thread = threading.Thread(target=release.wait, name=name, daemon=daemon)
    thread.start()
    try:
        assert left_running(before, patience=0) == [name] * counts
    finally:
        release.set()
        thread.join()
    assert left_running(before) == []
