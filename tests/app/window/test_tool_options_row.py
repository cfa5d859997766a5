"""The options of the active tool over the canvas, and the rail that takes tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.canvas.tool_options import BRUSH_SIZES, log_position, log_value
from app.theme.theme import look
from app.widgets.basics.option_slider import OptionSlider
from app.window.tool_options_row import ToolOptionsRow, options_of
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def w(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    look().set_motion(False)
    it = WindowFixture(tmp_path)
    it.show()
    it.resize(1440, 900)
    yield it
    it.close()
    look().set_motion(None)


def row(w: WindowFixture) -> ToolOptionsRow:
    found = w.parts.options.findChild(ToolOptionsRow)
    assert found is not None
    return found


def take(w: WindowFixture, tool: str) -> None:
    w.window.action_set.trigger(f"tool_{tool}")
    w.settle()


def shown(w: WindowFixture) -> list[str]:
    names = ("subject", "size", "hardness", "tolerance", "only_touching", "feather")
    return [name for name in names if row(w).option(name).isVisible()]


@pytest.mark.parametrize(
    "tool", ["rectangle", "ellipse", "lasso", "brush", "eraser", "similar", "subject"]
)
@pytest.mark.parametrize("width", [1440, 1024])
def test_every_tool_has_its_options_and_none_is_cut(
    w: WindowFixture, tool: str, width: int
) -> None:
    w.resize(width, 700)
    take(w, tool)
    it = row(w)
    assert it.isVisible()
    assert shown(w) + list(it.behind_more) == list(options_of(tool))
    assert it.more.isVisible() == bool(it.behind_more)
    for part in (it.mode, *(it.option(name) for name in shown(w)), w.parts.options.views):
        assert part.width() >= part.minimumSizeHint().width()
        right = part.mapTo(w.parts.options, part.rect().bottomRight()).x()
        assert right < w.parts.options.width()
    if width == 1440:
        assert it.behind_more == ()
        assert it.mode_name.isVisible()


def test_without_a_tool_that_selects_the_words_are_back(w: WindowFixture) -> None:
    take(w, "lasso")
    assert not w.parts.options.title.isVisible()
    take(w, "pan")
    assert not row(w).isVisible()
    assert w.parts.options.title.isVisible()


def test_sliders_and_keys_set_the_same_brush(w: WindowFixture) -> None:
    take(w, "brush")
    tools, size = w.parts.stage.canvas.tools, row(w).option("size")
    assert isinstance(size, OptionSlider)
    size.slider.setValue(size.slider.maximum())
    assert tools.brush.size == BRUSH_SIZES[1]
    size.slider.setValue(0)
    assert tools.brush.size == BRUSH_SIZES[0]
    w.window.action_set.trigger("brush_larger")
    assert tools.brush.size == pytest.approx(1.25)
    tools.set_brush(tools.brush.resized(500))
    assert size.slider.value() > size.slider.maximum() // 2


@pytest.mark.parametrize("value", [1.0, 7.0, 86.0, 2000.0])
def test_a_logarithmic_slider_goes_there_and_back(value: float) -> None:
    assert log_value(log_position(value, *BRUSH_SIZES), *BRUSH_SIZES) == pytest.approx(value)


def test_the_mode_is_chosen_by_its_icons(w: WindowFixture, qtbot: QtBot) -> None:
    take(w, "rectangle")
    it, tools = row(w), w.parts.stage.canvas.tools
    for mode, name in (("add", "Add"), ("intersect", "Intersect"), ("replace", "New")):
        it.mode.chosen.emit(mode)
        assert tools.mode == mode
        assert it.mode.current == mode
        assert it.mode_name.text == name


def test_what_does_not_fit_is_behind_the_dots(w: WindowFixture, qtbot: QtBot) -> None:
    w.resize(860, 700)
    take(w, "similar")
    it, tools = row(w), w.parts.stage.canvas.tools
    assert it.behind_more
    assert it.behind_more[-1] == "feather"
    qtbot.mouseClick(it.more, Qt.MouseButton.LeftButton)
    menu = it.findChild(QMenu, "tool-options-menu")
    assert menu is not None
    feather = menu.findChild(OptionSlider, "option-feather")
    assert feather is not None
    feather.slider.setValue(feather.slider.maximum())
    assert tools.options.feather == 250
    menu.close()


def test_two_tools_share_a_button_and_a_key(w: WindowFixture) -> None:
    rail, tools = w.parts.rail, w.parts.stage.canvas.tools
    take(w, "rectangle")
    assert rail.buttons["tool_ellipse"] is rail.buttons["tool_rectangle"]
    take(w, "rectangle")
    assert tools.tool == "ellipse"
    assert rail.shown("tool_rectangle") == "tool_ellipse"
    assert rail.buttons["tool_ellipse"].isChecked()
    take(w, "brush")
    take(w, "eraser")
    assert rail.shown("tool_brush") == "tool_eraser"
    rail.buttons["tool_rectangle"].click()
    assert tools.tool == "ellipse", "the one of the two that was used last"
    rail.buttons["tool_rectangle"].click()
    assert tools.tool == "ellipse", "a click on the tool in hand changes nothing"


def test_a_held_button_offers_both_tools(w: WindowFixture, qtbot: QtBot) -> None:
    rail = w.parts.rail
    rail.buttons["tool_brush"].others_asked.emit()
    menu = rail.findChild(QMenu, "tools-paired")
    assert menu is not None
    assert [action.objectName() for action in menu.actions()] == [
        "action-tool_brush",
        "action-tool_eraser",
    ]
    menu.actions()[1].trigger()
    assert w.parts.stage.canvas.tools.tool == "eraser"
    menu.close()


def test_turns_of_the_view_are_said_and_taken_back(w: WindowFixture) -> None:
    actions, status, canvas = w.window.action_set, w.parts.status, w.parts.stage.canvas
    assert not actions["view_upright"].isEnabled()
    actions.trigger("view_turn_right")
    assert (canvas.angle, status.angle.text) == (15.0, "15°")
    assert status.angle.isVisible()
    status.angle.clicked.emit()
    assert canvas.angle == 0
    assert not status.angle.isVisible()
    actions.trigger("view_turn_left")
    w.window.escape()
    assert canvas.angle == 0


@pytest.mark.parametrize(
    ("action", "size"),
    [
        ("rotate_left", (64, 96)),
        ("rotate_right", (64, 96)),
        ("rotate_180", (96, 64)),
        ("flip_horizontal", (96, 64)),
        ("flip_vertical", (96, 64)),
    ],
)
def test_the_picture_turns_by_command(w: WindowFixture, action: str, size: tuple[int, int]) -> None:
    w.window.action_set.trigger(action)
    document = w.session.document
    assert document is not None
    w.wait(lambda: len(document.history.nodes) == 2 and w.session.image is not None)
    w.settle()
    picture = w.parts.stage.canvas.picture
    assert picture is not None
    assert picture.size == size
