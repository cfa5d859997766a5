from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # engine_cases, beside these tests

from inference.client import EngineClient


@pytest.fixture
def client(tmp_path: Path) -> Iterator[EngineClient]:
    """A client whose child also knows the method `slow`."""
    from engine_cases import slow_client

    with slow_client(tmp_path / "home") as running:
        yield running
