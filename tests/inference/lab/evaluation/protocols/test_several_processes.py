"""Two processes, connected as ``accelerate launch`` connects them, give what one gives."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.cli.cli_cases import ROOT, in_process


def test_two_processes_meet_in_the_report_folder(
    brush: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = tmp_path / "no-models"
    nothing.mkdir()
    words = ("evaluate", "magicbrush", brush, "--turns", "both", "--models", nothing)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "app", *map(str, words), "--report", str(tmp_path / "out"),
             "--json"],
            cwd=ROOT,
            env={**os.environ, "RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2",
                 "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1",
                 "ACCELERATE_USE_CPU": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]  # fmt: skip
    (first, trouble), (second, more_trouble) = (one.communicate() for one in started)
    assert [one.returncode for one in started] == [0, 0], trouble + more_trouble
    assert second == ""
    parts = sorted(path.name for path in (tmp_path / "out" / "partial").glob("values-*"))
    assert parts == ["values-0.jsonl", "values-1.jsonl"]
    _, alone = in_process(capsys)(*words)
    assert json.loads(first)["rows"] == alone["rows"]
