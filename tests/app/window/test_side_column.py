"""The column beside the canvas: its ground, its tabs, and what they count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.theme.theme import look
from app.window.responsive_layout import NARROW_SIDE
from app.window.side_column import CARDS_SHOWN, HISTORY, LEAST_HISTORY, TABS
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_it_is_painted_in_the_colour_of_panels(window: WindowFixture) -> None:
    column = window.parts.column
    shown = column.grab().toImage()
    assert shown.pixelColor(column.width() // 2, column.height() - 3) == QColor(look().tokens.panel)


def test_the_history_gets_what_four_results_leave_also_after_home(
    tmp_path: Path, qapp: QApplication
) -> None:
    del qapp
    made = WindowFixture(tmp_path / "home", document=False)
    try:
        made.resize(1200, 700)
        made.show()
        made.resize(1440, 900)
        picture = Picture.of(Image.from_array(np.zeros((64, 96, 3), np.uint8)))
        made.session.set_document(Document.create(picture, label="new", state_dir=tmp_path))
        made.settle()
        results, history = made.parts.results, made.parts.history
        assert results.isVisible()
        needed = results.header.height() + results.list.height_for(CARDS_SHOWN)
        assert results.height() == needed + results.foot.sizeHint().height()
        assert history.height() > 2 * LEAST_HISTORY - 50
    finally:
        made.close()


def test_the_history_has_a_tab_in_narrow_windows_only(window: WindowFixture) -> None:
    tabs, parts = window.parts.column.tabs, window.parts
    last = TABS.index(HISTORY)
    assert not tabs.isTabVisible(last)
    assert parts.results.isVisible()
    assert parts.history.isVisible()
    window.resize(1200, 800)
    assert tabs.isTabVisible(last)
    assert (parts.results.isVisible(), parts.history.isVisible()) == (True, False)
    tabs.setCurrentIndex(last)
    assert (parts.results.isVisible(), parts.history.isVisible()) == (False, True)
    assert tabs.tabText(last) == "History 1"
    assert tabs.tabText(0) == "Results"


def test_large_text_folds_the_column_as_a_narrow_window_does(window: WindowFixture) -> None:
    assert not window.parts.column.tabs.isTabVisible(TABS.index(HISTORY))
    try:
        look().set_text_scale(2.0)
        window.settle()
        assert window.parts.column.tabs.isTabVisible(TABS.index(HISTORY))
        assert window.parts.side.width() > 1.9 * NARROW_SIDE
        box = window.parts.prompt.box
        assert box.more.isVisible(), "method and count behind one button"
        assert box.edit.width() > 0.5 * box.width(), "the words have room"
        line = QFontMetricsF(look().font(12)).lineSpacing()
        assert box.line.height() >= 3 * line, "so has what they were read as"
    finally:
        look().set_text_scale(1.0)
    window.settle()
    assert not window.parts.column.tabs.isTabVisible(TABS.index(HISTORY))


def test_the_side_button_opens_and_closes_the_drawer(window: WindowFixture) -> None:
    window.resize(880, 700)
    side, button = window.parts.side, window.parts.options.side
    assert button.isVisible()
    for shown in (True, False):
        button.click()
        assert (side.isVisible(), button.isChecked()) == (shown, shown)
        assert window.window.action_set["side_column"].isChecked() is shown
    window.resize(1440, 900)
    assert side.isVisible()
    assert window.parts.split.indexOf(side) == 1


def test_the_width_is_remembered_once_the_hand_rests(window: WindowFixture) -> None:
    window.parts.split.setSizes([1000, 400])
    window.parts.split.splitterMoved.emit(1000, 1)
    window.window.responsive.finish()
    assert window.settings["side_width"] == window.parts.side.width()


def test_only_the_picture_and_back(window: WindowFixture) -> None:
    action = window.window.action_set["only_picture"]
    parts = window.parts
    hidden = (parts.top, parts.rail, parts.options, parts.prompt, parts.status, parts.side)
    action.trigger()
    assert action.isChecked()
    assert not any(part.isVisible() for part in hidden)
    for size in ((1300, 800), (800, 700), (1440, 900)):  # full screen is a resize too
        window.resize(*size)
        assert not any(part.isVisible() for part in hidden)
    action.trigger()
    assert not action.isChecked()
    assert all(part.isVisible() for part in hidden)
    assert parts.stage.canvas.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_a_page_over_the_results_goes_when_new_ones_come(window: WindowFixture) -> None:
    side, controllers = window.parts.side, window.window.controllers
    pages = ((controllers.help.show_about, False), (controllers.edit.show_captions, True))
    for open_page, stays in pages:
        open_page()
        assert side.page
        window.parts.prompt.box.set_text("warmer")
        window.parts.prompt.run()
        assert bool(side.page) is stays


def test_tabs_without_room_lose_their_counts_and_then_scroll(window: WindowFixture) -> None:
    column = window.parts.column
    window.resize(1200, 800)
    last = TABS.index(HISTORY)
    assert column.tabs.tabText(last) == "History 1"
    assert not column.tabs.usesScrollButtons()
    column.resize(column.tabs.sizeHint().width(), column.height())  # four less are left for them
    column.place_tabs()
    assert column.tabs.tabText(last) == "History"
    assert not column.tabs.usesScrollButtons()
    column.resize(120, column.height())
    column.place_tabs()
    assert column.tabs.usesScrollButtons()
    assert column.tabs.width() <= 120
    window.resize(1440, 900)
    assert column.tabs.tabText(TABS.index(HISTORY)) == "History 1"
