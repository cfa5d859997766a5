from __future__ import annotations

import os
from contextlib import suppress
from typing import Final

_FALLBACK_BYTES: Final = 8 << 30


def system_bytes() -> int:
    """Physical memory of this machine; 8 GiB where it is unknown."""
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return _FALLBACK_BYTES
