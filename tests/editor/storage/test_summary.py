"""What the list of documents knows of each: the same as the document itself, at little cost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from editor.errors import DamagedDocument, ExpectedError
from editor.storage.document import Document
from editor.storage.summary import DocumentSummary, read_summary
from tests.editor.document_cases import a_candidate, a_document, a_node, a_picture


def _worked_on(folder: Path) -> Document:
    document = a_document(folder)
    root = document.history.head
    assert root is not None
    document.accept(a_node(document.history, 1))
    document.accept(a_node(document.history, 2, parent=root))
    document.add_candidate("tried", root, a_candidate(77))
    document.rename(root, "The lighthouse")
    document.note(root, "for the cover")
    document.describe("digest", "a lighthouse at noon")
    document.undo()
    return document


def test_it_says_what_the_document_says(tmp_path: Path) -> None:
    document = _worked_on(tmp_path)
    document.close()
    summary = read_summary(document.path)
    history = document.history
    assert (summary.first_label, summary.count, summary.results) == ("photo.png", 3, 1)
    assert summary.branches == 2
    assert summary.head == history.head
    assert [idea.id for idea in summary.ideas] == list(history.nodes)
    assert [idea.label for idea in summary.ideas] == ["The lighthouse", "edit 1", "edit 2"]
    pictures = [node.picture.pixel_digest for node in history.nodes.values() if node.picture]
    assert [idea.picture for idea in summary.ideas] == pictures
    assert summary.current is not None
    assert summary.current.id == history.head
    assert summary.started <= history.nodes[list(history.nodes)[-1]].time <= summary.changed
    assert summary.has_work


def test_it_is_read_while_the_document_is_open_and_written(tmp_path: Path) -> None:
    document = _worked_on(tmp_path)
    document.flush()
    assert read_summary(document.path).count == 3
    document.accept(a_node(document.history, 5))
    document.flush()
    assert read_summary(document.path).count == 4
    document.close()
    assert len(Document.open(document.path, read_only=True).history.nodes) == 4


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lighthouse", "The lighthouse"),
        ("COVER", "The lighthouse"),
        ("photo.png", "The lighthouse"),
        ("warmer 2", "edit 2"),
        ("2 edit", "edit 2"),
        ("warmer 77", "warmer 77"),
        ("noon", "a lighthouse at noon"),
        ("teapot", None),
        ("lighthouse teapot", None),
    ],
)
def test_ideas_are_found_by_what_was_said(tmp_path: Path, words: str, found: str | None) -> None:
    document = _worked_on(tmp_path)
    document.close()
    assert read_summary(document.path).find(words) == found


def test_a_picture_nobody_touched_has_no_work(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    document.close()
    assert not read_summary(document.path).has_work


def test_it_survives_json(tmp_path: Path) -> None:
    document = _worked_on(tmp_path)
    document.close()
    summary = read_summary(document.path)
    assert DocumentSummary.from_json(json.loads(json.dumps(summary.to_json()))) == summary


def test_pixels_under_way_are_left_out(tmp_path: Path) -> None:
    document = a_document(tmp_path)
    document.accept(a_node(document.history, 1, picture=False))
    document.close()
    summary = read_summary(document.path)
    assert summary.ideas[1].picture == ""
    assert summary.current == summary.ideas[0]


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExpectedError):
        read_summary(tmp_path / "none.pentimento")
    file = tmp_path / "a.pentimento"
    file.write_bytes(b"no document at all, but long enough to be looked at" * 100)
    with pytest.raises(DamagedDocument):
        read_summary(file)


def test_damaged_words_leave_the_rest(tmp_path: Path) -> None:
    document = _worked_on(tmp_path)
    document.close()
    with closing(sqlite3.connect(document.path)) as connection:
        connection.execute("DROP TRIGGER candidate_keeps_update")
        connection.execute("UPDATE candidate SET request='{'")
        connection.execute("UPDATE event SET value='[' WHERE kind='caption'")
        sql = (
            "CREATE TRIGGER candidate_keeps_update BEFORE UPDATE ON candidate "
            "BEGIN SELECT RAISE(ABORT, 'what is written in candidate stays'); END"
        )
        connection.execute(sql)
        connection.commit()
    summary = read_summary(document.path)
    assert summary.count == 3
    assert summary.find("warmer") is None
    assert summary.find("edit 2") == "edit 2"


def test_of_many_ideas_the_newest_and_the_first_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("editor.storage.summary.IDEAS_CAP", 3)
    document = Document.create(a_picture(), label="root", state_dir=tmp_path)
    for number in range(5):
        document.accept(a_node(document.history, number))
    document.close()
    summary = read_summary(document.path)
    assert [idea.label for idea in summary.ideas] == ["root", "edit 3", "edit 4"]
    assert summary.count == 6
