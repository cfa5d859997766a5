"""What can be written: rows at once, pictures in chunks; and what the disk's refusals mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from editor.errors import DamagedDocument, DiskFull, ExpectedError, is_disk_full
from editor.messages import Message
from editor.model.edit import Candidate
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.picture import Picture
from editor.model.selection import Selection
from editor.storage import rows
from editor.storage.pixel_store import PixelStore

CHUNK_BYTES = 16 << 20
"""Raw bytes of pixels per transaction."""


class Write(Protocol):
    """Something to be written."""

    future: Future[None]

    def apply(self, connection: sqlite3.Connection) -> bool:
        """Write the next part inside a transaction; True if it is the last one."""
        ...

    def apply_all(self, connection: sqlite3.Connection) -> None:
        """Write everything inside a transaction of another file, changing nothing here."""
        ...

    def committed(self) -> int:
        """After the commit of the last `apply`; raw bytes that part wrote."""
        ...


def promise() -> Future[Any]:
    """A future that its receiver cannot cancel: what is accepted gets written."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


def done() -> Future[None]:
    """A future of what needs no writing."""
    future: Future[None] = promise()
    future.set_result(None)
    return future


@dataclass
class RowWrite:
    """A few rows, written whole."""

    rows: Callable[[sqlite3.Connection], None]
    after: Callable[[], None] | None = None
    future: Future[None] = field(default_factory=promise)

    def apply(self, connection: sqlite3.Connection) -> bool:
        """Write the rows."""
        self.rows(connection)
        return True

    def apply_all(self, connection: sqlite3.Connection) -> None:
        """The same in another file."""
        self.rows(connection)

    def committed(self) -> int:
        """Release what need not stay in memory."""
        if self.after is not None:
            self.after()
        return 0


class PictureWrite:
    """A node's pixels: tiles chunk by chunk, then image and layer rows at once."""

    def __init__(self, node_id: str, picture: Picture, store: PixelStore) -> None:
        self.node_id = node_id
        self.picture = picture
        self.future: Future[None] = promise()
        self.nbytes = sum(
            tile.nbytes
            for image in rows.images_of(picture)
            for tile in image.tiles
            if tile.in_memory
        )
        self._store = store
        self._chunk = 0

    def apply(self, connection: sqlite3.Connection) -> bool:
        """Write as many unknown tiles as a chunk holds, or finish."""
        if rows.has_picture(connection, self.node_id):
            return True
        self._chunk = 0
        for tile in rows.unknown_tiles(connection, rows.images_of(self.picture)):
            if self._chunk and self._chunk + tile.nbytes > CHUNK_BYTES:
                return False
            rows.put_tile(connection, tile)
            self._chunk += tile.nbytes
        rows.put_layers(connection, self.node_id, self.picture)
        return True

    def apply_all(self, connection: sqlite3.Connection) -> None:
        """The same in another file."""
        rows.put_layers(connection, self.node_id, self.picture)

    def committed(self) -> int:
        """Count the chunk."""
        return self._chunk

    def release(self, connection: sqlite3.Connection) -> None:
        """Hand the memory of every durable tile to the cache."""
        for image in rows.images_of(self.picture):
            for tile in image.tiles:
                if tile.in_memory and rows.has_tile(connection, tile.digest):
                    self._store.remember(tile.digest, tile.pixels)
                    tile.release(self._store)


def row_write(
    put: Callable[[sqlite3.Connection], None],
    store: PixelStore,
    candidates: Iterable[Candidate] = (),
    selections: Iterable[Selection | None] = (),
) -> RowWrite:
    """Rows that make these candidates' and selections' pixels durable."""
    images = [selection.coverage for selection in selections if selection is not None]
    patches = [candidate.patch for candidate in candidates]

    def after() -> None:
        release_images(store, images)
        for patch in patches:
            release_patch(store, patch)

    return RowWrite(put, after)


def release_images(store: PixelStore, images: Iterable[Image]) -> None:
    """Hand the memory of images, all of which are durable, to the cache."""
    for image in images:
        for tile in image.tiles:
            if tile.in_memory:
                store.remember(tile.digest, tile.pixels)
                tile.release(store)


def release_patch(store: PixelStore, patch: Patch) -> None:
    """Hand the memory of a durable patch to the cache."""
    pixels = patch.pixels if patch.in_memory else None
    if pixels is not None:
        store.remember(patch.digest, pixels)
        patch.release(store)


_DISK = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip


def _code(error: BaseException) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def is_full(error: BaseException) -> bool:
    """True if the disk is full."""
    return isinstance(error, sqlite3.Error) and _code(error) == sqlite3.SQLITE_FULL


def is_refusal(error: BaseException) -> bool:
    """True if the disk, not the program, is the reason: worth trying again."""
    if isinstance(error, sqlite3.Error):
        return _code(error) in _DISK
    return isinstance(error, OSError)


def refusal(error: BaseException) -> ExpectedError:
    """The error for an artist."""
    if isinstance(error, ExpectedError):
        return error
    if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedDocument(Message("document.damaged_while_open"), Message("do.another_place"))
    full = is_full(error) or (isinstance(error, OSError) and is_disk_full(error))
    message = Message("document.disk_full")
    if not full:
        message = Message("document.disk_refuses", reason=str(error))
    return DiskFull(message, Message("do.another_place"))
