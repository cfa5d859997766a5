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
from app.widgets.basics.buttons import PushButton
from editor.messages import Message
from editor.model.image import Image
from editor.model.selection import Coverage
from inference.request.jobs import JobFailed, JobFinished, SubjectJob, SubjectReady
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


def subject_jobs(w: WindowFixture) -> list[SubjectJob]:
    return [job for job in w.engine.submitted if isinstance(job, SubjectJob)]


def answer_subject(w: WindowFixture) -> None:
    """The left half of the picture, softly at its edge."""
    job = subject_jobs(w)[-1]
    image = job.source
    assert isinstance(image, Image)
    found = np.zeros((image.height, image.width), np.uint8)
    found[:, : image.width // 2] = 255
    found[:, image.width // 2] = 100
    w.engine.job_event.emit(SubjectReady(job.id, found, 0.95, "people"))
    w.engine.job_event.emit(JobFinished(job.id, 0.1))


def test_the_subject_is_found_by_tool_button_and_menu(w: WindowFixture) -> None:
    canvas, image = w.parts.stage.canvas, w.session.image
    assert image is not None
    half = image.width // 2
    w.window.action_set.trigger("tool_subject")
    canvas.tools.begin(canvas.from_picture(QPointF(9, 9)), Qt.KeyboardModifier.NoModifier, 1.0)
    assert [job.part for job in subject_jobs(w)] == ["subject"]
    assert w.session.messages.current is not None
    assert w.session.messages.current.text == "Looking for the subject"
    answer_subject(w)
    w.wait(lambda: coverage(w) is not None)
    assert w.session.messages.current is None
    made = coverage(w)
    assert made is not None
    assert (made[5, half - 1], made[5, half], made[5, half + 1]) == (255, 100, 0)
    set_option(w, feather=4)
    w.wait(lambda: coverage(w)[5, half - 1] < 255)
    set_option(w, feather=0, shape_mode="subtract")
    w.parts.options.findChild(PushButton, "find-background").click()
    w.window.action_set.trigger("select_person")
    assert [job.part for job in subject_jobs(w)] == ["subject", "background", "person"]
    assert w.engine.cancelled == [subject_jobs(w)[1].id], "one search at a time"
    answer_subject(w)
    w.wait(lambda: coverage(w)[5, half - 1] == 0)


@pytest.mark.parametrize(
    ("kind", "fix", "button", "action"),
    [
        ("subject_unclear", Message("do.draw_selection"), "Draw it", "tool_lasso"),
        ("model_missing", Message("do.install_model", id="x"), "Install", "show_models"),
    ],
)
def test_no_subject_is_one_sentence_and_one_action(
    w: WindowFixture, kind: str, fix: Message, button: str, action: str
) -> None:
    w.window.action_set.trigger("select_subject")
    job = subject_jobs(w)[-1]
    w.engine.job_event.emit(JobFailed(job.id, kind, Message("subject.unclear"), fix))
    said = w.session.messages.current
    assert said is not None
    assert (said.text, said.button, said.action) == ("No clear subject was found.", button, action)
    assert coverage(w) is None


def test_a_subject_of_another_picture_is_not_selected(w: WindowFixture) -> None:
    w.window.action_set.trigger("select_subject")
    w.window.action_set.trigger("rotate_right")
    w.wait(lambda: bool(w.engine.cancelled))
    answer_subject(w)
    w.settle()
    assert coverage(w) is None


def test_the_status_line_says_how_large_the_selection_is(w: WindowFixture) -> None:
    rectangle(w)
    w.settle()
    assert w.parts.status.selection.text == "Selection 30 × 24"
    w.window.action_set.trigger("select_none")
    w.settle()
    assert w.parts.status.selection.text == ""
