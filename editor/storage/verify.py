"""Recomputing everything a document claims."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from editor.display_name import display_name
from editor.errors import DamagedDocument
from editor.messages import Message
from editor.model.patch import patch_digest
from editor.storage.existing import require_file
from editor.storage.file import recover
from editor.storage.lock import WriteLock
from editor.storage.pixel_store import PixelStore, Readers, read_patch, read_tile
from editor.storage.reader import load_document, unmade
from editor.storage.rows import bytes_digest
from editor.storage.schema import check, connect_reader, unreadable
from editor.storage.values import DAMAGE, parse_settings


@dataclass(frozen=True)
class VerifyReport:
    """What was recomputed, and what did not match.

    Attributes:
        file: name of the document.
        nodes: ideas in the file.
        pending: ids of ideas whose pixels were still to be made.
        damaged: ids of ideas that cannot be shown.
        images, tiles, candidates: how many were recomputed.
        problems: one technical clause each, in English; empty if all is well.
    """

    file: str
    nodes: int
    pending: tuple[str, ...]
    damaged: tuple[str, ...]
    images: int
    tiles: int
    candidates: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True if everything matched."""
        return not self.problems

    @property
    def sentence(self) -> Message:
        """The result for an artist."""
        if self.ok:
            return Message("document.whole", name=self.file, ideas=self.nodes, tiles=self.tiles)
        if self.damaged:
            return Message("document.ideas_damaged", damaged=len(self.damaged), total=self.nodes)
        return Message("document.damaged_because", reason=self.problems[0])


def verify(path: Path) -> VerifyReport:
    """Recompute every digest of a document and check its tree, without changing it.

    Raises:
        DamagedDocument: this is no document at all, or nothing of it can be read.
        NewerDocument: made by a later version.
    """
    path = Path(path).resolve()
    require_file(path)
    readers = Readers(path)
    try:
        recover(path, WriteLock(path))
        with closing(connect_reader(path)) as connection:
            check(connection, display_name(path))
            # One snapshot, even while a window goes on writing.
            connection.execute("BEGIN")
            return _report(connection, display_name(path), PixelStore(readers, 0))
    except sqlite3.Error as error:
        raise unreadable(display_name(path), error) from error
    finally:
        readers.close()


def _report(connection: sqlite3.Connection, name: str, store: PixelStore) -> VerifyReport:
    problems: list[str] = []
    loaded = load_document(connection, store)
    problems.extend(loaded.problems)
    try:
        problems.extend(_structure(connection))
    except sqlite3.Error as error:
        problems.append(str(error))
    bad_tiles, tiles = _tiles(connection, problems)
    images, bad_images = _images(connection, bad_tiles, problems)
    candidates = _patches(connection, problems)
    _sources(connection, problems)
    damaged = list(loaded.damaged)
    damaged += [n for n in _nodes_showing(connection, bad_images) if n not in damaged]
    return VerifyReport(
        file=name,
        nodes=loaded.total,
        pending=unmade(loaded.history, loaded.damaged),
        damaged=tuple(damaged),
        images=images,
        tiles=tiles,
        candidates=candidates,
        problems=tuple(problems),
    )


def _structure(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)").fetchall():
        if line != "ok":
            yield str(line)
    for table, row, other, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(20):
        yield f"row {row} of {table} points at nothing in {other}"


def _tiles(connection: sqlite3.Connection, problems: list[str]) -> tuple[set[bytes], int]:
    bad: set[bytes] = set()
    count = 0
    try:
        digests = [row[0] for row in connection.execute("SELECT digest FROM tile")]
    except sqlite3.Error as error:
        problems.append(f"tiles: {error}")
        return bad, 0
    for digest in digests:
        count += 1
        try:
            read_tile(connection, digest)
        except (sqlite3.Error, DamagedDocument) as error:
            bad.add(digest)
            shown = digest.hex() if isinstance(digest, bytes) else repr(digest)[:60]
            problems.append(f"tile {shown}: {error.__cause__ or error}")
    return bad, count


def _images(
    connection: sqlite3.Connection, bad_tiles: set[bytes], problems: list[str]
) -> tuple[int, set[int]]:
    """Images with a damaged tile; that tile digests give the pixel digest is seen by `load`."""
    bad: set[int] = set()
    try:
        ids = [row[0] for row in connection.execute("SELECT id FROM image")]
        for tile in bad_tiles:
            bad.update(
                row[0]
                for row in connection.execute("SELECT image FROM image_tile WHERE tile=?", (tile,))
            )
    except sqlite3.Error as error:
        problems.append(f"images: {error}")
        return 0, bad
    return len(ids), bad


def _patches(connection: sqlite3.Connection, problems: list[str]) -> int:
    """Patches recomputed; candidates' keys are recomputed by `load`."""
    try:
        count = int(connection.execute("SELECT count(*) FROM candidate").fetchone()[0])
        patches = connection.execute("SELECT digest, placement, parameters FROM patch").fetchall()
    except sqlite3.Error as error:
        problems.append(f"candidates: {error}")
        return 0
    for digest, placement, parameters in patches:
        try:
            if placement is not None:
                read_patch(connection, digest)
            elif patch_digest(parse_settings(parameters), None, None) != digest:
                raise ValueError("its parameters do not match its digest")
        except (sqlite3.Error, DamagedDocument, *DAMAGE) as error:
            problems.append(f"patch {str(digest)[:60]}: {error.__cause__ or error}")
    return count


def _sources(connection: sqlite3.Connection, problems: list[str]) -> None:
    try:
        nodes = [
            row[0] for row in connection.execute("SELECT node FROM source WHERE data IS NOT NULL")
        ]
        for node in nodes:
            digest, data = connection.execute(
                "SELECT digest, data FROM source WHERE node=?", (node,)
            ).fetchone()
            if bytes_digest(data) != digest:
                problems.append(f"the source file of {node} does not match its digest")
    except (sqlite3.Error, TypeError) as error:
        problems.append(f"source files: {error}")


def _nodes_showing(connection: sqlite3.Connection, images: set[int]) -> list[str]:
    found: dict[str, None] = {}
    try:
        for image in images:
            for (node,) in connection.execute(
                "SELECT node FROM layer WHERE image=? OR mask IN"
                " (SELECT digest FROM selection WHERE image=?)",
                (image, image),
            ):
                found[str(node)] = None
    except sqlite3.Error:
        return list(found)
    return list(found)
