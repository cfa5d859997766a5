"""Enter takes the marked answer of a question wherever the focus is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.window.keyboard import focus_stops
from editor.messages import verbatim
from editor.model.edit import Instruction
from inference.request.analysis import Question
from inference.request.edit_job import EditJob
from inference.workflow.preparation import Preparation
from tests.app.session_cases import repainting
from tests.app.window.window_cases import WindowFixture

ANSWERS = ("The house", "The cat")
QUESTION = Question(
    verbatim("There is no swan here. Paint what?"),
    ANSWERS,
    (Instruction("paint the house"), Instruction("paint the cat")),
)


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    del qapp
    fixture = WindowFixture(tmp_path)
    fixture.show()
    yield fixture
    fixture.close()


def ask(f: WindowFixture) -> None:
    f.parts.prompt.box.set_text("paint the swan")
    f.parts.prompt.run()
    f.wait(lambda: any(isinstance(job, EditJob) and job.ask for job in f.engine.submitted))
    words = f.engine.job.instructions[0]
    f.engine.understand(Preparation(words, **repainting("x"), question=QUESTION))
    f.settle()
    assert f.session.clarification.question is not None


def test_enter_answers_from_every_place(f: WindowFixture) -> None:
    answered = 0
    for stop in focus_stops(f.parts):
        ask(f)
        if stop.isVisible() and stop.isEnabled():
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.keyClick(stop, Qt.Key.Key_Return)
            assert f.session.clarification.question is None, stop.objectName()
            assert f.engine.job.instructions[0].text == "paint the house", stop.objectName()
            answered += 1
        f.session.driver.cancel()
    assert answered >= 4
    assert f.parts.stage.canvas in focus_stops(f.parts)


def test_the_number_after_the_last_answer_goes_back_to_the_words(f: WindowFixture) -> None:
    ask(f)
    f.parts.stage.canvas.setFocus()
    QTest.keyClick(f.parts.stage.canvas, Qt.Key.Key_3)
    assert f.session.clarification.question is None
    assert f.parts.prompt.box.edit.hasFocus()
    assert f.parts.prompt.box.text == "paint the swan"
