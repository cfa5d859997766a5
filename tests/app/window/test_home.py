"""Home in the real window: every document can be reached again by mouse and keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from app.runtime import paths
from app.widgets.basics.empty_state import TileButton
from app.window.actions import WITHOUT_PICTURE
from editor.model.history import HistoryNode, new_id
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from editor.storage.recent_documents import RecentDocuments
from tests.app.window.window_cases import WindowFixture

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MakeWindow = Callable[[], WindowFixture]


def picture(level: int) -> Picture:
    return Picture.of(Image.from_array(np.full((60, 90, 3), level, np.uint8)))


def stored(name: str, level: int, *words: str, label: str = "photo.png") -> Path:
    """A closed document with an idea for each of the words; untitled without a name."""
    path = paths.home() / f"{name}.pentimento" if name else None
    document = Document.create(picture(level), label=label, state_dir=paths.state(), path=path)
    for number, text in enumerate(words, 1):
        head = document.history.head
        document.accept(HistoryNode(new_id(), head, picture(level + number), text, time.time()))
    document.close()
    store = RecentDocuments(paths.home() / "recent", paths.state() / "untitled")
    store.note_opened(document.path)
    return document.path


@pytest.fixture
def make(tmp_path: Path, qapp: QApplication) -> Iterator[MakeWindow]:
    made: list[WindowFixture] = []

    def window() -> WindowFixture:
        it = WindowFixture(tmp_path / "home", document=False)
        made.append(it)
        it.show()
        it.wait(lambda: it.window.recent.is_read)
        it.settle()
        return it

    yield window
    for it in made:
        it.close()


def names(w: WindowFixture) -> list[str]:
    return [card.name for card in w.parts.home.grid.documents.cards]


def key(w: WindowFixture, which: Qt.Key, *, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(QApplication.focusWidget() or w.window, which, held)


def until_open(w: WindowFixture, path: Path) -> None:
    w.wait(lambda: w.session.document is not None and w.session.document.path == path)
    w.settle()


def test_a_newcomer_finds_ways_to_begin_and_samples(make: MakeWindow) -> None:
    w = make()
    home = w.parts.home
    assert home.isVisible()
    assert not w.parts.prompt.isVisible()
    assert home.nothing.text == "Nothing here yet. Open a picture, or begin with a sample."
    assert home.last.isHidden()
    assert home.start.buttons["open"].hasFocus()
    assert not home.samples.isVisible()
    assert not home.line.isVisible(), "no empty line below"
    tiles = home.sample_grid.buttons
    page = home.sample_grid.parentWidget()
    assert page is not None
    lowest = tiles[-1].mapTo(page, tiles[-1].rect().bottomLeft()).y()
    assert lowest > 0.8 * home.height(), "the samples use the room"
    assert all(page.rect().contains(tile.mapTo(page, tile.rect().bottomRight())) for tile in tiles)
    assert w.window.windowTitle() == "Home — Pentimento"
    assert w.parts.top.title.text == "Home"
    opened = tiles[1].tile.name
    QTest.mouseClick(tiles[1], Qt.MouseButton.LeftButton)
    w.wait(lambda: w.session.document is not None)
    w.settle()
    others = [button.tile.name for button in w.parts.empty.findChildren(TileButton)]
    assert len(others) == 4
    assert opened not in others
    assert w.parts.prompt.isVisible()
    assert not home.isVisible()
    assert w.session.document is not None
    assert w.window.windowTitle() == f"{w.session.document.title} — Pentimento"


def test_enter_continues_where_one_was(make: MakeWindow) -> None:
    stored("Tower", 10, "make it night")
    last = stored("Dahlia", 20, "golden", "warmer")
    w = make()
    card = w.parts.home.last
    assert card.go_on.hasFocus()
    assert (card.name.text, card.ideas.text) == ("Dahlia", "3 ideas")
    assert names(w) == ["Tower"]
    key(w, Qt.Key.Key_Return)
    until_open(w, last)
    assert w.parts.stage.isVisible()


def test_enter_continues_also_where_the_window_becomes_active_late(
    tmp_path: Path, qapp: QApplication
) -> None:
    del qapp
    stored("Dahlia", 20, "golden")
    w = WindowFixture(tmp_path / "home", document=False)
    other = QWidget()
    try:
        w.window.show()
        other.show()
        other.activateWindow()
        w.wait(other.isActiveWindow)
        w.parts.home.start.buttons["open"].setFocus()  # before the list is read
        w.wait(lambda: w.window.recent.is_read)
        w.settle()
        assert not w.window.isActiveWindow()
        assert w.window.focusWidget() is w.parts.home.last.go_on
    finally:
        other.deleteLater()
        w.close()


def test_work_on_a_sample_is_reachable_after_another_one_was_opened(make: MakeWindow) -> None:
    """Issue 14, A.1: two edits kept, the sample opened again, and the history was empty."""
    w = make()
    w.window.controllers.file.open_sample(0)
    w.wait(lambda: w.session.document is not None and w.session.image is not None)
    document = w.session.document
    assert document is not None
    for level in (1, 2):
        head = document.history.head
        document.accept(HistoryNode(new_id(), head, picture(level), f"idea {level}", time.time()))
    document.flush()
    w.window.controllers.file.open_sample(0)
    w.wait(lambda: w.session.document is not document)
    w.wait(lambda: w.session.messages.current is not None)
    message = w.session.messages.current
    assert message is not None
    assert message.text.startswith("You worked on this picture before. 3 ideas, last on today ")
    assert (message.button, message.second_button) == ("Continue", "Start new")
    assert len(w.session.document.history.nodes) == 1  # type: ignore[union-attr]
    w.parts.prompt.box.button_clicked.emit(message.action)
    until_open(w, document.path)
    assert len(w.session.document.history.nodes) == 3  # type: ignore[union-attr]
    w.window.action_set.trigger("close_document")
    w.wait(lambda: w.parts.home.last.document == str(document.path))
    assert names(w) == []  # the one that holds only the same picture is no second entry


def test_start_new_takes_the_notice_away_and_stays(make: MakeWindow) -> None:
    stored("", 30, "darker")
    w = make()
    made = Document.create(picture(30), label="photo.png", state_dir=paths.state())
    made.close()
    w.window.controllers.file.open_path(made.path)
    w.wait(lambda: w.session.messages.current is not None)
    message = w.session.messages.current
    assert message is not None
    w.parts.prompt.box.button_clicked.emit(message.second_action)
    assert w.session.messages.current is None
    assert w.session.document is not None
    assert w.session.document.path == made.path


def test_search_finds_what_was_said_in_any_document(make: MakeWindow) -> None:
    stored("Tower", 10, "make it night", "snow")
    stored("Dahlia", 20, "golden")
    w = make()
    home = w.parts.home
    QTest.keyClicks(home.last.go_on, "ni")  # any letter goes into the field
    assert home.search.text() == "ni"
    QTest.keyClicks(home.search, "ght")
    (card,) = home.grid.documents.cards
    assert (card.name, card.detail) == ("Tower", "“make it night”")
    assert home.count.text == "1 found"
    key(w, Qt.Key.Key_Return)
    until_open(w, paths.home() / "Tower.pentimento")


def test_ctrl_w_goes_home_and_escape_back(make: MakeWindow) -> None:
    path = stored("Tower", 10, "make it night")
    w = make()
    w.window.controllers.home.open(str(path))
    until_open(w, path)
    zoom = w.parts.stage.canvas.zoom
    w.window.action_set.trigger("show_home")
    assert w.parts.rooms.at_home
    assert w.session.document is not None
    assert w.window.windowTitle() == "Home — Pentimento"
    assert not w.parts.status.zoom.isVisible()
    w.window.action_set.trigger("escape")
    assert w.parts.status.zoom.isVisible()
    assert not w.parts.rooms.at_home
    assert w.parts.stage.canvas.zoom == zoom
    assert w.window.windowTitle() == "Tower — Pentimento"
    w.window.action_set.trigger("show_home")
    w.parts.home.document_asked.emit(str(path))  # it is open: one step back
    assert not w.parts.rooms.at_home
    w.window.action_set.trigger("close_document")
    assert w.parts.rooms.at_home
    assert w.session.document is None
    w.window.action_set.trigger("escape")
    assert w.parts.rooms.at_home  # there is nowhere to go


def test_nothing_acts_on_a_picture_that_is_not_seen(make: MakeWindow) -> None:
    path = stored("Tower", 10, "make it night")
    w = make()
    w.window.controllers.home.open(str(path))
    until_open(w, path)
    actions = w.window.action_set
    assert actions["undo"].isEnabled()
    actions.trigger("show_home")
    on = {name for name in actions if actions[name].isEnabled()}
    assert on == WITHOUT_PICTURE
    actions.trigger("escape")
    assert actions["undo"].isEnabled()


def test_new_from_words_begins_in_the_workspace_and_escape_leaves_it(make: MakeWindow) -> None:
    w = make()
    w.window.action_set.trigger("new_from_words")
    assert w.parts.prompt.box.edit.hasFocus()
    assert w.window.windowTitle() == "A new picture — Pentimento"
    w.window.action_set.trigger("escape")
    assert w.parts.rooms.at_home


def test_the_list_can_be_cleared_and_put_back(make: MakeWindow) -> None:
    first = stored("Tower", 10, "make it night")
    stored("Dahlia", 20, "golden")
    w = make()
    grid = w.parts.home.grid
    grid.setFocus()
    grid.setCurrentIndex(grid.documents.index(0))
    key(w, Qt.Key.Key_Delete)
    w.wait(lambda: len(w.window.recent.entries) == 1)
    assert first.is_file()
    message = w.parts.home.line.message
    assert message is not None
    assert message.text == "Taken off the list. The file stays."
    w.parts.home.line.button_clicked.emit(message.action)
    w.wait(lambda: len(w.window.recent.entries) == 2)
    w.window.action_set.trigger("clear_recent")
    w.wait(lambda: not w.window.recent.entries)
    w.window.controllers.home.put_back()
    w.wait(lambda: len(w.window.recent.entries) == 2)


def test_a_moved_document_is_found_again(
    make: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored("Dahlia", 20, "golden")
    path = stored("Tower", 10, "make it night")
    RecentDocuments(paths.home() / "recent", paths.state() / "untitled").entries()
    moved = path.replace(tmp_path / "elsewhere.pentimento")
    w = make()
    assert w.parts.home.last.name.text == "Dahlia"
    (card,) = w.parts.home.grid.documents.cards
    assert (card.state, card.detail, card.link) == ("missing", "Moved or deleted.", "Find it")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    w.parts.home.grid.opened.emit(card.id)
    until_open(w, moved)
    w.wait(lambda: all(not entry.is_missing for entry in w.window.recent.entries))


def test_a_damaged_document_is_said_in_the_list_and_when_it_is_opened(make: MakeWindow) -> None:
    stored("Dahlia", 20, "golden")
    path = stored("Tower", 10, "make it night")
    path.write_bytes(b"not a document any more " * 4000)
    w = make()
    (card,) = w.parts.home.grid.documents.cards
    assert (card.state, card.detail) == ("damaged", "This file is damaged.")
    w.parts.home.grid.opened.emit(card.id)
    w.wait(lambda: w.parts.home.line.message is not None)
    assert w.parts.home.line.isVisible()
    assert w.parts.rooms.at_home


def test_a_right_click_offers_what_can_be_done(make: MakeWindow) -> None:
    stored("Tower", 10, "make it night")
    stored("Dahlia", 20, "golden")
    w = make()
    grid = w.parts.home.grid
    at = grid.visualRect(grid.documents.index(0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, grid.viewport().mapToGlobal(at))
    QApplication.sendEvent(grid.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == ["Open", "Show in folder", "Pin to the front", "Take off this list"]
    next(a for a in menu.actions() if a.text() == "Pin to the front").trigger()
    menu.close()
    w.wait(lambda: w.window.recent.entries[0].is_pinned)
    assert w.parts.home.last.name.text == "Dahlia"  # the last one is the last one all the same


def test_open_recent_in_the_menu(make: MakeWindow) -> None:
    stored("Tower", 10, "make it night")
    stored("Dahlia & co", 20, "golden")
    w = make()
    menu = w.window.findChild(QMenu, "menu-recent")
    assert isinstance(menu, QMenu)

    def rows_with_pictures() -> bool:
        menu.aboutToShow.emit()
        return not menu.actions()[0].icon().isNull()

    w.wait(rows_with_pictures)
    rows = [action for action in menu.actions() if not action.isSeparator()]
    assert [row.text().split("\t")[0] for row in rows] == [
        "Dahlia && co", "Tower", "Show all", "Clear this list",
    ]  # fmt: skip
    rows[1].trigger()
    until_open(w, paths.home() / "Tower.pentimento")
    rows[2].trigger()
    assert w.parts.rooms.at_home
    assert w.session.document is not None
    rows[3].trigger()
    w.wait(lambda: not w.window.recent.entries)


def test_naming_a_document_moves_its_entry(
    make: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored("", 10, "make it night", label="tower.png")
    w = make()
    w.window.controllers.home.open(str(path))
    until_open(w, path)
    target = paths.home() / "Named.pentimento"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    w.window.action_set.trigger("name_document")
    w.wait(lambda: [entry.name for entry in w.window.recent.entries] == ["Named"])


def test_the_window_can_start_with_the_last_document(make: MakeWindow) -> None:
    stored("Tower", 10)
    w = make()
    assert w.settings["start_with"] == "home"
    w.settings.set("start_with", "last")
    with pytest.raises(ValueError, match="start_with"):
        w.settings.set("start_with", "nothing")
