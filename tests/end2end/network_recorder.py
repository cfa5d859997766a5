"""Records every connection that the program tries, its child processes included."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_HOOK: Final = """
import os, sys

_WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")

def _record(event, arguments):
    if event not in _WATCHED:
        return
    where = arguments[-1] if event.startswith(("socket.connect", "socket.sendto")) else arguments[0]
    if event == "socket.connect" and isinstance(where, (str, bytes)):
        return  # a Unix socket: this machine
    with open(os.environ["PENTIMENTO_TEST_CONNECTIONS"], "a", encoding="utf-8") as log:
        print(event, where, file=log)

sys.addaudithook(_record)
"""
"""Python imports `sitecustomize` when it starts."""


def recording(folder: Path) -> dict[str, str]:
    """Variables for a process whose connections are to be recorded in a folder."""
    hook = folder / "recorder"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(_HOOK, "utf-8")
    paths = [str(hook), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "PENTIMENTO_TEST_CONNECTIONS": str(folder / "connections"),
    }


def connections(folder: Path) -> list[str]:
    """What was tried so far."""
    log = folder / "connections"
    return log.read_text("utf-8").splitlines() if log.exists() else []
