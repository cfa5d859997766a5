"""The list of documents in the program: read and changed off the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.runtime.thread_pool import ThreadPool
from app.session.recent_list import RecentList
from editor.storage.recent_documents import RecentDocument, RecentDocuments
from tests.editor.document_cases import a_document, a_picture
from tests.editor.storage.test_recent_documents import worked_on
from tests.waiting import wait_for


@pytest.fixture
def recent(tmp_path: Path, qapp: QApplication) -> Iterator[RecentList]:
    work = ThreadPool(2)
    yield RecentList(work, tmp_path / "recent", tmp_path / "untitled")
    work.close()


def test_it_is_read_on_another_thread(
    recent: RecentList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_on(tmp_path)
    threads: list[threading.Thread] = []
    entries = RecentDocuments.entries

    def noted(self: RecentDocuments, *, read: bool = True) -> tuple[RecentDocument, ...]:
        threads.append(threading.current_thread())
        return entries(self, read=read)

    monkeypatch.setattr(RecentDocuments, "entries", noted)
    assert not recent.is_read
    recent.refresh()
    wait_for(lambda: recent.is_read)
    assert [entry.name for entry in recent.entries] == ["photo.png"]
    assert threads
    assert threading.main_thread() not in threads


def test_what_is_remembered_comes_before_anything_is_read(
    recent: RecentList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents on a slow disk must not keep the others from being seen."""
    worked_on(tmp_path)
    RecentDocuments(tmp_path / "recent", tmp_path / "untitled").entries()
    go = threading.Event()
    fresh = RecentDocuments._fresh

    def slow(self: RecentDocuments) -> list[RecentDocument]:
        go.wait()
        return fresh(self)

    monkeypatch.setattr(RecentDocuments, "_fresh", slow)
    recent.refresh()
    wait_for(lambda: recent.entries)
    assert not recent.is_read
    go.set()
    wait_for(lambda: recent.is_read)


def test_it_follows_what_is_done(recent: RecentList, tmp_path: Path) -> None:
    heard: list[bool] = []
    recent.changed.connect(lambda: heard.append(True))
    first, second = worked_on(tmp_path, "first", 1), worked_on(tmp_path, "second", 2)
    recent.note_opened(first)
    recent.note_opened(second)
    wait_for(lambda: [e.name for e in recent.entries] == ["second", "first"])
    recent.pin(first, True)
    wait_for(lambda: [e.name for e in recent.entries] == ["first", "second"])
    recent.hide([first])
    wait_for(lambda: [e.name for e in recent.entries] == ["second"])
    recent.show([first])
    wait_for(lambda: len(recent.entries) == 2)
    moved = second.replace(tmp_path / "third.pentimento")
    recent.note_moved(second, moved)
    wait_for(lambda: [e.name for e in recent.entries] == ["first", "third"])
    assert heard


def test_a_picture_worked_on_before_is_found(recent: RecentList, tmp_path: Path) -> None:
    new = a_document(tmp_path)
    new.close()
    worked = worked_on(tmp_path)
    found: list[RecentDocument] = []
    recent.find_worked_on(a_picture().image, new.path, found.append)
    wait_for(lambda: found)
    assert found[0].path == worked
    recent.find_worked_on(a_picture(9).image, new.path, found.append)
    recent.refresh()
    wait_for(lambda: recent.is_read)
    assert len(found) == 1
