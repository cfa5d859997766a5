"""The list of documents worked on: complete, in order, and no worse for what happens to files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from editor.storage.document import Document
from editor.storage.recent_documents import RecentDocuments
from tests.editor.document_cases import a_candidate, a_document, a_node, a_picture


@pytest.fixture
def recent(tmp_path: Path) -> RecentDocuments:
    return RecentDocuments(tmp_path / "recent", tmp_path / "untitled")


def worked_on(folder: Path, name: str = "", seed: int = 0) -> Path:
    """A closed document with one idea beside its picture; untitled without a name."""
    path = folder / f"{name}.pentimento" if name else None
    document = a_document(folder, path=path, seed=seed)
    document.accept(a_node(document.history, seed))
    document.close()
    return document.path


def names(recent: RecentDocuments, *, read: bool = True) -> list[str]:
    return [entry.name for entry in recent.entries(read=read)]


def test_untitled_documents_are_listed_without_having_been_noted(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    path = worked_on(tmp_path)
    (entry,) = recent.entries()
    assert (entry.path, entry.is_untitled, entry.name) == (path, True, "photo.png")
    assert entry.summary is not None
    assert entry.summary.count == 2


def test_named_ones_are_listed_once_they_were_opened(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    path = worked_on(tmp_path, "Tower at dusk")
    assert names(recent) == []
    recent.note_opened(path)
    assert names(recent) == ["Tower at dusk"]
    assert not recent.entries()[0].is_untitled


def test_the_newest_is_first_and_pinned_ones_before_it(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    first, second = worked_on(tmp_path, "first", 1), worked_on(tmp_path, "second", 2)
    recent.note_opened(first)
    recent.note_opened(second)
    assert names(recent) == ["second", "first"]
    recent.note_opened(first)
    assert names(recent) == ["first", "second"]
    recent.pin(second, True)
    assert names(recent) == ["second", "first"]
    recent.pin(second, False)
    assert names(recent) == ["first", "second"]


def test_what_is_remembered_is_there_at_once_and_read_when_it_changes(
    recent: RecentDocuments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = worked_on(tmp_path)
    assert names(recent, read=False) == []  # it was never read
    before = recent.entries()

    def refuse(path: Path) -> None:
        raise AssertionError(f"{path.name} was read again")

    with monkeypatch.context() as patch:
        patch.setattr("editor.storage.recent_documents.read_summary", refuse)
        assert recent.entries(read=False) == before
        assert recent.entries() == before
    document = Document.open(path)
    document.accept(a_node(document.history, 9))
    document.flush()
    summary = recent.entries()[0].summary
    assert summary is not None
    assert summary.count == 3  # although the document is still open
    document.close()


def test_a_moved_file_is_said_and_can_be_found_again(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    path = worked_on(tmp_path, "here")
    recent.note_opened(path)
    recent.entries()
    (tmp_path / "else").mkdir()
    moved = path.replace(tmp_path / "else" / "there.pentimento")
    (entry,) = recent.entries()
    assert entry.is_missing
    assert entry.summary is not None  # its thumbnail and words are still known
    recent.note_moved(path, moved)
    (entry,) = recent.entries()
    assert (entry.name, entry.is_missing) == ("there", False)


def test_an_untitled_document_that_is_gone_leaves_no_line(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    path = worked_on(tmp_path)
    recent.note_opened(path)
    recent.entries()
    path.unlink()
    assert recent.entries() == ()


def test_a_damaged_file_says_why_and_is_read_again_once_it_is_mended(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    path = worked_on(tmp_path, "broken")
    recent.note_opened(path)
    shutil.copy(path, tmp_path / "whole")
    stat = path.stat()
    path.write_bytes(b"x" * stat.st_size)
    (entry,) = recent.entries()
    assert entry.trouble is not None
    shutil.copy(tmp_path / "whole", path)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (entry,) = recent.entries()
    assert entry.trouble is None


def test_a_damaged_entry_costs_one_line_of_the_list(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    for number, name in enumerate(("one", "two")):
        recent.note_opened(worked_on(tmp_path, name, number))
    untitled = worked_on(tmp_path, seed=3)
    assert len(recent.entries()) == 3
    for file in (tmp_path / "recent").iterdir():
        if (
            "two" in bytes.fromhex(_path_in(file)).decode()
            or untitled.stem in bytes.fromhex(_path_in(file)).decode()
        ):
            file.write_text('{"path": "', "utf-8")
    assert sorted(names(recent)) == ["one", "photo.png"]  # the untitled one is found by itself


def _path_in(file: Path) -> str:
    import json

    return str(json.loads(file.read_text("utf-8"))["path"])


def test_taking_off_keeps_the_file_and_can_be_undone(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    path = worked_on(tmp_path)
    recent.entries()
    recent.hide([path])
    assert recent.entries() == ()
    assert path.is_file()
    recent.show([path])
    assert names(recent) == ["photo.png"]
    recent.hide([path])
    recent.note_opened(path)
    assert names(recent) == ["photo.png"]


def test_a_picture_that_was_opened_twice_is_listed_once_until_something_is_made(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    worked = worked_on(tmp_path)
    again = a_document(tmp_path)
    again.flush()
    other = a_document(tmp_path, seed=5)
    other.close()
    assert {entry.path for entry in recent.entries()} == {worked, other.path}
    root = again.history.head
    assert root is not None
    again.add_candidate("job", root, a_candidate(1))
    again.close()
    assert {entry.path for entry in recent.entries()} == {worked, again.path, other.path}


def test_a_picture_that_was_worked_on_is_known_again(
    recent: RecentDocuments, tmp_path: Path
) -> None:
    picture = a_picture().pixel_digest
    new = a_document(tmp_path)
    new.close()
    assert recent.worked_on(picture, besides=new.path) is None
    worked = worked_on(tmp_path)
    found = recent.worked_on(picture, besides=new.path)
    assert found is not None
    assert found.path == worked
    assert recent.worked_on(picture, besides=worked) is None  # nothing was made in the other
    assert recent.worked_on("another", besides=new.path) is None
    recent.hide([worked])
    assert recent.worked_on(picture, besides=new.path) is not None


def test_names_that_are_no_text(recent: RecentDocuments, tmp_path: Path) -> None:
    path = worked_on(tmp_path, "plain")
    odd = tmp_path / os.fsdecode(b"tower\xff.pentimento")
    try:
        path = path.replace(odd)
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    recent.note_opened(path)
    assert recent.entries()[0].path == odd


def test_words_are_found_in_name_and_ideas(recent: RecentDocuments, tmp_path: Path) -> None:
    recent.note_opened(worked_on(tmp_path, "Tower at dusk", 4))
    (entry,) = recent.entries()
    assert entry.find("dusk tower") == ""
    assert entry.find("warmer 4") == "edit 4"
    assert entry.find("teapot") is None


def test_a_disk_that_refuses_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "recent"
    blocked.write_text("a file where the folder should be", "utf-8")
    recent = RecentDocuments(blocked, tmp_path / "untitled")
    path = worked_on(tmp_path)
    recent.note_opened(path)
    recent.hide([path])
    assert names(recent) == ["photo.png"]
    assert RecentDocuments(tmp_path / "a", tmp_path / "b").entries() == ()
