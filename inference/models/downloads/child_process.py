"""Runs one step of a download in a process of its own, which can be ended at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Final

from inference.request.cancel import CancelCheck

OnBytes = Callable[[int, int], None]
"""Called with the bytes that are done and those there are in all, 0 where that is not known."""

_ROOT: Final = Path(__file__).resolve().parents[3]
_CHECK_SECONDS: Final = 0.1
_LAST_WORDS: Final = 4000


class StepFailed(Exception):
    """A step ended without a result.

    Attributes:
        code: why, as the step said; "" where it ended without a word.
        values: what belongs to it.
        last_words: the end of what it wrote to standard error.
    """

    def __init__(self, code: str, values: Mapping[str, Any], last_words: str) -> None:
        super().__init__(code, dict(values), last_words)
        self.code, self.values, self.last_words = code, values, last_words


def run_step(
    name: str,
    values: Mapping[str, Any],
    check: CancelCheck,
    on_bytes: OnBytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """Run one step of `inference.models.downloads.steps` and wait for its result.

    The child ends with this process, however this process ends: it watches its standard input.

    Args:
        name: of the step's module.
        values: what it is given, as JSON values.
        check: called ten times a second; what it raises ends the child and passes.
        on_bytes: is called with the progress that the step reports.
        environment: variables of the child beside those of this process.

    Raises:
        StepFailed: it ended without a result.
        OSError: it cannot be started.
    """
    with tempfile.TemporaryFile() as log:
        process = _start(name, log, environment or {})
        lines: SimpleQueue[str | None] = SimpleQueue()
        reader = threading.Thread(
            target=_read, args=(process, lines), name="pentimento-download-child", daemon=True
        )
        reader.start()
        answer: dict[str, Any] = {}
        try:
            assert process.stdin is not None
            with suppress(OSError):  # it died at once: that it gives no result says so
                process.stdin.write(json.dumps(dict(values)) + "\n")
                process.stdin.flush()
            while (line := _next(lines, check)) is not None:
                said = _said(line)
                if "done" not in said:
                    answer.update(said)
                elif on_bytes is not None:
                    on_bytes(int(said["done"]), int(said["total"]))
        finally:
            process.kill()
            process.wait()
            reader.join()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]  # both are pipes
        if "result" in answer:
            result: Mapping[str, Any] = answer["result"]
            return result
        raise StepFailed(str(answer.get("failed", "")), answer.get("values", {}), _tail(log))


def _start(name: str, log: IO[bytes], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    variables = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    if getattr(sys, "frozen", False):
        command = [sys.executable, "--download-step", name]
    else:
        command = [sys.executable, "-P", "-m", "inference.models.downloads.child", name]
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        variables["PYTHONPATH"] = os.pathsep.join(paths)
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=variables,
        text=True,
        encoding="utf-8",
        errors="replace",
        **options,
    )


def _read(process: subprocess.Popen[str], lines: SimpleQueue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _next(lines: SimpleQueue[str | None], check: CancelCheck) -> str | None:
    while True:
        check()
        with suppress(Empty):
            return lines.get(timeout=_CHECK_SECONDS)


def _said(line: str) -> Mapping[str, Any]:
    """What a line of the child says: JSON of ours or "Progress N of M" of pip; {} for the rest."""
    words = line.split()
    with suppress(ValueError):  # of pip, and only looks like one of these
        if words[:1] == ["Progress"] and len(words) == 4:
            return {"done": int(words[1]), "total": int(words[3])}
        if line.startswith("{"):
            return dict(json.loads(line))
    return {}


def _tail(log: IO[bytes]) -> str:
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - _LAST_WORDS))
    return log.read().decode("utf-8", "replace").strip()
