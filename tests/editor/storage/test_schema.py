"""Only a file that is exactly a document of this version is opened."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from editor.errors import DamagedDocument
from editor.formats.opened import SourceFile
from editor.model.rect import Rect
from editor.model.score import Score
from editor.model.selection import Selection
from editor.storage.document import Document, describe_document, verify
from editor.storage.schema import (
    APPLICATION_ID,
    KEPT,
    PAGE,
    NewerDocument,
    connect_reader,
    connect_writer,
)
from tests.editor.document_cases import a_candidate, a_node, a_picture, a_ranking


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    document = Document.create(
        a_picture(),
        label="x",
        state_dir=folder,
        path=folder / "x.pentimento",
        source=SourceFile("x.jpg", "jpeg", b"data"),
    )
    selection = Selection.from_rect(Rect(0, 0, 9, 9), 300, 270)
    candidate = a_candidate()
    document.add_candidate(
        "job", str(document.history.head), candidate, selection, Score(candidate.key)
    )
    document.set_ranking("job", a_ranking(candidate))
    document.accept(a_node(document.history, 1, selection=selection))
    document.close()
    return document.path


@pytest.fixture
def path(made_once: Path, tmp_path: Path) -> Path:
    shutil.copyfile(made_once, tmp_path / "x.pentimento")
    return tmp_path / "x.pentimento"


def test_the_format_is_as_documented(path: Path) -> None:
    with closing(connect_writer(path, wal=True)) as connection:
        facts = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "application_id",
                "user_version",
                "page_size",
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "trusted_schema",
            )
        }
    assert facts == {
        "application_id": APPLICATION_ID,
        "user_version": 1,
        "page_size": PAGE,
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }


def test_rollback_journal_where_wal_cannot_work(path: Path) -> None:
    with closing(connect_writer(path, wal=False)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {} SET rowid=rowid", "DELETE FROM {}"])
def test_what_is_written_stays(path: Path, table: str, statement: str) -> None:
    with closing(connect_writer(path, wal=False)) as connection:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        column = connection.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0]
        with pytest.raises(sqlite3.IntegrityError, match="stays"):
            connection.execute(statement.format(table).replace("rowid", column))


def test_readers_cannot_write(path: Path) -> None:
    with (
        closing(connect_reader(path)) as connection,
        pytest.raises(sqlite3.OperationalError, match=r"readonly|read-only"),
    ):
        connection.execute("INSERT INTO event(kind, value, time) VALUES('x', 'x', 0)")


def change(statement: str) -> Callable[[Path], None]:
    def apply(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript(statement)

    return apply


HOSTILE = {
    "extra table": "CREATE TABLE more(x)",
    "extra view": "CREATE VIEW more AS SELECT * FROM node",
    "extra trigger": "CREATE TRIGGER t AFTER INSERT ON event BEGIN SELECT load_extension('x'); END",
    "extra index": "CREATE INDEX i ON node(label)",
    "missing trigger": "DROP TRIGGER node_keeps_delete",
    "table became a view": (
        "DROP TABLE score; CREATE VIEW score AS SELECT 1 AS id, 'x' AS job, 'y' AS value"
    ),
    "changed sql": (
        "PRAGMA writable_schema=ON;"
        "UPDATE sqlite_schema SET sql=replace(sql, 'NOT NULL', '') WHERE name='event'"
    ),
    "other application": "PRAGMA application_id=7",
    "no application": "PRAGMA application_id=0",
    "version 0": "PRAGMA user_version=0",
    "negative version": "PRAGMA user_version=-5",
}


@pytest.mark.parametrize("how", HOSTILE)
def test_foreign_schemas_are_refused(path: Path, how: str) -> None:
    change(HOSTILE[how])(path)
    for read in (Document.open, verify, describe_document):
        with pytest.raises(DamagedDocument, match=r"x\.pentimento is not"):
            read(path)


def test_newer_documents_are_refused_in_a_sentence(path: Path) -> None:
    change("PRAGMA user_version=2")(path)
    with pytest.raises(NewerDocument, match="newer Pentimento") as refused:
        Document.open(path)
    assert str(refused.value.fix) == "Update the program"


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(100), b"SQLite format 3\x00" + bytes(5000)],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.pentimento"
    path.write_bytes(data)
    for read in (Document.open, verify, describe_document):
        with pytest.raises(DamagedDocument, match="not a Pentimento document"):
            read(path)
    assert [p.name for p in tmp_path.iterdir()] == ["other.pentimento"]
    assert path.read_bytes() == data
