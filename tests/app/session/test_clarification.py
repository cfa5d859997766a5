"""The one question, Explore and new pictures, in a session without a window."""

from __future__ import annotations

from typing import Any

import pytest

from app.runtime.model_folders import ModelFolders
from app.session.results import ResultsStage
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from inference.request import jobs
from inference.request.analysis import Question, Variant
from inference.request.edit_job import Until
from inference.workflow.plan import plan_edit
from inference.workflow.preparation import Preparation
from inference.workflow.prepare import prepare
from tests.app.session_cases import CAPTION, repainting

QUESTION = Question(
    verbatim("The caption names no boat. What is meant?"),
    ("paint the house", "paint the boat"),
    (Instruction("paint the house", CAPTION), Instruction("paint the boat", CAPTION)),
)


def ask(f: Any, text: str = "paint the boat") -> jobs.EditJob:
    f.session.edit.run(text)
    job: jobs.EditJob = f.engine.job
    words = Instruction(text, CAPTION)
    f.engine.understand(Preparation(words, **repainting(text), caption=CAPTION, question=QUESTION))
    return job


def explore(f: Any, *texts: str, upto: int | None = None) -> None:
    from inference.models.store import ModelStore
    from inference.request.cancel import CancelToken

    f.session.explore.run([Instruction(text) for text in texts])
    f.engine.understand(*prepare(f.engine.job, ModelStore(), CancelToken()))
    f.engine.edit(upto=upto)


# --- question ---------------------------------------------------------------------------------


def test_nothing_runs_before_the_answer(f: Any) -> None:
    job = ask(f)
    image = f.session.image
    assert job.source is image
    assert f.session.results.stage is ResultsStage.ASKING
    assert f.session.clarification.question.answers == ("paint the house", "paint the boat")
    assert f.engine.submitted == [job]
    assert f.session.binding.captions == {f.session.image.pixel_digest: CAPTION}


def test_another_reading_is_prepared_and_not_asked_about_again(f: Any) -> None:
    ask(f)
    f.session.clarification.answer(0)
    again = f.engine.job
    assert again.instructions == (Instruction("paint the house", CAPTION),)
    f.engine.understand(Preparation(again.instructions[0], **repainting("x"), question=QUESTION))
    assert f.session.clarification.question is None
    assert f.session.results.stage is ResultsStage.RUNNING
    assert {r.instruction.text for r in f.engine.requests} == {"paint the house"}


def test_the_words_as_they_stand_go_on_at_once(f: Any) -> None:
    job = ask(f)
    f.session.clarification.answer(1)
    assert f.engine.job is not job
    assert not f.engine.job.ask
    assert f.session.results.instruction.text == "paint the boat"


def test_a_question_can_be_left(f: Any) -> None:
    ask(f)
    f.session.clarification.answer(7)
    assert f.session.clarification.question is not None
    f.session.driver.cancel()
    assert f.session.clarification.question is None
    assert f.session.results is None
    f.session.clarification.answer(0)
    assert len(f.engine.submitted) == 1


def test_the_number_behind_the_last_answer_leaves_the_question(f: Any) -> None:
    ask(f)
    assert f.session.clarification.choose(1)
    assert len(f.engine.submitted) == 2
    f.session.driver.cancel()
    ask(f)
    assert not f.session.clarification.choose(2)
    assert f.session.clarification.question is None
    assert not f.session.is_busy
    assert f.session.messages.current is None
    assert len(f.engine.submitted) == 3


# --- explore ----------------------------------------------------------------------------------


def test_explored_results_have_their_own_words_and_are_ranked(f: Any) -> None:
    explore(f, "brighter", "warmer", "more contrast")
    results = f.session.results
    assert results.stage is ResultsStage.RANKED
    assert results.explored
    texts = [s.request.instruction.text for s in results.slots]
    assert texts == ["brighter", "warmer", "more contrast"]
    assert len(results.ranking.places) == 3


def test_one_of_them_is_kept_with_its_words_the_others_as_not_wanted(f: Any) -> None:
    from inference.language.path import path_of

    explore(f, "brighter", "warmer")
    f.session.view.look_at(f.session.results.slots[1].key)
    f.keep()
    assert f.session.node.label == "warmer"
    steps = path_of(f.document.history)
    assert [(s.instruction, s.accepted) for s in steps[1:]] == [
        ("brighter", False), ("warmer", True),
    ]  # fmt: skip
    f.session.undo()
    assert f.session.results.explored  # they come back with the idea
    stored = f.document.results(f.session.node.id)[-1]
    assert [c.request.instruction.text for c in stored.candidates] == ["brighter", "warmer"]


def test_refine_runs_the_words_of_one_again(f: Any) -> None:
    explore(f, "brighter", "warmer")
    f.session.explore.refine(f.session.results.slots[1].key)
    job = f.engine.job
    assert job.instructions[0].text == "warmer"
    assert job.methods == ("adjust",)
    assert not f.session.results.explored


def test_explore_can_be_cancelled_and_needs_something(f: Any) -> None:
    f.session.explore.run([])
    assert not f.session.results
    assert f.session.messages.current is not None
    explore(f, "brighter", "warmer", upto=1)
    f.session.driver.cancel()
    assert f.session.results.stage is ResultsStage.CANCELLED
    assert len(f.session.results.finished) == 1
    assert f.session.results.job in f.engine.cancelled


def test_scores_of_explored_results_are_their_own(f: Any) -> None:
    from inference.models.store import ModelStore
    from inference.request.cancel import CancelToken

    explore(f, "brighter", "warmer")
    job = f.engine.job
    found = prepare(job, ModelStore(), CancelToken())
    plan = plan_edit(job, found, job.source, job.selection)
    assert [request.key for request in plan.requests] == [r.key for r in f.engine.requests]
    first, second = (plan.measured[request.key] for request in plan.requests)
    assert first != second
    assert all(isinstance(s.score, Score) for s in f.session.results.slots)


# --- new pictures -------------------------------------------------------------------------------


def test_a_new_picture_from_words(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.session.text_to_image.picture_side", lambda choices, ticket: 64)
    f.session.new_picture.draw("a red house")
    assert not f.session.results  # a document is open
    f.session.set_document(None)
    f.session.new_picture.draw("a red house", count=2, seed=5)
    f.wait(lambda: f.engine.submitted)
    job = f.engine.job
    assert job.methods == ("generate",)
    assert job.until is Until.EDITED
    assert job.source.width == 64
    words = {"generate": (Variant((), verbatim("x")),)}
    f.engine.understand(Preparation(job.instructions[0], ("generate",), words))
    assert [r.seed for r in f.engine.requests] == [5, 6]
    for request in f.engine.requests:
        f.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch())))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    assert f.session.current_results.are_new_pictures
    assert f.session.results.stage is ResultsStage.RANKED
    assert f.session.view.look.first.request.seed == 5


def test_without_a_model_it_says_so(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders(()))
    f.session.set_document(None)
    f.session.new_picture.draw("a red house")
    f.wait(lambda: f.session.messages.current is not None)
    assert not f.session.results
    assert not f.session.is_busy
    assert f.session.messages.current.kind.value == "error"
