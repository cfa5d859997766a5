"""Resizing the window and typing touch no file on the UI thread: a slow disk must not be felt."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.runtime import model_folders, paths
from app.runtime.thread_pool import Ticket
from app.window.program import WARM, load_module, read_icons, read_words
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FILE_EVENTS = frozenset(
    {"open", "os.listdir", "os.scandir", "os.mkdir", "os.remove", "os.rename", "tempfile.mkstemp"}
)
"""Audit events of CPython for access to files (PEP 578)."""

_watched: list[str] | None = None
"""File events of this thread while `no_files` watches; None otherwise."""


def _audit(event: str, args: tuple[Any, ...]) -> None:
    on_ui_thread = threading.current_thread() is threading.main_thread()
    if _watched is not None and event in FILE_EVENTS and on_ui_thread:
        _watched.append(f"{event} {args[0] if args else ''}")


sys.addaudithook(_audit)  # it cannot be removed, so it is added once and asleep


@contextmanager
def watched_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The file accesses of the UI thread inside: opening, listing, and asking about files."""
    global _watched  # noqa: PLW0603 - audit hooks are per process
    found: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("stat", "lstat"):
            patch.setattr(f"os.{name}", _noting(name, found, getattr(os, name)))
        for name in ("is_file", "is_dir", "exists", "stat", "iterdir"):
            patch.setattr(Path, name, _noting(name, found, getattr(Path, name)))
        _watched = found
        try:
            yield found
        finally:
            _watched = None


def _noting(name: str, found: list[str], function: Any) -> Any:
    def noting(*args: Any, **options: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            found.append(f"{name} {args[0] if args else ''}")
        return function(*args, **options)

    return noting


@pytest.fixture
def window(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    for name in WARM:  # as the program does it on a worker thread
        load_module(name, Ticket())
    read_words(Ticket())
    read_icons(Ticket())
    made = WindowFixture(tmp_path)
    made.show()
    yield made
    made.close()


def test_access_on_the_ui_thread_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched_files(monkeypatch) as found:
        (tmp_path / "a").exists()
        (tmp_path / "b").write_text("b", "utf-8")
        list(tmp_path.iterdir())
        thread = threading.Thread(target=(tmp_path / "c").exists, name="other")
        thread.start()
        thread.join()
    assert any(line.startswith("exists") and line.endswith("a") for line in found)
    assert any(line.startswith("open") and line.endswith("b") for line in found)
    assert any(line.startswith("iterdir") for line in found)
    assert not any(line.endswith("c") for line in found)


def test_resizing_touches_no_file(window: WindowFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [(1440, 900), (1200, 800), (880, 700), (620, 460), (500, 320), (1300, 850)]
    for size in sizes:  # icons and fonts of each layout are read once
        window.resize(*size)
    with watched_files(monkeypatch) as found:
        for size in sizes:
            window.resize(*size)
    assert found == []


def test_typing_touches_no_file(window: WindowFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt, view = window.parts.prompt, window.session.view
    prompt.focus_prompt()
    with watched_files(monkeypatch) as found:
        QTest.keyClicks(prompt.box.edit, "warmer and brighter")
        window.wait(lambda: view.live is not None)
        QTest.keyClick(prompt.box.edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(prompt.box.edit, Qt.Key.Key_Delete)
        window.wait(lambda: view.live is None)
        window.settle()
    assert found == []


def test_asking_for_models_reads_the_disk_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known = model_folders.known()
    with watched_files(monkeypatch) as found:
        assert model_folders.known() == known
    assert found == []


def test_home_touches_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    """The list of documents is read and searched while the disk may be slow."""
    document = Document.create(
        Picture.of(Image.from_array(np.zeros((30, 40, 3), np.uint8))),
        label="tower",
        state_dir=paths.state(),
    )
    document.close()
    made = WindowFixture(tmp_path, document=False)
    made.show()
    made.wait(lambda: made.window.recent.is_read)
    made.settle()
    home = made.parts.home
    with watched_files(monkeypatch) as found:
        made.window.recent.pin(document.path, True)
        made.wait(lambda: made.window.recent.entries[0].is_pinned)
        QTest.keyClicks(home.search, "tow")
        made.window.action_set.trigger("show_home")
        made.settle()
    assert [card.name for card in home.grid.documents.cards] == ["tower"]
    made.close()
    assert found == []
