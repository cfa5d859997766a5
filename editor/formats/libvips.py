from __future__ import annotations

import threading
from typing import Any

_lock = threading.Lock()
_ready: list[Any] = []


def vips() -> Any:
    """The `pyvips` module, loaded on first use (it costs a tenth of a second) and set up once.

    The operation cache is off: it would keep whole pictures alive and hand out stale ones for a
    file that has changed. One worker thread: decoders and encoders are serial anyway, every
    further thread only holds more rows, and the editor renders at the same time.
    """
    if _ready:
        return _ready[0]
    with _lock:
        if not _ready:
            import logging

            logging.getLogger("pyvips").setLevel(logging.ERROR)
            import pyvips

            pyvips.cache_set_max(0)
            pyvips.concurrency_set(1)
            pyvips.block_untrusted_set(True)
            _ready.append(pyvips)
    return _ready[0]
