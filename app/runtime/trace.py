from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any, TextIO

_lock = threading.Lock()
_file: TextIO | None = None
_asked = os.environ.get("PENTIMENTO_TRACE", "")


def trace(what: str, **facts: Any) -> None:
    """Append one JSON line to the file `PENTIMENTO_TRACE` names; nothing without it.

    Each line holds `what`, `time` (seconds since 1970), `clock` (monotonic seconds, for
    differences), `pid`, and the facts. Lines are whole even when several processes append.
    """
    global _file, _asked  # noqa: PLW0603  # one file per process
    if not _asked:
        return
    line = {"what": what, "time": time.time(), "clock": time.monotonic(), "pid": os.getpid()}
    with _lock:
        try:
            if _file is None:
                _file = open(_asked, "a", encoding="utf-8", buffering=1)  # noqa: PTH123, SIM115
            _file.write(json.dumps({**line, **facts}, default=str) + "\n")
        except OSError as error:
            with suppress(OSError):  # tracing must never stop the program
                print(f"PENTIMENTO_TRACE: {_asked}: {error.strerror}.", file=sys.stderr)
            _asked = ""


def close() -> None:
    """Close the file (tests)."""
    global _file, _asked  # noqa: PLW0603
    with _lock:
        if _file is not None:
            with suppress(OSError):
                _file.close()
        _file = None
        _asked = os.environ.get("PENTIMENTO_TRACE", "")
