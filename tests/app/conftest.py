from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

_MUCH_GARBAGE = 20_000


@pytest.fixture(autouse=True)
def garbage_on_this_thread() -> Iterator[None]:
    """Qt's objects are collected where they were made, as `GuiGarbageCollector` does it.

    Folders of models are read on another thread, where Python would collect them too.
    """
    gc.disable()
    yield
    if gc.get_count()[0] > _MUCH_GARBAGE:
        gc.collect()
    gc.enable()


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[Any]:
    """A `Fixture` of `session_cases`: session, scripted engine, document."""
    from tests.app.session_cases import Fixture

    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


@pytest.fixture
def p(tmp_path: Path, qapp: QApplication) -> Iterator[Any]:
    """`Parts` of a session, of `session.part_cases`."""
    from tests.app.session.part_cases import Parts

    parts = Parts(tmp_path, qapp)
    yield parts
    parts.close()
