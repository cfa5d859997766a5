"""The child ends with its parent, and when it is cancelled."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from inference.models.downloads.child import main
from inference.models.downloads.child_process import StepFailed, run_step
from inference.request.cancel import Cancelled

ROOT = Path(__file__).resolve().parents[4]


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until something holds; what never does is ended by the suite's hang guard."""
    while not condition():
        time.sleep(0.02)


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_an_unknown_step_is_no_step() -> None:
    with pytest.raises(ValueError, match="no such step"):
        main(["os"])
    with pytest.raises(StepFailed, match="no such step"):
        run_step("os", {}, lambda: None)


def test_the_frozen_program_takes_steps_too() -> None:
    words = [sys.executable, "-m", "app", "--download-step", "os"]  # as `_start` calls it there
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "no such step: os" in done.stderr


def test_a_cancel_ends_the_child() -> None:
    def cancel() -> None:
        if children():
            raise Cancelled

    with pytest.raises(Cancelled):
        run_step("convert", {"kind": "gguf", "file": "-", "folder": "-", "memory": 1}, cancel)
    assert children() == []


PARENT = """
from inference.models.downloads.child_process import run_step
run_step("package", {{"package": "x", "version": "1", "python": "3.11", "platform": "any",
         "folder": {folder!r}}}, lambda: None)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_parent_that_is_killed_takes_the_child_along(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, answers nothing
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/",
        }
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(folder=str(tmp_path))],
            cwd=ROOT, env=environment,
        )  # fmt: skip
        process = psutil.Process(parent.pid)
        wait_until(process.children)
        (child,) = process.children()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
