"""Every way into the program registers the worlds it brings knowledge of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

COMMAND_LINE = """
from app.cli.model_options import model_store
model_store(None)
"""
WINDOW = """
from app.window.program import Program
program = Program(["pentimento"])
program.window.close()
program.close()
"""
CHILD = """
import io, os, sys
from multiprocessing import Pipe
from types import SimpleNamespace
from inference.ipc import child
ours, theirs = Pipe()
child._connection = lambda handle: ours
child.answer_challenge = child.deliver_challenge = lambda connection, key: None
child.Server.serve = lambda self, spare=(): None
sys.stdin = SimpleNamespace(buffer=io.BytesIO(bytes(child.KEY_BYTES)))
child.main(["--connection", "0", "--home", os.environ["PENTIMENTO_HOME"]])
"""
ASK = """
from inference.models.model_domain import registered_domains
print("worlds:", [type(one).__name__ for one in registered_domains()], flush=True)
import os
os._exit(0)
"""


@pytest.mark.parametrize("begin", [COMMAND_LINE, WINDOW, CHILD], ids=["cli", "window", "child"])
def test_a_process_knows_the_storybook_after_its_start(begin: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", begin + ASK], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "worlds: ['Storybook']" in done.stdout, done.stderr[-2000:]


def test_without_registration_there_is_no_world() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "worlds: []" in done.stdout
