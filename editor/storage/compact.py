"""Compaction: a new file without the rows that nothing refers to. Nothing else is ever deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from editor.storage.file import appear
from editor.storage.lock import DocumentInUse, WriteLock
from editor.storage.schema import KEPT, check, connect_builder, connect_reader, create_schema

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
    Every idea, candidate, score, name and note is kept. The file is replaced as a whole.

    Returns:
        Bytes saved.

    Raises:
        DocumentInUse: a window has it open.
        DamagedDocument, NewerDocument: not a document of this version.
        OSError, sqlite3.Error: nothing has changed.
    """
    path = Path(path).resolve()
    lock = WriteLock(path)
    if not lock.take():
        raise DocumentInUse
    try:
        before = path.stat().st_size
        with closing(connect_reader(path, limit=1 << 30)) as source:
            check(source, path.name)
            source.execute("BEGIN")
            appear(path, lambda part: _rebuild(source, part))
    finally:
        lock.release()
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
