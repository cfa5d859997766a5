from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # cli_cases, beside these tests


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[int, dict[str, Any]]]]:
    """A command with --json, in this process: exit code and values."""
    from cli_cases import in_process

    before = signal.getsignal(signal.SIGTERM)
    yield in_process(capsys)
    signal.signal(signal.SIGTERM, before)
