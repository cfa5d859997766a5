"""The row over the canvas: what it offers, and what goes first when there is less room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.window.options_bar import OptionsBar

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def row(qtbot: QtBot) -> Iterator[OptionsBar]:
    holder = QWidget()  # a window of its own would not get narrower than all of its parts
    qtbot.addWidget(holder)
    it = OptionsBar(holder)
    it.resize(1100, 40)
    holder.show()
    it.set_text("Result 1", "A preview until you keep it", preview=True)
    it.offer(opening=False, finishing=True, painting=False, can_paint=True, can_hold=True)
    yield it
    holder.close()


def test_before_is_one_held_key_away_and_says_so(row: OptionsBar) -> None:
    assert row.hint.isVisible()
    assert row.hint.accessibleName() == "\\ hold for before"
    row.offer(opening=False, finishing=False, painting=False, can_paint=False, can_hold=False)
    assert not row.hint.isVisible()


def test_hints_go_before_words_and_words_before_controls(row: OptionsBar) -> None:
    gone: list[str] = []
    parts = {"hint": row.hint, "detail": row.detail, "paint": row.paint}
    row.views.set_compact(True)
    for width in range(1100, 420, -10):
        row.resize(width, 40)
        gone += [n for n, part in parts.items() if not part.isVisible() and n not in gone]
        wanted = sum(w.sizeHint().width() for w in row._parts if w.isVisible())
        assert wanted <= width
    assert row.width() < 500
    assert gone == ["hint", "detail", "paint"]
    assert row.views.isVisible()
    assert row.strength.isVisible()


def test_what_was_offered_is_back_after_the_options_of_a_tool(row: OptionsBar) -> None:
    options = QWidget()
    row.add_tool_options(options)
    row.show_tool_options(True)
    assert options.isVisible()
    assert not any(part.isVisible() for part in (row.title, row.strength, row.paint))
    row.show_tool_options(False)
    assert not options.isVisible()
    assert all(part.isVisible() for part in (row.title, row.strength, row.paint))


def test_while_painting_it_says_which_result_is_brushed_in(row: OptionsBar) -> None:
    tools = QLabel("Add, size, hardness, and what else a brush has")
    row.add_tool_options(tools)
    row.set_text("Result 1", "Brush result 2 into it", preview=True)
    row.offer(opening=False, finishing=True, painting=True, can_paint=True, can_hold=False)
    row.show_tool_options(True)
    assert row.detail.isVisible()
    row.resize(600, 40)
    assert not row.detail.isVisible(), "no word is cut"
    assert row.paint.isVisible()
