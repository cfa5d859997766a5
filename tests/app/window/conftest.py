from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.app.window.window_cases import WindowFixture


@pytest.fixture
def window(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    """A shown window with a small document."""
    made = WindowFixture(tmp_path)
    made.show()
    yield made
    made.close()
