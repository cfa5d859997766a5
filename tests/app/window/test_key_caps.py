"""Keys that stand on buttons, in fields and in tooltips are those that the artist has now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.widgets.basics.buttons import PushButton
from app.widgets.basics.key_caps import key_text
from app.window.actions import ACTIONS
from app.window.shortcuts import FIXED
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SHOWN = {
    "find_command", "undo", "redo", "open", "paste", "new_from_words", "paint_in", "strength",
    "view_wipe", "view_side", "view_all", "view_changes", "view_map", "side_column",
    "history_search", "select_none", "explore", "again", "tool_lasso",
}  # fmt: skip
"""Ids of actions whose key stands somewhere in the window."""


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[WindowFixture]:
    fixture = WindowFixture(tmp_path_factory.mktemp("key-caps"))
    fixture.resize(1440, 900)
    fixture.show()
    yield fixture
    fixture.close()


@pytest.fixture(autouse=True)
def _default_keys(w: WindowFixture) -> Iterator[None]:
    yield
    w.window.action_set.shortcuts.reset()


def keys_in(w: WindowFixture) -> list[str]:
    """What stands in the caps of buttons, and behind the words of tooltips."""
    w.parts.prompt.box.set_run_state("again")
    found = [button.key for button in w.window.findChildren(PushButton)]
    for widget in w.window.findChildren(QWidget):
        first = widget.toolTip().split("\n")[0]
        found.append(first.rpartition("  ")[2] if "  " in first else "")
    return [" ".join(key.replace("+", " ").split()) for key in found if key]


def test_no_key_stays_as_it_was_when_all_are_changed(w: WindowFixture) -> None:
    free = [info for info in ACTIONS if info.keys and info.id not in FIXED]
    before = {info.id: key_text(info.keys[0]) for info in free}
    shown = keys_in(w)
    assert {name for name in SHOWN if before[name] not in shown} == set()
    table = w.window.action_set.shortcuts
    for number, info in enumerate(free):
        table.assign(info.id, f"Ctrl+Alt+Shift+F{number % 24 + 1}" if number < 24 else "")
    w.settle()
    assert sorted(set(keys_in(w)) & set(before.values())) == []
    table.reset()
    w.settle()
    shown = keys_in(w)
    assert {name for name in SHOWN if before[name] not in shown} == set()


def test_buttons_show_the_key_that_was_chosen(w: WindowFixture) -> None:
    table = w.window.action_set.shortcuts
    table.assign("open", "Ctrl+Shift+O")
    table.assign("view_map", "")
    assert w.parts.options.open.toolTip() == "Open your own  Ctrl Shift O"
    assert w.parts.history.map.toolTip() == "Map of ideas"
    assert w.parts.home.start.buttons["open"].accessibleDescription().endswith("Ctrl Shift O")


def test_the_canvas_reads_no_key_of_an_action(w: WindowFixture) -> None:
    """“[” without an action does nothing, wherever the focus is."""
    w.window.action_set.trigger("tool_brush")
    canvas = w.parts.stage.canvas
    canvas.setFocus()
    size = canvas.tools.brush.size
    table = w.window.action_set.shortcuts
    table.assign("brush_smaller", "")
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.tools.brush.size == size
    table.reset("brush_smaller")
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.tools.brush.size < size


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("Ctrl+O", "Ctrl O"),
        ("Ctrl+Shift+Return", "Ctrl Shift Enter"),
        ("Ctrl++", "Ctrl +"),
        ("F7", "F7"),
    ],
)
def test_a_cap_has_no_plus_signs(key: str, shown: str) -> None:
    assert key_text(key) == shown
