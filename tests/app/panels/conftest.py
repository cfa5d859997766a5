from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget


@pytest.fixture
def page(f: Any) -> Iterator[QWidget]:
    """A page for panels over the session of `f`; it goes before the session does."""
    page = QWidget()
    yield page
    page.close()
    page.deleteLater()
