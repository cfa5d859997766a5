"""How glibc keeps freed memory; nothing elsewhere."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8


def tune_heap(
    *, arenas: int | None = None, mapped: int | None = None, trim_above: int | None = None
) -> None:
    """Set the given options for this process; the others keep their values.

    Args:
        arenas: most arenas; by default each thread has one, which keeps what was freed.
        mapped: blocks of at least this many bytes are mapped one by one; each costs a page fault
            for each 4 kB every time, and locks the process' address space. At most 32 MB: glibc
            refuses more, and nothing changes.
        trim_above: most free bytes that stay at an arena's end.
    """
    mallopt = _from_glibc("mallopt")
    if mallopt is None:
        return
    for option, value in (
        (_M_ARENA_MAX, arenas),
        (_M_MMAP_THRESHOLD, mapped),
        (_M_TRIM_THRESHOLD, trim_above),
    ):
        if value is not None:
            mallopt(option, value)


def give_back_memory() -> None:
    """Return freed memory to the system, where the C library would rather keep it.

    What libvips' threads have freed is some 60 MB after a 24-megapixel picture, for one.
    """
    trim = _from_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _from_glibc(name: str) -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)  # other C libraries lack them
