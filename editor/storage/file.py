"""One document file on the disk: made, locked, moved, copied, closed; always whole."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from editor.display_name import display_name
from editor.errors import DamagedDocument
from editor.formats.opened import SourceFile
from editor.messages import Message
from editor.model.history import HistoryNode
from editor.storage import rows
from editor.storage.existing import require_file
from editor.storage.loaded_document import LoadedDocument
from editor.storage.lock import DocumentInUse, WriteLock, wal_works
from editor.storage.pixel_store import PixelStore, Readers
from editor.storage.reader import load_document
from editor.storage.schema import (
    TEXT_LIMIT,
    check,
    connect_builder,
    connect_reader,
    connect_writer,
    create_schema,
    unreadable,
)
from editor.storage.writer import Writer
from editor.storage.writes import Write, promise, release_images

SUFFIX = ".pentimento"


@dataclass(frozen=True)
class First:
    """What a new document starts with; a file never exists without it."""

    node: HistoryNode
    source: SourceFile | None


class DocumentFile:
    """A path, the right to write there, and how its writer and readers reach it.

    Everything but the constructor and `take` runs on the writer thread.
    """

    def __init__(self, path: Path, first: First | None = None) -> None:
        self.path = path
        self.readers = Readers(path)
        self.store = PixelStore(self.readers)
        self._lock = WriteLock(path)
        self._first = first

    @property
    def made(self) -> bool:
        """False until a new document has reached the disk for the first time."""
        return self._first is None

    def take(self) -> bool:
        """Try to get the right to write; False if another window has it or the folder refuses."""
        try:
            return self._lock.take()
        except OSError:
            return False

    def refuse_if_in_use(self) -> None:
        """Raise `DocumentInUse` if another window holds the lock, not if the folder refuses."""
        try:
            free = self._lock.take()
        except OSError:
            return  # the writer meets the same error and reports it
        if not free:
            raise DocumentInUse

    def give_up(self) -> None:
        """Close without having written."""
        self.readers.close()
        self._lock.release()

    def load(self) -> LoadedDocument:
        """Everything but pixels, whatever can be read.

        Raises:
            DamagedDocument: no document, or none of its ideas can be shown.
            NewerDocument: made by a later version.
            ExpectedError: there is no such file.
        """
        name = display_name(self.path)
        require_file(self.path)
        try:
            recover(self.path, self._lock)
            with closing(connect_reader(self.path, limit=TEXT_LIMIT)) as connection:
                connection.execute("BEGIN")  # one state of it, whatever another window writes
                check(connection, name)
                loaded = load_document(connection, self.store)
        except sqlite3.Error as error:
            raise unreadable(name, error) from error
        if set(loaded.history.nodes) <= set(loaded.damaged):
            raise DamagedDocument(Message("document.all_damaged", name=name))
        return loaded

    def source(self, node_id: str) -> SourceFile | None:
        """What a node was opened from, if the document knows."""
        with closing(connect_reader(self.path, limit=1 << 30)) as connection:
            row = connection.execute(
                "SELECT name, format, data FROM source WHERE node=?", (node_id,)
            ).fetchone()
        return None if row is None else SourceFile(*row)

    def connect(self) -> sqlite3.Connection:
        """The write connection; a new document is laid out first and appears whole."""
        if not self._lock.held and not self._lock.take():
            raise DocumentInUse
        if self._first is not None:
            first = self._first
            appear(self.path, lambda part: _lay_out(part, first, ()))
            self._first = None
            if first.node.picture is not None:
                release_images(self.store, rows.images_of(first.node.picture))
        return connect_writer(self.path, wal=wal_works(self.path.parent))

    def move(self, writer: Writer, target: Path) -> None:
        """Give the file another name, on any disk; a file already there is replaced whole.

        Raises:
            DocumentInUse: another window writes the target.
            OSError, sqlite3.Error: nothing has changed.
        """
        if target == self.path:
            return
        lock = WriteLock(target)
        if not lock.take():
            raise DocumentInUse
        try:
            if self.made:
                self._move_made(writer, target)
        except BaseException:
            lock.release()
            raise
        self._switch(target)
        self._lock.release()
        self._lock = lock
        writer.retry()

    def copy(self, writer: Writer, target: Path) -> None:
        """Write a whole copy, with everything that still waits to be written.

        Raises:
            DocumentInUse: another window writes the target.
            OSError, sqlite3.Error: there is no copy.
        """
        if target == self.path:
            raise OSError(f"{target.name} is this document itself")
        waiting = writer.pending()
        lock = WriteLock(target)
        if not lock.take():
            raise DocumentInUse
        try:
            if self._first is not None:
                first = self._first
                appear(target, lambda part: _lay_out(part, first, waiting))
            else:
                source = self._own_connection(writer)
                appear(target, lambda part: copy_pages(source, part, waiting))
        finally:
            lock.release()

    def close(self, writer: Writer) -> None:
        """Fold everything into the one file, so that it can be copied, and release the lock."""
        self.readers.close()
        if writer.connection is None and self.made and any(map(Path.exists, side_files(self.path))):
            with suppress(sqlite3.Error, OSError):  # nothing written, but a crash left its log
                writer.connection = self.connect()
        if writer.connection is not None:
            with suppress(sqlite3.Error):
                writer.checkpoint()
                writer.connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            writer.hang_up()
        self._lock.release()

    def _own_connection(self, writer: Writer) -> sqlite3.Connection:
        if writer.connection is None:
            writer.connection = self.connect()
        return writer.connection

    def _move_made(self, writer: Writer, target: Path) -> None:
        fold_leftovers(target)
        if self._rename(writer, target):
            return
        old = self.path
        source = self._own_connection(writer)
        appear(target, lambda part: copy_pages(source, part, ()))
        writer.hang_up()
        self._switch(target)
        for leftover in (old, *side_files(old)):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)

    def _rename(self, writer: Writer, target: Path) -> bool:
        """The quick way on one disk; False if the file has to be copied instead."""
        try:
            if self.path.stat().st_dev != target.parent.stat().st_dev:
                return False
            connection = self._own_connection(writer)
            # Any reader's connection, even an idle one, keeps SQLite from giving up its log.
            with self.readers.held_off():
                writer.checkpoint()
                mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
                if mode is None or mode[0] != "delete":
                    return False
                writer.hang_up()
                self.path.replace(target)
                self.path = self.readers.path = target
        except (OSError, sqlite3.Error):
            return False
        with suppress(OSError):  # the file has its new name even if syncing the folder failed
            sync_folder(target.parent)
        return True

    def _switch(self, target: Path) -> None:
        with self.readers.held_off():
            self.path = self.readers.path = target


def _lay_out(part: Path, first: First, waiting: Iterable[Write]) -> None:
    with closing(connect_builder(part)) as connection:
        create_schema(connection)
        connection.execute("BEGIN IMMEDIATE")
        rows.put_node(connection, first.node)
        rows.put_event(connection, "head", first.node.id, {"trail": []})
        if first.node.picture is not None:
            rows.put_layers(connection, first.node.id, first.node.picture)
        if first.source is not None:
            rows.put_source(connection, first.node.id, first.source)
        for write in waiting:
            write.apply_all(connection)
        connection.execute("COMMIT")


def copy_pages(source: sqlite3.Connection, part: Path, waiting: Iterable[Write]) -> None:
    """Copy a document page by page, committed log included, and add waiting writes."""
    with closing(connect_builder(part)) as target:
        source.backup(target)
        # The copy carries the source's journal mode in its header.
        target.execute("PRAGMA journal_mode=OFF").fetchone()
        target.execute("BEGIN IMMEDIATE")
        for write in waiting:
            write.apply_all(target)
        target.execute("COMMIT")


_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")


def recover(path: Path, lock: WriteLock) -> None:
    """Take back a change of journal mode that a crash cut in half; readers may not.

    Raises:
        DamagedDocument: the journal names another file; documents never write such a journal.
        sqlite3.Error: the disk does not let it be taken back.
    """
    journal = path.with_name(path.name + "-journal")
    if not journal.is_file() or not journal.stat().st_size:
        return
    held = lock.held
    try:
        if not held and not lock.take():
            return  # another window is working on it; its journal must stay
    except OSError:
        return  # nothing can be written here; reading will show whether it matters
    try:
        # SQLite would look for, and may delete, the file named there: a path from inside.
        if journal.read_bytes()[-8:] == _SUPER_JOURNAL:
            raise DamagedDocument(Message("document.other_journal", name=display_name(path)))
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    finally:
        if not held:
            lock.release()


def copy_document(source: Path, target: Path) -> Future[None]:
    """Copy a document that this process only reads, on a thread of its own.

    The future raises `DocumentInUse` if another window writes the target, or what the disk said.
    """
    future = promise()

    def copy() -> None:
        try:
            lock = WriteLock(target)
            if not lock.take():
                raise DocumentInUse
            try:
                with closing(connect_reader(source)) as connection:
                    appear(target, lambda part: copy_pages(connection, part, ()))
            finally:
                lock.release()
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(None)

    threading.Thread(target=copy, name="pentimento-document-copy").start()
    return future


def appear(target: Path, build: Callable[[Path], None]) -> None:
    """Build a file beside its place and put it there whole."""
    part = target.with_name(f".{target.name}.part")
    try:
        _discard(part)
        build(part)
        sync_file(part)
        fold_leftovers(target)
        part.replace(target)
        sync_folder(target.parent)
    except BaseException:
        _discard(part)
        raise


def absolute(path: Path) -> Path:
    """The file itself; a link is followed once, since lock and log lie beside the file."""
    return Path(path).resolve()


def unopened(folder: Path) -> list[Path]:
    """Documents of a folder that no window has open, the newest first."""
    found = [path for path in folder.glob(f"*{SUFFIX}") if is_free(path)]
    return sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)


def is_free(path: Path) -> bool:
    """True if no window has this document open to write, as far as the folder says."""
    lock = WriteLock(path)
    try:
        free = lock.take()
    except OSError:  # a folder that cannot be written holds no locks
        return True
    lock.release()
    return free


def side_files(path: Path) -> tuple[Path, ...]:
    """Where SQLite keeps log and journal of a document."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


def fold_leftovers(path: Path) -> None:
    """Complete a file that is about to be replaced, and remove its log.

    A log left behind by a crash would otherwise be applied to the file that takes its place.
    """
    if not any(side.exists() for side in side_files(path)):
        return
    wal, _, journal = side_files(path)
    if wal.exists() and not journal.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path, isolation_level=None)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            old.execute("PRAGMA journal_mode=DELETE").fetchone()
    for side in side_files(path):
        side.unlink(missing_ok=True)


def _discard(part: Path) -> None:
    for leftover in (part, *side_files(part)):
        leftover.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Bring a file's contents to the disk; nobody may have it open as a document."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
