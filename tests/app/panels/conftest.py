from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def garbage_on_this_thread() -> Iterator[None]:
    """Qt's objects are collected where they were made, as `GuiGarbageCollector` does it.

    Panels have folders read on another thread, where Python would collect them too.
    """
    gc.disable()
    yield
    gc.collect()
    gc.enable()
