"""What a document file looks like inside, and how connections to one are opened."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import quote

from editor.errors import DamagedDocument, ExpectedError
from editor.messages import Message

APPLICATION_ID = 0x50654E74
"""'PeNt': what `file` and SQLite call the owner of the format."""

VERSION = 1
PAGE = 16384
TEXT_LIMIT = 32 << 20
BLOB_LIMIT = 1 << 30

_TABLES = (
    """CREATE TABLE tile(
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,
    height INTEGER NOT NULL, width INTEGER NOT NULL, channels INTEGER NOT NULL,
    depth INTEGER NOT NULL, codec INTEGER NOT NULL, data BLOB NOT NULL) STRICT""",
    """CREATE TABLE meta(
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE,
    icc BLOB, exif BLOB, xmp BLOB, dpi TEXT NOT NULL, text TEXT NOT NULL) STRICT""",
    """CREATE TABLE image(
    id INTEGER PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL,
    channels INTEGER NOT NULL, dtype TEXT NOT NULL, pixel_digest TEXT NOT NULL,
    meta INTEGER NOT NULL REFERENCES meta(id), UNIQUE(pixel_digest, meta)) STRICT""",
    """CREATE TABLE image_tile(
    image INTEGER NOT NULL REFERENCES image(id), place INTEGER NOT NULL,
    tile BLOB NOT NULL REFERENCES tile(digest), PRIMARY KEY(image, place)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE selection(
    digest TEXT PRIMARY KEY, image INTEGER NOT NULL REFERENCES image(id)) STRICT""",
    """CREATE TABLE patch(
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, parameters TEXT NOT NULL,
    placement TEXT, height INTEGER, width INTEGER, channels INTEGER, dtype TEXT,
    codec INTEGER, data BLOB) STRICT""",
    """CREATE TABLE candidate(
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, patch INTEGER NOT NULL REFERENCES patch(id),
    request TEXT NOT NULL, recorded TEXT NOT NULL, UNIQUE(key, patch)) STRICT""",
    """CREATE TABLE node(
    id TEXT PRIMARY KEY, parent TEXT REFERENCES node(id), kind TEXT NOT NULL,
    label TEXT NOT NULL, opacity REAL NOT NULL, selection TEXT REFERENCES selection(digest),
    paint TEXT REFERENCES selection(digest), ranking TEXT NOT NULL, time REAL NOT NULL) STRICT""",
    """CREATE TABLE node_candidate(
    node TEXT NOT NULL REFERENCES node(id), role TEXT NOT NULL, place INTEGER NOT NULL,
    candidate INTEGER NOT NULL REFERENCES candidate(id),
    PRIMARY KEY(node, role, place)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE layer(
    node TEXT NOT NULL REFERENCES node(id), place INTEGER NOT NULL,
    image INTEGER NOT NULL REFERENCES image(id), mask TEXT REFERENCES selection(digest),
    opacity REAL NOT NULL, blend TEXT NOT NULL, name TEXT NOT NULL, visible INTEGER NOT NULL,
    PRIMARY KEY(node, place)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE source(
    node TEXT PRIMARY KEY REFERENCES node(id), name TEXT NOT NULL, format TEXT NOT NULL,
    digest TEXT, data BLOB) STRICT""",
    """CREATE TABLE job(
    id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES node(id),
    selection TEXT REFERENCES selection(digest), time REAL NOT NULL) STRICT""",
    """CREATE TABLE result(
    job TEXT NOT NULL REFERENCES job(id), place INTEGER NOT NULL,
    candidate INTEGER NOT NULL REFERENCES candidate(id), time REAL NOT NULL,
    PRIMARY KEY(job, place)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE score(
    id INTEGER PRIMARY KEY, job TEXT NOT NULL REFERENCES job(id), value TEXT NOT NULL) STRICT""",
    """CREATE TABLE ranking(
    id INTEGER PRIMARY KEY, job TEXT NOT NULL REFERENCES job(id), value TEXT NOT NULL) STRICT""",
    "CREATE INDEX score_of_job ON score(job)",
    "CREATE INDEX ranking_of_job ON ranking(job)",
    """CREATE TABLE event(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, node TEXT, value TEXT NOT NULL,
    time REAL NOT NULL) STRICT""",
)

KEPT = (
    "tile", "meta", "image", "image_tile", "selection", "patch", "candidate", "node",
    "node_candidate", "layer", "source", "job", "result", "score", "ranking",
)  # fmt: skip
"""Tables whose rows are never changed or deleted, in an order that satisfies references."""

_TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, 'what is written in {table} stays'); END"
    for table in KEPT
    for verb in ("UPDATE", "DELETE")
)


class NewerDocument(ExpectedError):
    """The file was written by a later version of the program."""

    kind = "newer_document"


def create_schema(connection: sqlite3.Connection) -> None:
    """Lay out an empty database as a document."""
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("BEGIN IMMEDIATE")
    for statement in (*_TABLES, *_TRIGGERS):
        connection.execute(statement)
    connection.execute("COMMIT")


_Layout = frozenset[tuple[str, str, str, str | None]]


def _layout(connection: sqlite3.Connection) -> _Layout:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT 1000")
    return frozenset(rows)


@cache
def _expected() -> _Layout:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create_schema(connection)
        return _layout(connection)


def check(connection: sqlite3.Connection, name: str) -> None:
    """Refuse a file that is not exactly a document of this version.

    Raises:
        DamagedDocument: not a document, or one with foreign tables, views or triggers.
        NewerDocument: made by a later version.
    """
    try:
        (identity,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if identity != APPLICATION_ID:
            raise DamagedDocument(Message("document.not_one", name=name))
        if version > VERSION:
            raise NewerDocument(
                Message("document.newer", name=name, version=version, known=VERSION),
                Message("do.update_program"),
            )
        if version < 1 or _layout(connection) != _expected():
            raise DamagedDocument(Message("document.other_layout", name=name))
    except (sqlite3.Error, UnicodeError) as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: Exception) -> DamagedDocument:
    """The error for a file that SQLite cannot read at all."""
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
        return DamagedDocument(Message("document.not_one", name=name))
    return DamagedDocument(Message("document.unreadable", name=name, reason=str(error)))


def connect_reader(path: Path, *, limit: int = BLOB_LIMIT) -> sqlite3.Connection:
    """A read-only connection that trusts nothing in the file.

    Args:
        path: the document.
        limit: the largest value in bytes that any query may touch.
    """
    address = f"file:{quote(os.fsencode(path))}?mode=ro"
    if _is_frozen(path):
        # Read-only media: WAL's helper files cannot be made, and nobody else writes either.
        address += "&immutable=1"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, check_same_thread=False, timeout=10
    )
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limit)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1)
        _distrust(connection)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA cache_size=-4096")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_writer(path: Path, *, wal: bool) -> sqlite3.Connection:
    """The one connection that writes, with every commit on the disk before it returns.

    Args:
        path: an existing document (or an empty file to be).
        wal: ask for the write-ahead log; the rollback journal serves where it cannot work.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=2)
    try:
        _distrust(connection)
        connection.execute(f"PRAGMA page_size={PAGE}")
        connection.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}").fetchone()
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-8192")
        # Checkpoints run between commits and when idle, never inside an artist's commit.
        connection.execute("PRAGMA wal_autocheckpoint=0")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_builder(part: Path) -> sqlite3.Connection:
    """A connection to a file that nobody else sees until it is whole and synced.

    Without journal and syncing: after a failure the file is thrown away.
    """
    connection = sqlite3.connect(part, isolation_level=None)
    try:
        _distrust(connection)
        connection.execute(f"PRAGMA page_size={PAGE}")
        connection.execute("PRAGMA journal_mode=OFF").fetchone()
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA foreign_keys=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _distrust(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA mmap_size=0")
    defensive = getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE", None)  # Python 3.12 and later
    if defensive is not None:
        connection.setconfig(defensive, True)  # type: ignore[attr-defined,unused-ignore]


def _is_frozen(path: Path) -> bool:
    if os.access(path.parent, os.W_OK):
        return False
    log = path.with_name(path.name + "-wal")
    return not (log.exists() and log.stat().st_size)
