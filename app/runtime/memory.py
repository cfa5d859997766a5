from __future__ import annotations

from editor.render.heap import tune_heap

_MAPPED = 8 << 20
_KEPT = 32 << 20


def limit_arenas() -> None:
    """Have glibc keep the memory of tiles for the next tiles, in two arenas.

    Tiles and what is computed on the way to them weigh 200 kB to 3 MB. Mapped one by one (below
    `M_MMAP_THRESHOLD`'s default such blocks are) every array costs a page fault for each 4 kB,
    and mapping and unmapping lock the address space of the whole process: the event loop stood
    still behind the worker threads, and more time went into the kernel than into pixels. With
    an arena for each thread, on the other hand, the freed tiles of the worker threads came to
    more than the program itself. So: two arenas, blocks up to 8 MB from them, and at most 32 MB
    kept free at their ends. Elsewhere than with glibc nothing is done.
    """
    tune_heap(arenas=2, mapped=_MAPPED, trim_above=_KEPT)
