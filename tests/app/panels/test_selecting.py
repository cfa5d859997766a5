"""Selections drawn on the canvas: how they come to the session, and what options change later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from app.theme.theme import look
from editor.model.selection import Coverage
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def w(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    look().set_motion(False)
    it = WindowFixture(tmp_path)
    it.show()
    it.wait(lambda: it.parts.stage.is_drawn)
    yield it
    it.close()
    look().set_motion(None)


def coverage(w: WindowFixture) -> Coverage | None:
    selection = w.session.view.selection
    return selection.array() if selection is not None else None


def set_option(w: WindowFixture, **values: Any) -> None:
    tools = w.parts.stage.canvas.tools
    tools.set_options(replace(tools.options, **values))


def rectangle(w: WindowFixture) -> None:
    """From column 30, row 20 to column 60, row 44."""
    canvas = w.parts.stage.canvas
    canvas.tools.set_tool("rectangle")
    start, end = (canvas.from_picture(QPointF(*corner)) for corner in ((30, 20), (60, 44)))
    canvas.tools.begin(start, Qt.KeyboardModifier.NoModifier, 1.0)
    canvas.tools.follow(end, Qt.KeyboardModifier.NoModifier, 1.0)
    canvas.tools.finish(end, click=False)
    w.wait(lambda: coverage(w) is not None)


def test_feather_softens_the_new_shape_and_follows_the_slider(w: WindowFixture) -> None:
    set_option(w, feather=4)
    rectangle(w)
    w.wait(lambda: coverage(w)[32, 30] < 255)  # type: ignore[index]
    soft = coverage(w)
    assert soft is not None
    assert (soft > 0).sum() == 30 * 24, "the true edge stays"
    assert soft[32, 45] == 255
    set_option(w, feather=0)
    w.wait(lambda: (coverage(w) == 255).sum() == 30 * 24)  # type: ignore[union-attr]
    set_option(w, feather=8)
    w.wait(lambda: coverage(w)[32, 34] < 160)  # type: ignore[index]


def test_a_later_change_is_not_undone_by_the_slider(w: WindowFixture) -> None:
    rectangle(w)
    w.window.action_set.trigger("select_invert")
    w.wait(lambda: coverage(w)[0, 0] == 255)  # type: ignore[index]
    inverted = w.session.view.selection
    set_option(w, feather=8)
    w.settle()
    assert w.session.view.selection is inverted


def test_similar_colours_follow_tolerance_and_touching(w: WindowFixture) -> None:
    """The picture is a ramp of one level a column."""
    canvas = w.parts.stage.canvas
    canvas.tools.set_tool("similar")
    set_option(w, tolerance=2)
    pixel = canvas.from_picture(QPointF(50.5, 30.5))
    canvas.tools.begin(pixel, Qt.KeyboardModifier.NoModifier, 1.0)
    w.wait(lambda: coverage(w) is not None)
    assert np.flatnonzero(coverage(w)[10]).tolist() == list(range(45, 56))  # type: ignore[index]
    set_option(w, tolerance=4)
    w.wait(lambda: np.flatnonzero(coverage(w)[10]).size == 21)  # type: ignore[index]


def test_a_slider_moved_before_the_first_colours_are_found_counts(w: WindowFixture) -> None:
    canvas = w.parts.stage.canvas
    canvas.tools.set_tool("similar")
    set_option(w, tolerance=2)
    canvas.tools.begin(
        canvas.from_picture(QPointF(50.5, 30.5)), Qt.KeyboardModifier.NoModifier, 1.0
    )
    set_option(w, tolerance=4)  # nothing is delivered before the event loop turns
    w.wait(lambda: coverage(w) is not None)
    assert np.flatnonzero(coverage(w)[10]).size == 21  # type: ignore[index]


def test_the_status_line_says_how_large_the_selection_is(w: WindowFixture) -> None:
    rectangle(w)
    w.settle()
    assert w.parts.status.selection.text == "Selection 30 × 24"
    w.window.action_set.trigger("select_none")
    w.settle()
    assert w.parts.status.selection.text == ""
