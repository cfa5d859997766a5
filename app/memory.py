from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_THRESHOLD = 128 * 1024


def limit_arenas() -> None:
    """Have glibc give tiles back to the system when they are let go of.

    Tiles weigh 200 to 800 kB. By default glibc soon stops mapping such blocks one by one and
    keeps an arena for each thread; after twenty edits of 24 megapixels the freed tiles of the
    worker threads came to more than the program itself. A fixed threshold and two arenas end
    that. Elsewhere than with glibc nothing is done.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, _THRESHOLD)
