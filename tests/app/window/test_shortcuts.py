"""Keys that the artist changes: what they do then, what stands in the way, what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.panels.settings.shortcuts_section import ShortcutsSection
from app.runtime.settings import Settings
from app.window.actions import ACTIONS
from app.window.shortcuts import FIXED, Shortcuts
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def table(tmp_path: Path) -> Shortcuts:
    return Shortcuts(Settings(tmp_path / "settings.json"))


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[WindowFixture]:
    fixture = WindowFixture(tmp_path_factory.mktemp("shortcuts"))
    fixture.resize(1440, 900)
    fixture.show()
    yield fixture
    fixture.close()


@pytest.fixture
def section(w: WindowFixture) -> Iterator[ShortcutsSection]:
    w.window.action_set.trigger("show_keys")
    w.settle()
    found = w.window.findChild(ShortcutsSection)
    assert found is not None
    yield found
    found.search.clear()
    w.window.action_set.shortcuts.reset()
    found.refresh()
    w.parts.rooms.leave_settings()


def press(
    section: ShortcutsSection,
    name: str,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    button = section.rows[name].button
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Press keys"
    QTest.keyClick(button, key, modifiers)


def test_no_two_actions_begin_with_the_same_keys(table: Shortcuts) -> None:
    keys = [QKeySequence(key).toString() for info in ACTIONS for key in table.keys(info.id)]
    assert len(keys) == len(set(keys))


def test_keys_taken_from_another_action_are_its_no_longer(table: Shortcuts) -> None:
    owner = table.owner("Ctrl+Y", "star")
    assert owner is not None
    assert (owner.text, owner.fixed) == ("Redo", False)
    table.assign("star", "Ctrl+Y")
    assert table.keys("star") == ("Ctrl+Y",)
    assert table.keys("redo") == ("Ctrl+Shift+Z",)
    assert table.owner("S", "note") is None, "its key before is free"
    table.reset("redo")
    assert table.keys("redo") == ("Ctrl+Shift+Z", "Ctrl+Y")
    assert table.keys("star") == ()
    table.reset()
    assert not any(table.is_changed(info.id) for info in ACTIONS)


def test_enter_esc_digits_and_keys_of_the_canvas_stay(table: Shortcuts) -> None:
    for key in ("Return", "Esc", "3", "Space"):
        owner = table.owner(key, "star")
        assert owner is not None
        assert owner.fixed
        with pytest.raises(ValueError, match="star"):
            table.assign("star", key)
    for name in FIXED:
        with pytest.raises(ValueError, match=name):
            table.assign(name, "Ctrl+J")


def test_what_a_hand_wrote_into_the_file_is_read_with_care(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    wrong = {"star": 3, "nothing": ["A"], "escape": ["A"], "note": ["J", 4]}
    settings.set("shortcuts", wrong)
    table = Shortcuts(settings)
    assert (table.keys("star"), table.keys("escape")) == (("S",), ("Esc",))
    assert table.keys("note") == ("J",)


def test_a_click_and_a_press_change_what_the_key_does(
    w: WindowFixture, section: ShortcutsSection
) -> None:
    press(section, "show_home", Qt.Key.Key_J, CTRL)
    assert section.rows["show_home"].button.text() == "Ctrl+J"
    assert w.settings["shortcuts"] == {"show_home": ["Ctrl+J"]}
    w.parts.rooms.leave_settings()
    w.settle()
    QTest.keyClick(w.window, Qt.Key.Key_J, CTRL)
    assert w.parts.rooms.at_home
    w.parts.rooms.show_workspace()
    w.window.action_set.trigger("show_keys")
    press(section, "tool_lasso", Qt.Key.Key_U)
    assert w.parts.rail.buttons["tool_lasso"].toolTip() == "Lasso  U"


def test_a_conflict_is_said_in_the_row(w: WindowFixture, section: ShortcutsSection) -> None:
    row = section.rows["star"]
    press(section, "star", Qt.Key.Key_E, CTRL | SHIFT)
    assert row.conflict.accessibleName() == "Ctrl+Shift+E is used for “Export the picture”."
    assert w.window.action_set["star"].shortcut().toString() == "S"
    row.take.click()
    assert w.window.action_set["star"].shortcut().toString() == "Ctrl+Shift+E"
    assert section.rows["export"].button.text() == "None"
    assert not row.conflict.isVisible()
    press(section, "note", Qt.Key.Key_Return)
    assert "always means “Keep this”" in section.rows["note"].conflict.accessibleName()
    assert not section.rows["note"].take.isVisible()
    row.back.click()
    assert row.button.text() == "S"


def test_esc_leaves_the_keys_and_delete_takes_them_away(
    w: WindowFixture, section: ShortcutsSection
) -> None:
    press(section, "star", Qt.Key.Key_Escape)
    assert section.rows["star"].button.text() == "S"
    assert section.isVisible(), "Esc was for the button"
    press(section, "star", Qt.Key.Key_Delete)
    assert section.rows["star"].button.text() == "None"
    assert w.window.action_set["star"].shortcuts() == []
    assert section.reset.isEnabled()
    section.reset.click()
    assert section.rows["star"].button.text() == "S"
    assert not section.reset.isEnabled()


def test_the_search_finds_names_and_keys(section: ShortcutsSection) -> None:
    def found() -> set[str]:
        return {name for name, row in section.rows.items() if not row.isHidden()}

    section.search.setText("lasso")
    assert found() == {"tool_lasso"}
    section.search.setText("ctrl+l")
    assert found() == {"prompt"}
    section.search.setText("flumpy")
    assert found() == set()
    assert "flumpy" in section.nothing.accessibleName()
