"""Compaction: a new file without the rows that nothing refers to. Nothing else is ever deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from editor.display_name import display_name
from editor.errors import DamagedDocument, ExpectedError
from editor.messages import Message
from editor.storage.existing import require_file
from editor.storage.file import appear, recover
from editor.storage.lock import DocumentInUse, WriteLock
from editor.storage.schema import (
    KEPT,
    connect_builder,
    connect_reader,
    connect_writer,
    create_schema,
)
from editor.storage.verify import verify

_IMAGES = "SELECT image FROM layer UNION SELECT image FROM selection"
_FILTERS = {
    "tile": f"WHERE digest IN (SELECT tile FROM image_tile WHERE image IN ({_IMAGES}))",
    "meta": f"WHERE id IN (SELECT meta FROM image WHERE id IN ({_IMAGES}))",
    "image": f"WHERE id IN ({_IMAGES})",
    "image_tile": f"WHERE image IN ({_IMAGES})",
    "patch": "WHERE id IN (SELECT patch FROM candidate)",
    # The order of these rows is the order of the ideas.
    "node": "ORDER BY rowid",
    "job": "ORDER BY rowid",
    "selection": "ORDER BY rowid",
}


def compact(path: Path) -> int:
    """Rebuild a closed document without tiles, images and patches that nothing refers to.

    Such rows stay behind when the program was ended between a picture's tiles and its last row.
    Every idea, candidate, score, name and note is kept. The file is replaced as a whole: after an
    error or `kill -9` there is the old one or the new one.

    Returns:
        Bytes saved; what a crash left in the log beside the file counts as part of it.

    Raises:
        DocumentInUse: a window has it open.
        DamagedDocument: something in it does not verify; nothing of it is dropped then.
        NewerDocument: made by a later version.
        ExpectedError: there is no such file, or the disk refuses; nothing has changed.
    """
    path = Path(path).resolve()
    require_file(path)
    lock = WriteLock(path)
    try:
        if not lock.take():
            raise DocumentInUse
        return _compact(path, lock)
    except (OSError, sqlite3.Error) as error:
        raise ExpectedError(
            Message("document.not_compacted", name=display_name(path), reason=str(error))
        ) from error
    finally:
        lock.release()


def _compact(path: Path, lock: WriteLock) -> int:
    recover(path, lock)
    report = verify(path)
    if not report.ok:
        raise DamagedDocument(report.sentence)
    with closing(connect_writer(path, wal=False)):
        pass  # what a crash left in the log is in the file now
    before = path.stat().st_size
    with closing(connect_reader(path, limit=1 << 30)) as source:
        source.execute("BEGIN")
        appear(path, lambda part: _rebuild(source, part))
    return before - path.stat().st_size


def _rebuild(source: sqlite3.Connection, part: Path) -> None:
    with closing(connect_builder(part)) as target:
        create_schema(target)
        target.execute("BEGIN IMMEDIATE")
        for table in (*KEPT, "event"):
            rows = source.execute(f"SELECT * FROM {table} {_FILTERS.get(table, '')}")
            places = ",".join("?" for _ in rows.description)
            target.executemany(f"INSERT INTO {table} VALUES({places})", rows)
        target.execute("COMMIT")
