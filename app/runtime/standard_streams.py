"""Standard input, output and error that are closed: the null device takes their place."""

from __future__ import annotations

import os
import sys
from typing import Any

_STREAMS = ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w"))


def open_missing_streams() -> None:
    """Open the null device for each standard stream that this process was started without.

    A closed descriptor would be given to the next file that is opened, and what a library prints
    would end up in that file. Programs without a console have no streams on Windows.
    """
    for descriptor, name, mode in _STREAMS:
        try:
            os.fstat(descriptor)
        except OSError:
            _open_null(descriptor)
        if getattr(sys, name) is None:
            setattr(sys, name, _stream(descriptor, mode))


def discard(stream: Any) -> None:
    """Send what a stream still holds, and all that follows, to the null device.

    Without it Python would fail again on what is left in the buffer when it ends.

    Args:
        stream: `sys.stdout` or `sys.stderr`; one without a descriptor (tests) is left alone.
    """
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return
    _open_null(descriptor)


def _open_null(descriptor: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    if null == descriptor:
        os.set_inheritable(descriptor, True)
        return
    os.dup2(null, descriptor)
    os.close(null)


def _stream(descriptor: int, mode: str) -> Any:
    return open(  # a descriptor, and it stays open until the end
        descriptor, mode, encoding="utf-8", errors="backslashreplace", closefd=False
    )
