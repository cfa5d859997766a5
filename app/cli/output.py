from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from editor.errors import ExpectedError
from editor.messages import Message

DONE, BUG, USAGE, REFUSED, CANCELLED = 0, 1, 2, 3, 130
"""Exit codes."""

_USAGE_KINDS = {"bad_setting", "unknown_method", "usage"}


class UsageError(ExpectedError):
    """Arguments that do not fit together; exit code 2."""

    kind = "usage"


class Failed(Exception):
    """A job of the engine failed; carries what its `JobFailed` said."""

    def __init__(
        self,
        kind: str,
        message: Message,
        fix: Message | None,
        details: str,
        nearest: tuple[str, ...],
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.fix = kind, message, fix
        self.details, self.nearest = details, nearest


def print_json(values: Any) -> None:
    """One JSON document on standard output, UTF-8 whatever the locale."""
    text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        print(text, flush=True)
    except UnicodeEncodeError:  # LC_ALL=C
        print(json.dumps(values, indent=2, allow_nan=False), flush=True)


def say(text: str = "", *, error: bool = False) -> None:
    """A line for a person; characters the terminal lacks are replaced, never an exception."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def guarded(command: Callable[[], int], as_json: bool) -> int:
    """Run a command; every way it can end becomes an exit code and, with JSON, an object."""
    try:
        return command()
    except (ExpectedError, Failed) as error:
        nearest = tuple(getattr(error, "nearest", ()))
        message, fix = str(error.message), str(error.fix or "")
        if error.kind == "bug":
            details = getattr(error, "details", "")
            return _failed(as_json, BUG, "bug", message, "", details=details)
        code = USAGE if error.kind in _USAGE_KINDS else REFUSED
        return _failed(as_json, code, error.kind, message, fix, nearest)
    except KeyboardInterrupt:
        return _failed(as_json, CANCELLED, "cancelled", "Cancelled.", "")
    except BrokenPipeError:
        # The reader went away (`| head`), so nothing can be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        return _failed(as_json, REFUSED, "out_of_memory", "Not enough memory for this.", "")
    except Exception as error:
        details = traceback.format_exc()
        message = f"Something went wrong in the program: {type(error).__name__}."
        return _failed(as_json, BUG, "bug", message, "", details=details)


def _failed(
    as_json: bool,
    code: int,
    kind: str,
    message: str,
    fix: str,
    nearest: tuple[str, ...] = (),
    details: str = "",
) -> int:
    if details:
        say(details.rstrip(), error=True)
    if as_json:
        report: dict[str, Any] = {"kind": kind, "message": message, "fix": fix}
        if nearest:
            report["nearest"] = list(nearest)
        print_json({"error": report})
    else:
        say(f"pentimento: {message}{' ' + fix if fix else ''}", error=True)
        if nearest and not any(word in f"{message} {fix}" for word in nearest):
            say(f"Nearest words it knows: {', '.join(nearest)}.", error=True)
    return code


class ProgressBar:
    """A progress bar on a terminal; nothing at all when standard error is not one."""

    def __init__(self, width: int = 28) -> None:
        self._shown = sys.stderr.isatty()
        self._width = width
        self._last = 0.0
        self._length = 0

    def show(self, stage: str, share: float, seconds_left: float | None = None) -> None:
        """Draw `stage` at `share` 0..1, at most twenty times a second."""
        now = time.monotonic()
        if not self._shown or (now - self._last < 0.05 and share < 1.0):
            return
        self._last = now
        filled = round(self._width * min(1.0, max(0.0, share)))
        text = f"{stage:<10} {'#' * filled}{'.' * (self._width - filled)} {share:4.0%}"
        if seconds_left is not None and seconds_left >= 1:
            text += f"  about {seconds_left:.0f} s left"
        self._write(text)

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown and self._length:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)
