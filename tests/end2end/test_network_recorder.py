"""The recorder sees what would reach the network, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end2end.network_recorder import connections, recording


def run(folder: Path, code: str) -> list[str]:
    environment = {**os.environ, **recording(folder)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return connections(folder)


@pytest.mark.parametrize(
    ("action", "seen"),
    [
        ("socket.socket().connect_ex(('127.0.0.1', 9))", "socket.connect ('127.0.0.1', 9)"),
        ("socket.getaddrinfo('localhost', 80)", "socket.getaddrinfo localhost"),
    ],
)
def test_what_reaches_out_is_seen(action: str, seen: str, tmp_path: Path) -> None:
    assert run(tmp_path, f"import socket\n{action}") == [seen]


def test_child_processes_are_seen_too(tmp_path: Path) -> None:
    inner = "import socket; socket.getaddrinfo('localhost', 80)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-P', '-c', {inner!r}])"
    assert run(tmp_path, code) == ["socket.getaddrinfo localhost"]


@pytest.mark.skipif(os.name != "posix", reason="Unix sockets")
def test_a_socket_of_this_machine_is_not(tmp_path: Path) -> None:
    code = "import socket; socket.socket(socket.AF_UNIX).connect_ex('/not/there')"
    assert run(tmp_path, code) == []
