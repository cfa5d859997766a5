"""The tab "Say it": the box says what Enter does, prompts are chosen, kept and explained."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.messages import Message, verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from editor.ranking.content_integrity import ContentIntegrity
from inference.request import jobs
from inference.request.analysis import Question, Variant
from inference.request.rewrite_job import RewrittenPrompt
from inference.workflow.preparation import Preparation
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CAPTION = "a red house, in a meadow, at noon"
WHOLE, LOSING = "a red house, in a meadow, at night", "a house at night"
OPTIONS = (
    RewrittenPrompt(LOSING, ContentIntegrity(0.5, (), ("red", "meadow"), ())),
    RewrittenPrompt(WHOLE, ContentIntegrity(1.0, (), (), ())),
)


def say(window: WindowFixture, words: str) -> None:
    window.window.action_set.trigger("say_it")
    QTest.keyClicks(window.parts.prompt.box.edit, words)
    QTest.keyClick(window.parts.prompt.box.edit, Qt.Key.Key_Return)


def rewrite_job(window: WindowFixture, number: int = 1) -> jobs.RewriteJob:
    """The newest of so many, once it is submitted."""

    def found() -> list[jobs.RewriteJob]:
        return [one for one in window.engine.submitted if isinstance(one, jobs.RewriteJob)]

    window.wait(lambda: len(found()) == number)
    return found()[-1]


def write(window: WindowFixture, *methods: str) -> None:
    job = rewrite_job(window)
    window.engine.job_event.emit(jobs.RewriteReady(job.id, CAPTION, WHOLE, OPTIONS, methods))


def draw(window: WindowFixture) -> None:
    job = window.engine.job
    words = {job.methods[0]: (Variant((), verbatim("night")),)}
    window.engine.understand(*(Preparation(i, job.methods, words) for i in job.instructions))
    for request in window.engine.requests:
        window.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch(()))))
        score = Score(request.key, direction=0.3, image=0.9, aesthetic=5.0, preference=1.0)
        window.engine.job_event.emit(jobs.ScoreReady(job.id, score))
    window.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    window.settle()


def test_a_request_is_rewritten_chosen_and_kept(window: WindowFixture) -> None:
    panel, box = window.parts.chat, window.parts.prompt.box
    assert not panel.isVisible()
    say(window, "make it night")
    assert panel.isVisible()
    assert box.run.text() == "Cancel"
    write(window, "prompt_to_prompt")
    assert box.text == ""  # it is in the conversation now
    draw(window)
    assert box.run.text() == "Rewrite"
    shown = [card for card in panel.cards if card.isVisible()]
    assert [card.objectName() for card in shown] == ["rewrite-1", "rewrite-2"]
    assert "night" in shown[0].accessibleName()
    assert panel.loses.accessibleName() == "Loses something: red, meadow"
    first = window.session.view.looked_at
    assert first is not None
    panel.cards[1].click()
    assert window.session.view.looked_at != first
    QTest.keyClick(panel.cards[1], Qt.Key.Key_Up)
    assert window.session.view.looked_at == first
    panel.gate.slider.setValue(panel.gate.slider.maximum())
    assert panel.chat.threshold == 0.6
    panel.foot.keep.click()
    window.wait(lambda: len(window.session.document.history.nodes) == 2)  # type: ignore[union-attr]
    kept = window.session.node
    assert kept is not None
    assert kept.candidates[0].request.instruction == Instruction("make it night", CAPTION, WHOLE)


def test_what_is_missing_stands_there_with_its_action(window: WindowFixture) -> None:
    asked: list[str] = []
    window.parts.prompt.action_asked.connect(asked.append)
    say(window, "quiet rain")
    missing = Message("rewrite.no_language_model", role=Message("role.chat"))
    job = rewrite_job(window)
    window.engine.job_event.emit(jobs.JobFailed(job.id, "model_missing", missing))
    window.settle()
    panel = window.parts.chat
    assert "SmolLM2" in panel.note.accessibleName()
    panel.help.click()
    assert asked == ["show_models:chat"]
    assert window.parts.prompt.box.text == "quiet rain"  # to be said again


def test_words_only_where_no_model_can_draw(window: WindowFixture) -> None:
    say(window, "make it night")
    write(window)
    window.settle()
    panel = window.parts.chat
    assert panel.note.accessibleName() == "Words only: no model here can draw such pictures."
    assert [card.isVisible() for card in panel.cards] == [True, True]
    assert not window.session.is_busy


def test_a_question_is_answered_by_its_number(window: WindowFixture) -> None:
    say(window, "paint it blue")
    answers = ("paint the house blue", "paint the tree blue")
    instructions = tuple(Instruction(one, CAPTION) for one in answers)
    question = Question(verbatim("Which one is meant?"), answers, instructions)
    job = rewrite_job(window)
    window.engine.job_event.emit(jobs.QuestionAsked(job.id, question))
    window.settle()
    assert [one.isVisible() for one in window.parts.prompt.row.answers.buttons] == [True, True]
    assert window.parts.prompt.box.text == "paint it blue"
    window.parts.stage.canvas.setFocus()
    QTest.keyClick(window.parts.stage.canvas, Qt.Key.Key_2)
    assert rewrite_job(window, 2).instruction == answers[1]


def test_the_tab_is_left_as_it_was_found(window: WindowFixture) -> None:
    actions, box = window.window.action_set, window.parts.prompt.box
    actions.trigger("say_it")
    assert box.edit.placeholderText() == "Say it in your own words"
    assert (box.run.text(), box.run.isEnabled()) == ("Rewrite", False)
    QTest.keyClick(box.edit, Qt.Key.Key_Return)  # nothing to say, nothing happens
    assert not window.session.is_busy
    actions.trigger("show_results")
    assert box.run.text() == "Run"
    assert window.parts.results.isVisible()


def test_words_of_an_edit_do_not_become_a_part_of_what_is_said(window: WindowFixture) -> None:
    actions, box = window.window.action_set, window.parts.prompt.box
    QTest.keyClicks(box.edit, "make it night")
    actions.trigger("say_it")
    assert box.text == ""
    QTest.keyClicks(box.edit, "make it winter")
    assert box.text == "make it winter"
    actions.trigger("show_results")
    assert box.text == "make it night"
    actions.trigger("say_it")
    assert box.text == "make it winter"
