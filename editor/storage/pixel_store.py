"""Pixels on demand: read connections and a cache with a byte budget, for any thread."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.errors import DamagedDocument
from editor.messages import Message
from editor.model.image import TILE, Pixels, tile_digest
from editor.model.patch import ENLARGED, patch_digest
from editor.storage import codec
from editor.storage.schema import connect_reader
from editor.storage.values import DAMAGE, parse_placement, parse_settings

LEAST_CACHE = 32 << 20
MOST_CACHE = 256 << 20
CACHED_PICTURES = 12
"""Pictures of the document's size that the cache may hold: the idea on the canvas, the one before,
the results of a run and of the run before. What is older is read from the file again."""
PATCH_SAMPLES_CAP = 64 << 20
"""Of a patch at a model's work size."""
ENLARGED_SAMPLES_CAP = 720_000_000
"""Of one that holds a whole larger picture: three colours of 16 bits as bytes for each of the
`editor.formats.limits.MAX_PIXELS`, which is not imported here for the codecs beside it."""
_DTYPES = {8: "uint8", 16: "uint16"}


class Readers:
    """Read-only connections to one file, lent to one thread at a time.

    A pool rather than one per thread: worker threads come and go, and every connection must be
    closed at a known moment when the file moves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lent = 0
        self._keeping = True
        self._moving = False
        self._turn = threading.Condition()

    @contextmanager
    def lend(self) -> Iterator[sqlite3.Connection]:
        """A connection for one short reading; waits only while the file is being moved."""
        with self._turn:
            while self._moving:
                self._turn.wait()
            self._lent += 1
            connection = self._idle.pop() if self._idle else None
        try:
            if connection is None:
                connection = connect_reader(self.path)
            yield connection
        except BaseException:
            if connection is not None:
                connection.close()
                connection = None
            raise
        finally:
            with self._turn:
                self._lent -= 1
                if connection is not None and self._keeping and not self._moving:
                    self._idle.append(connection)
                    connection = None
                self._turn.notify_all()
            if connection is not None:
                connection.close()

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """Within this context no connection is open; `path` may change before the next one."""
        with self._turn:
            while self._moving:
                self._turn.wait()
            self._moving = True
            while self._lent:
                self._turn.wait()
            for connection in self._idle:
                connection.close()
            self._idle.clear()
        try:
            yield
        finally:
            with self._turn:
                self._moving = False
                self._turn.notify_all()

    def close(self) -> None:
        """Close all connections; a late reader opens its own."""
        self._keeping = False
        with self.held_off():
            pass


def cache_budget(picture_bytes: int) -> int:
    """Bytes the cache of a document may hold whose pictures weigh `picture_bytes` each."""
    return min(max(CACHED_PICTURES * picture_bytes, LEAST_CACHE), MOST_CACHE)


class PixelStore:
    """Gives back the pixels of tiles and patches whose memory was released.

    Every block is checked against its digest when it is read.
    """

    def __init__(self, readers: Readers, budget: int = MOST_CACHE) -> None:
        self._readers = readers
        self._budget = budget
        self._held = 0
        self._cache: OrderedDict[bytes | str, NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def budget(self) -> int:
        """Bytes the cache may hold."""
        return self._budget

    @budget.setter
    def budget(self, size: int) -> None:
        with self._lock:
            self._budget = size
            self._trim()

    @property
    def held(self) -> int:
        """Bytes the cache holds now."""
        return self._held

    def remember(self, digest: bytes | str, pixels: NDArray[Any]) -> None:
        """Put pixels into the cache as the most recently used."""
        if pixels.nbytes > self._budget:
            return
        with self._lock:
            if digest in self._cache:
                self._cache.move_to_end(digest)
                return
            self._cache[digest] = pixels
            self._held += pixels.nbytes
            self._trim()

    def forget(self) -> None:
        """Empty the cache."""
        with self._lock:
            self._cache.clear()
            self._held = 0

    def load_tile(self, digest: bytes) -> Pixels:
        """Pixels of a stored tile, read-only, (h, w, C).

        Raises:
            DamagedDocument: the tile is missing or its bytes are not what was written.
        """
        found = self._cached(digest)
        if found is None:
            try:
                with self._readers.lend() as connection:
                    found = read_tile(connection, digest)
            except sqlite3.Error as error:
                raise _lost(error) from error
            self.remember(digest, found)
        return found

    def load_patch(self, digest: str) -> NDArray[Any]:
        """Pixels of a stored patch, read-only, (h, w, 3).

        Raises:
            DamagedDocument: the patch is missing or its bytes are not what was written.
        """
        found = self._cached(digest)
        if found is None:
            try:
                with self._readers.lend() as connection:
                    found = read_patch(connection, digest)
            except sqlite3.Error as error:
                raise _lost(error) from error
            self.remember(digest, found)
        return found

    def _cached(self, digest: bytes | str) -> NDArray[Any] | None:
        with self._lock:
            found = self._cache.get(digest)
            if found is not None:
                self._cache.move_to_end(digest)
            return found

    def _trim(self) -> None:
        while self._held > self._budget and self._cache:
            _, dropped = self._cache.popitem(last=False)
            self._held -= dropped.nbytes


def _lost(error: Exception | None = None) -> DamagedDocument:
    if error is None:
        return DamagedDocument(Message("document.pixels_damaged"))
    return DamagedDocument(Message("document.pixels_damaged_because", reason=str(error)))


def read_tile(connection: sqlite3.Connection, digest: bytes) -> Pixels:
    """Read, unpack and check one tile.

    Raises:
        DamagedDocument: missing or damaged.
        sqlite3.Error: the file itself cannot be read.
    """
    row = connection.execute(
        "SELECT height, width, channels, depth, codec, data FROM tile WHERE digest=?", (digest,)
    ).fetchone()
    if row is None:
        raise _lost()
    height, width, channels, depth, packing, data = row
    try:
        if not (1 <= height <= TILE and 1 <= width <= TILE and 1 <= channels <= 4):
            raise ValueError("a tile of impossible size")
        if packing != codec.ROWS or not isinstance(data, bytes):
            raise ValueError("a tile packed in an unknown way")
        pixels = codec.decode(data, (height, width, channels), _DTYPES[depth])
        if tile_digest(pixels) != digest:
            raise ValueError("a tile does not match its digest")
    except DAMAGE as error:
        raise _lost(error) from error
    return pixels


def read_patch(connection: sqlite3.Connection, digest: str) -> NDArray[Any]:
    """Read, unpack and check the pixels of one patch.

    Raises:
        DamagedDocument: missing or damaged.
        sqlite3.Error: the file itself cannot be read.
    """
    row = connection.execute(
        "SELECT parameters, placement, height, width, channels, dtype, codec, data FROM patch"
        " WHERE digest=?",
        (digest,),
    ).fetchone()
    if row is None:
        raise _lost()
    parameters, placement, height, width, channels, dtype, packing, data = row
    try:
        if min(height, width) < 1 or not 1 <= channels <= 8:
            raise ValueError("a patch of impossible size")
        settings, lies = parse_settings(parameters), parse_placement(placement)
        cap = ENLARGED_SAMPLES_CAP if ENLARGED in dict(settings) else PATCH_SAMPLES_CAP
        if height * width * channels > cap:
            raise ValueError("a patch of impossible size")
        if packing != codec.ROWS or dtype not in ("uint8", "float16"):
            raise ValueError("a patch packed in an unknown way")
        pixels = codec.decode(data, (height, width, channels), dtype)
        if patch_digest(settings, lies, np.ascontiguousarray(pixels)) != digest:
            raise ValueError("a patch does not match its digest")
    except DAMAGE as error:
        raise _lost(error) from error
    return pixels
