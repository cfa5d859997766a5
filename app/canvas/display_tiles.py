"""The memory of drawn tiles and the thread that makes them, shared by all pictures."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from PySide6.QtGui import QImage

from app.canvas.display_pixels import Array8, opaque, wrap_display
from editor.storage.thread_priority import lower_priority

DEFAULT_BUDGET: Final = 256 * 1024 * 1024
# A thread with nothing to do ends; starting another costs less than a tile.
IDLE_SECONDS: Final = 0.3


class DisplayTile:
    """Display pixels and the image that wraps them (the image does not own its memory).

    Made on any thread; the image only when it is first drawn, on the GUI thread: PySide6's table
    of wrapped objects is not safe against images that come and go on other threads.
    """

    __slots__ = ("_image", "_opaque", "pixels", "stale")

    def __init__(self, pixels: Array8) -> None:
        self.pixels = pixels
        self._opaque = opaque(pixels)
        self._image: QImage | None = None
        self.stale = False

    @property
    def image(self) -> QImage:
        """The pixels to draw; GUI thread only."""
        if self._image is None:
            self._image = wrap_display(self.pixels, is_opaque=self._opaque)
        return self._image


class DisplayTileCache:
    """Tiles by key, the least recently used dropped beyond a budget of bytes."""

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self._budget = budget
        self._used = 0
        self._tiles: OrderedDict[Hashable, DisplayTile] = OrderedDict()
        self._lock = threading.Lock()
        self._dropped: list[DisplayTile] = []  # wait for the GUI thread: their images end there

    @property
    def used(self) -> int:
        """Bytes held."""
        return self._used

    def get(self, key: Hashable) -> DisplayTile | None:
        """Returns a tile and marks it as used."""
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            self._bury()
            return tile

    def _bury(self) -> None:
        if self._dropped and threading.current_thread() is threading.main_thread():
            self._dropped.clear()

    def put(self, key: Hashable, tile: DisplayTile) -> None:
        """Adds a tile, dropping the oldest ones where there is no room."""
        with self._lock:
            old = self._tiles.pop(key, None)
            self._used -= 0 if old is None else old.pixels.nbytes
            self._tiles[key] = tile
            self._used += tile.pixels.nbytes
            while self._used > self._budget and len(self._tiles) > 1:
                _, dropped = self._tiles.popitem(last=False)
                self._used -= dropped.pixels.nbytes
                self._dropped.append(dropped)
            if old is not None:
                self._dropped.append(old)
            self._bury()

    def drop_owner(self, owner: int) -> None:
        """Forgets all tiles of one picture."""
        with self._lock:
            for key in [k for k in self._tiles if isinstance(k, tuple) and k[0] == owner]:
                self._used -= self._tiles.pop(key).pixels.nbytes


class TileWorker:
    """One thread that makes tiles, last asked first: what is looked at now matters most."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[Hashable, Callable[[], None]] = OrderedDict()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._busy = False

    def ask(self, key: Hashable, job: Callable[[], None]) -> None:
        """Queues a job; one of the same key that has not begun is replaced."""
        with self._wake:
            self._jobs.pop(key, None)
            self._jobs[key] = job
            if self._thread is None:
                self._stopped = False
                self._thread = threading.Thread(
                    target=self._run, name="pentimento-tiles", daemon=True
                )
                self._thread.start()
            self._wake.notify()

    def forget_owner(self, owner: int) -> None:
        """Drops the jobs of a picture that has gone."""
        with self._wake:
            for key in [k for k in self._jobs if isinstance(k, tuple) and k[0] == owner]:
                del self._jobs[key]

    def wait_idle(self, timeout: float | None = None) -> bool:
        """Waits until nothing is left to do (`timeout` in seconds); True if so."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._jobs and not self._busy, timeout)

    def stop(self) -> None:
        """Ends the thread; a later `ask` starts a new one."""
        with self._wake:
            self._stopped = True
            self._jobs.clear()
            thread = self._thread
            self._thread = None
            self._wake.notify_all()
        if thread is not None:
            thread.join(timeout=5)

    def _run(self) -> None:
        lower_priority(5)  # less than other work: these tiles are looked at
        while True:
            with self._wake:
                self._busy = False
                self._wake.notify_all()
                self._wake.wait_for(lambda: bool(self._jobs) or self._stopped, IDLE_SECONDS)
                if self._stopped or not self._jobs:
                    if self._thread is threading.current_thread():
                        self._thread = None
                    return
                _, job = self._jobs.popitem(last=True)
                self._busy = True
            job()


CACHE: Final = DisplayTileCache()
WORKER: Final = TileWorker()
