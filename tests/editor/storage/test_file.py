"""Files appear whole, move between disks, and never take a stranger's log for their own."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from editor.errors import DamagedDocument
from editor.storage import file
from editor.storage.document import Document, verify
from editor.storage.file import side_files
from tests.editor.document_cases import a_document, a_node, assert_same_history

OTHER_DISK = Path("/dev/shm")


def worked(folder: Path) -> Document:
    document = a_document(folder)
    for seed in range(2):
        document.accept(a_node(document.history, seed))
    assert document.flush()
    return document


def test_moving_by_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file.DocumentFile, "_rename", lambda *args: False)
    document = worked(tmp_path)
    old, history = document.path, document.history
    document.name_file(tmp_path / "new.pentimento").result()
    document.accept(a_node(document.history, 5)).result()
    picture = history.current.picture
    assert picture is not None
    assert picture.image.array().any()
    assert not any(p.exists() for p in (old, *side_files(old)))
    history = document.history
    document.close()
    with Document.open(tmp_path / "new.pentimento") as again:
        assert_same_history(again.history, history)


def test_on_one_disk_the_file_itself_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No copy, so that no moment has two documents; an idle reader does not hinder it."""
    document = worked(tmp_path)
    document.close()
    document = Document.open(document.path)
    document.accept(a_node(document.history, 5)).result()
    picture = document.history.current.picture
    assert picture is not None
    picture.image.array()  # leaves a reader's connection behind

    def refused(folder: Path) -> None:
        raise OSError(22, "a folder of this disk cannot be synced")

    monkeypatch.setattr(file, "sync_folder", refused)
    old, number = document.path, document.path.stat().st_ino
    document.name_file(tmp_path / "new.pentimento").result()
    assert document.path.stat().st_ino == number
    assert not old.exists()
    history = document.history
    document.close()
    with Document.open(tmp_path / "new.pentimento") as again:
        assert_same_history(again.history, history)


@pytest.mark.skipif(
    not OTHER_DISK.is_dir() or os.stat(OTHER_DISK).st_dev == os.stat("/tmp").st_dev,  # noqa: PTH116
    reason="no second disk here",
)
def test_moving_to_another_disk(tmp_path: Path) -> None:
    document = worked(tmp_path)
    target = OTHER_DISK / f"pentimento-test-{os.getpid()}"
    target.mkdir()
    try:
        document.name_file(target / "x.pentimento").result()
        assert list((tmp_path / "untitled").iterdir()) == []
        history = document.history
        document.close()
        assert [p.name for p in target.iterdir()] == ["x.pentimento"]
        with Document.open(target / "x.pentimento") as again:
            assert_same_history(again.history, history)
    finally:
        shutil.rmtree(target)


def test_moving_where_nothing_can_be_written_changes_nothing(tmp_path: Path) -> None:
    document = worked(tmp_path)
    path = document.path
    with pytest.raises(OSError, match="No such file"):
        document.name_file(tmp_path / "nowhere" / "x.pentimento").result()
    assert document.path == path
    document.star(str(document.history.head), True).result()
    document.name_file(path).result()
    with pytest.raises(OSError, match="itself"):
        document.save_copy(path).result()
    document.close()


def test_a_copy_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = worked(tmp_path)
    target = tmp_path / "copy.pentimento"
    target.write_bytes(b"the old one")

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(file, "copy_pages", fail)
        with pytest.raises(OSError, match="No space"):
            document.save_copy(target).result()
    assert target.read_bytes() == b"the old one"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.pentimento", "untitled"]
    document.save_copy(target).result()
    document.close()
    assert verify(target).ok


def test_a_log_left_by_a_crash_is_not_applied_to_the_file_that_takes_its_place(
    tmp_path: Path,
) -> None:
    crashed = worked(tmp_path)
    victim = tmp_path / "victim.pentimento"
    shutil.copyfile(crashed.path, victim)
    for side in side_files(crashed.path):
        if side.exists():
            shutil.copyfile(side, victim.with_name(victim.name + side.name[-4:]))
    crashed.close()
    assert victim.with_name("victim.pentimento-wal").exists()
    document = a_document(tmp_path, seed=3)
    document.flush()
    document.name_file(victim).result()
    history = document.history
    document.close()
    with Document.open(victim) as again:
        assert_same_history(again.history, history)
    assert verify(victim).ok


def test_half_made_files_are_not_offered(tmp_path: Path) -> None:
    document = worked(tmp_path)
    document.close()
    part = document.path.with_name(".0123456789ab.pentimento.part")
    part.write_bytes(b"half")
    assert Document.untitled(tmp_path) == [document.path]


def test_links_are_followed_once(tmp_path: Path) -> None:
    document = worked(tmp_path)
    link = tmp_path / "link.pentimento"
    link.symlink_to(document.path)
    with Document.open(link) as second:
        assert second.read_only
        assert second.path == document.path
    document.close()


def test_a_half_written_change_of_mode_is_taken_back(tmp_path: Path) -> None:
    """What SIGKILL leaves when it hits the last transaction of closing."""
    document = worked(tmp_path)
    history = document.history
    document.close()
    journal = document.path.with_name(document.path.name + "-journal")
    copy = tmp_path / "x.pentimento"
    with closing(sqlite3.connect(document.path, isolation_level=None)) as connection:
        # A cache of one page: the change reaches the file before its commit.
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN")
        for number in range(200):
            connection.execute(
                "INSERT INTO event(kind, value, time) VALUES('dismiss', ?, 0)",
                ('"' + str(number) * 300 + '"',),
            )
        shutil.copyfile(document.path, copy)
        shutil.copyfile(journal, copy.with_name("x.pentimento-journal"))
        connection.execute("ROLLBACK")
    assert verify(copy).ok
    with Document.open(copy) as again:
        assert_same_history(again.history, history)
        assert again.dismissed == frozenset()


def test_a_journal_that_names_another_file_is_refused(tmp_path: Path) -> None:
    document = worked(tmp_path)
    document.close()
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    name = str(victim).encode()
    trailer = bytes(4) + name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big")
    magic = bytes.fromhex("d9d505f920a163d7")
    journal = document.path.with_name(document.path.name + "-journal")
    journal.write_bytes(magic + bytes(600) + trailer + magic)
    for read in (Document.open, verify):
        with pytest.raises(DamagedDocument, match="not its own"):
            read(document.path)
    assert victim.exists()
    other = worked(tmp_path)
    other.name_file(document.path).result()
    assert victim.exists()
    other.close()
    assert verify(document.path).ok
