from __future__ import annotations

import threading
from typing import Any

from editor.errors import ExpectedError
from editor.messages import Message

_lock = threading.Lock()
_ready: list[Any] = []


class LibvipsMissing(ExpectedError):
    """The library that reads and writes picture files cannot be loaded."""

    kind = "library_missing"

    def __init__(self, error: Exception) -> None:
        reason = str(error) or type(error).__name__
        super().__init__(Message("image.no_libvips", reason=reason), Message("do.install_libvips"))


def vips() -> Any:
    """The `pyvips` module, loaded on first use (it costs a tenth of a second) and set up once.

    The operation cache is off: it would keep whole pictures alive and hand out stale ones for a
    file that has changed. One worker thread: decoders and encoders are serial anyway, every
    further thread only holds more rows, and the editor renders at the same time.

    Raises:
        LibvipsMissing: it is not installed, or lacks a library that it needs itself.
    """
    if _ready:
        return _ready[0]
    with _lock:
        if not _ready:
            import logging

            logging.getLogger("pyvips").setLevel(logging.ERROR)
            try:
                import pyvips
            except Exception as error:  # the dynamic loader's OSError, or pyvips' own Exception
                raise LibvipsMissing(error) from error

            pyvips.cache_set_max(0)
            pyvips.concurrency_set(1)
            pyvips.block_untrusted_set(True)
            _ready.append(pyvips)
    return _ready[0]
