from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from app.runtime.standard_streams import discard
from editor.errors import ExpectedError
from editor.messages import Message, verbatim

DONE, BUG, USAGE, REFUSED, CANCELLED = 0, 1, 2, 3, 130
"""Exit codes."""

_USAGE_KINDS = {"bad_setting", "unknown_method", "usage"}


class UsageError(ExpectedError):
    """Arguments that do not fit together; exit code 2."""

    kind = "usage"


class OutputLost(ExpectedError):
    """Standard output does not take what was to be printed: a full disk, a lost terminal."""

    kind = "output_lost"

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The output cannot be printed: {error.strerror or error}.")


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


def json_text(values: Any, encoding: str = "utf-8") -> str:
    """A JSON document in characters of an encoding; others are escaped.

    File names that are not UTF-8 have such characters (lone surrogates, PEP 383).
    """
    text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(values, indent=2, allow_nan=False)
    return text


def print_json(values: Any) -> None:
    """One JSON document on standard output.

    Raises:
        OutputLost, BrokenPipeError: standard output does not take it.
    """
    _print(json_text(values, sys.stdout.encoding or "utf-8"), sys.stdout)


def say(text: str = "", *, error: bool = False) -> None:
    """A line for a person; characters that the terminal lacks are replaced.

    What standard error does not take is left out, for there is no other place to say so.

    Raises:
        OutputLost, BrokenPipeError: standard output does not take it.
    """
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    line = text.encode(encoding, "replace").decode(encoding)
    if not error:
        _print(line, stream)
        return
    try:
        print(line, file=stream, flush=True)
    except OSError:
        discard(stream)


def remark(text: str, *, error: bool = False) -> None:
    """As `say`, for a line that comes while the work goes on: it never stops the work.

    If standard output fails for good, the result that is printed afterwards fails too.
    """
    with suppress(OutputLost, BrokenPipeError):
        say(text, error=error)


@contextmanager
def files_complete(folder: Path) -> Iterator[None]:
    """Around printing about files that were made: if it fails, say that they are there."""
    try:
        yield
    except OutputLost as lost:
        lost.fix = verbatim(f"The files are complete: {folder}")
        raise


def _print(text: str, stream: TextIO) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(error) from error


def guarded(command: Callable[[], int], as_json: bool) -> int:
    """Run a command; every way it can end becomes an exit code and, with JSON, an object."""
    try:
        return command()
    except OutputLost as lost:
        discard(sys.stdout)
        return _failed(False, REFUSED, lost.kind, str(lost.message), str(lost.fix or ""))
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
    except BrokenPipeError:  # the reader went away (`| head`)
        discard(sys.stdout)
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
        try:
            print_json({"error": report})
            return code
        except BrokenPipeError:
            discard(sys.stdout)
            return code
        except OutputLost:  # standard error may still work
            discard(sys.stdout)
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
            self._put("\r")

    def _write(self, text: str) -> None:
        self._put("\r" + text.ljust(self._length))
        self._length = len(text)

    def _put(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # the terminal is gone
            self._shown = False
            discard(sys.stderr)
