from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[Any]:
    """A `Fixture` of `session_cases`: session, scripted engine, document."""
    from tests.app.session_cases import Fixture

    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()
