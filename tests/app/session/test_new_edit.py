"""`NewEdit` and `Clarification` without a session, over a scripted engine."""

from __future__ import annotations

import pytest

from app.session.clarification import Clarification
from app.session.new_edit import NewEdit
from app.session.results import ResultsStage
from editor.messages import verbatim
from editor.model.edit import Instruction
from inference.request import jobs
from inference.request.analysis import Question
from inference.workflow.edit_run import EditRun
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import Parts
from tests.app.session_cases import adjusting

QUESTION = Question(verbatim("Which house?"), ("the left one", "the right one"))


class Case:
    def __init__(self, parts: Parts) -> None:
        self.p = parts
        self.clarification = Clarification(
            parts.driver, parts.results, parts.messages, parts.changes.append
        )
        self.edit = NewEdit(parts.driver, parts.binding, parts.results)

    @property
    def job(self) -> jobs.EditJob:
        """The newest job."""
        job = self.p.engine.submitted[-1]
        assert isinstance(job, jobs.EditJob)
        return job

    def ask(self, question: Question = QUESTION) -> None:
        """The engine answers the words with a question."""
        words = self.job.instructions[0]
        self.p.engine.understand(Preparation(words, question=question, **adjusting(0.5)))


@pytest.fixture
def case(p: Parts) -> Case:
    p.open()
    return Case(p)


def test_words_are_trimmed_and_none_do_nothing(case: Case) -> None:
    case.edit.run("   ")
    assert not case.p.engine.submitted
    case.edit.run("  much   brighter ")
    assert case.job.instructions[0].text == "much brighter"


def test_what_was_asked_for_is_in_the_job(case: Case) -> None:
    case.edit.run("brighter", methods=("adjust",), count=3, seed=9, skip=1)
    job = case.job
    assert (job.methods, job.count, job.skip) == (("adjust",), 3, 1)
    assert case.p.driver.seed == 9
    case.edit.run("darker")
    assert case.p.driver.seed == 9  # until another one is named


def test_a_new_edit_cancels_the_live_one(case: Case) -> None:
    case.edit.run("brighter")
    first = case.job.id
    case.edit.run("darker")
    assert first in case.p.engine.cancelled
    assert case.p.results.is_busy


def test_again_goes_on_where_the_readings_ended(case: Case) -> None:
    case.edit.run_again()
    assert not case.p.engine.submitted  # nothing was run yet
    case.edit.run("brighter", methods=("adjust",), count=2)
    case.p.engine.prepare(0.2, 0.4)
    case.p.engine.edit()
    case.edit.run_again(count=2)
    job = case.job
    assert (job.methods, job.count, job.skip) == (("adjust",), 2, 2)
    assert case.p.driver.seed == 2


def test_again_elsewhere_starts_from_the_words_alone(case: Case) -> None:
    case.edit.run("brighter", methods=("adjust",), count=2)
    case.p.engine.prepare(0.2, 0.4)
    case.p.engine.edit()
    case.p.driver.run = EditRun("of another edit")
    case.edit.run_again(count=2)
    assert case.job.methods == ()
    assert case.p.driver.options.skip == 0


def test_a_question_holds_the_edit_until_it_is_answered(case: Case) -> None:
    case.edit.run("brighten the house")
    case.ask()
    assert case.p.results.value is not None
    assert case.p.results.value.stage is ResultsStage.ASKING
    assert case.p.line_text() == "Which house?"
    count = len(case.p.engine.submitted)
    case.clarification.answer(2)  # there is no third answer
    assert case.clarification.question is QUESTION
    case.clarification.answer(1)
    assert case.clarification.question is None
    assert case.p.results.value.stage is ResultsStage.PREPARING
    assert len(case.p.engine.submitted) == count + 1
    assert case.job.instructions[0].text == "the right one"
    case.ask()  # asked once, then carried out
    assert case.p.results.value.stage is ResultsStage.RUNNING


def test_an_answer_with_both_captions_goes_on_at_once(case: Case) -> None:
    whole = Instruction("the left one", "two houses", "two houses, one bright")
    case.edit.run("brighten the house")
    case.ask(Question(verbatim("Which house?"), ("the left one", "the right one"), (whole,)))
    case.clarification.answer()
    assert case.job.instructions == (whole,)
    assert not case.job.ask


def test_a_cancel_takes_the_question_away(case: Case) -> None:
    case.edit.run("brighten the house")
    case.ask()
    case.p.driver.cancel()
    assert case.clarification.question is None
    assert case.p.line_text() == "Cancelled."
    assert not case.p.engine.cancelled  # nothing ran
    case.clarification.answer()
    assert not case.p.results.is_busy


def test_an_instruction_with_captions_is_not_asked_about(case: Case) -> None:
    whole = Instruction("night", "a house at noon", "a house at night")
    case.edit.run("night", instruction=whole)
    assert case.job.instructions[0] is whole
    case.ask()
    assert case.clarification.question is None
    assert case.p.results.value is not None
    assert case.p.results.value.stage is ResultsStage.RUNNING
