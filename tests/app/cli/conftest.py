from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[int, dict[str, Any]]]]:
    """A command with --json, in this process: exit code and values."""
    from tests.app.cli.cli_cases import in_process

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield in_process(capsys)
    for number, handler in before.items():
        signal.signal(number, handler)
