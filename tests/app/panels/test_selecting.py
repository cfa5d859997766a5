"""Selections drawn on the canvas: how they come to the session, and what options change later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.theme.theme import look
from editor.model.selection import Coverage
from tests.app.canvas.canvas_cases import LEFT, drag, spot
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def w(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    look().set_motion(False)
    it = WindowFixture(tmp_path)
    it.show()
    it.parts.stage.canvas.zoom_to(400)
    yield it
    it.close()
    look().set_motion(None)


def coverage(w: WindowFixture) -> Coverage | None:
    selection = w.session.view.selection
    return selection.array() if selection is not None else None


def set_option(w: WindowFixture, **values: Any) -> None:
    tools = w.parts.stage.canvas.tools
    tools.set_options(replace(tools.options, **values))


def rectangle(w: WindowFixture, qtbot: QtBot) -> list[QPoint]:
    canvas = w.parts.stage.canvas
    canvas.tools.set_tool("rectangle")
    points = [spot(canvas, 30, 20), spot(canvas, 60, 44)]
    drag(qtbot, canvas, points)
    w.wait(lambda: coverage(w) is not None)
    return points


def test_feather_softens_the_new_shape_and_follows_the_slider(
    w: WindowFixture, qtbot: QtBot
) -> None:
    set_option(w, feather=4)
    rectangle(w, qtbot)
    w.wait(lambda: coverage(w)[32, 30] < 255)  # type: ignore[index]
    soft = coverage(w)
    assert soft is not None
    assert (soft > 0).sum() == 30 * 24, "the true edge stays"
    assert soft[32, 45] == 255
    set_option(w, feather=0)
    w.wait(lambda: (coverage(w) == 255).sum() == 30 * 24)  # type: ignore[union-attr]
    set_option(w, feather=8)
    w.wait(lambda: coverage(w)[32, 34] < 160)  # type: ignore[index]


def test_a_later_change_is_not_undone_by_the_slider(w: WindowFixture, qtbot: QtBot) -> None:
    rectangle(w, qtbot)
    w.window.action_set.trigger("select_invert")
    w.wait(lambda: coverage(w)[0, 0] == 255)  # type: ignore[index]
    inverted = w.session.view.selection
    set_option(w, feather=8)
    w.settle()
    assert w.session.view.selection is inverted


def test_similar_colours_follow_tolerance_and_touching(w: WindowFixture, qtbot: QtBot) -> None:
    """The picture is a ramp of one level a column."""
    canvas = w.parts.stage.canvas
    canvas.tools.set_tool("similar")
    set_option(w, tolerance=2)
    qtbot.mouseClick(canvas, LEFT, pos=spot(canvas, 50.5, 30.5))
    w.wait(lambda: coverage(w) is not None)
    assert np.flatnonzero(coverage(w)[10]).tolist() == list(range(45, 56))  # type: ignore[index]
    set_option(w, tolerance=4)
    w.wait(lambda: np.flatnonzero(coverage(w)[10]).size == 21)  # type: ignore[index]


def test_the_status_line_says_how_large_the_selection_is(w: WindowFixture, qtbot: QtBot) -> None:
    rectangle(w, qtbot)
    w.settle()
    assert w.parts.status.selection.text == "Selection 30 × 24"
    w.window.action_set.trigger("select_none")
    w.settle()
    assert w.parts.status.selection.text == ""
