"""The command line's driver of `EditRun`, over an engine that says what the test wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.cli.edit_driver import CliEditDriver, Lap
from app.cli.output import Failed, ProgressBar
from editor.errors import NotUnderstood
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.score import Score
from inference.request import jobs
from inference.request.analysis import Question, Variant
from inference.request.cancel import CancelToken
from inference.workflow.edit_run import EditRun, EditStage
from inference.workflow.plan import announced
from inference.workflow.preparation import Preparation

PICTURE = Image.from_array(np.zeros((4, 4, 3), np.uint8))
QUESTION = Question(
    verbatim("Which one?"),
    ("paint the house", "paint the boat"),
    (Instruction("paint the house", "a house"),),
)


class Scripted:
    """Understands everything, asks about the first job if it has a question, makes all."""

    def __init__(self, question: Question | None = None, end: Any = jobs.JobFinished) -> None:
        self.question, self.end = question, end
        self.jobs: list[jobs.EditJob] = []

    def run(self, job: jobs.EditJob, emit: Callable[[Any], None], token: CancelToken) -> None:
        self.jobs.append(job)
        words = job.instructions[0]
        variants = {
            "adjust": tuple(Variant((("exposure", e),), verbatim(str(e))) for e in (0.5, 1.0))
        }
        found = Preparation(words, ("adjust",), variants, question=self.question)
        events, plan = announced(job, [found], PICTURE, None)
        for event in events:
            emit(event)
        for request in plan.requests if plan is not None else ():
            emit(jobs.CandidateReady(job.id, Candidate(request, Patch(request.settings))))
            emit(jobs.ScoreReady(job.id, Score(request.key, asked=1.0)))
        emit(self.end(job.id, 0.1) if self.end is jobs.JobFinished else self.end(job.id))


def drive(engine: Scripted, planned: list[EditRun] | None = None) -> CliEditDriver:
    heard = planned if planned is not None else []
    driver = CliEditDriver(engine, ProgressBar(), heard.append)  # type: ignore[arg-type]
    driver(jobs.EditJob((Instruction("paint it"),), PICTURE))
    return driver


def test_an_edit_is_driven_to_its_scores() -> None:
    planned: list[EditRun] = []
    driver = drive(Scripted(), planned)
    assert driver.run.stage is EditStage.SCORED
    assert [run.stage for run in planned] == [EditStage.PLANNED]
    assert [c.request for c in driver.made.candidates] == list(driver.run.requests)
    assert len(driver.made.scores) == 2
    assert 0 < driver.planned_at <= driver.made_at


def test_a_question_gets_its_first_answer() -> None:
    engine, planned = Scripted(QUESTION), list[EditRun]()
    driver = drive(engine, planned)
    first, second = engine.jobs
    assert second.instructions == (Instruction("paint the house", "a house"),)
    assert (first.ask, second.ask) == (True, False)
    assert len(planned) == 1, "the question is said with the plan"
    assert planned[0].question == QUESTION
    assert driver.run.stage is EditStage.SCORED


def test_a_failure_is_raised() -> None:
    def failed(job_id: str) -> jobs.JobFailed:
        return jobs.JobFailed(
            job_id, "model_missing", verbatim("No model."), verbatim("Add one"), nearest=("x",)
        )

    with pytest.raises(Failed) as caught:
        drive(Scripted(end=failed))
    assert (caught.value.kind, caught.value.message, caught.value.nearest) == (
        "model_missing", verbatim("No model."), ("x",),
    )  # fmt: skip


def test_a_cancel_is_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt):
        drive(Scripted(end=jobs.JobCancelled))


def test_laps_end_now_or_at_an_earlier_moment() -> None:
    clock = Lap(10.0)
    assert clock.lap(12.0) == 2.0
    assert clock.lap(11.0) == 0.0, "never back"
    assert clock.lap() > 0.0


def test_an_error_while_printing_is_not_the_engines() -> None:
    class Swallowing(Scripted):
        """As `Engine`: what is raised in a job becomes its end."""

        def run(self, job: jobs.EditJob, emit: Callable[[Any], None], token: CancelToken) -> None:
            try:
                super().run(job, emit, token)
            except Exception:
                emit(jobs.JobFailed(job.id, "bug", jobs.BUG, jobs.BUG_FIX))

    def gone(run: EditRun) -> None:
        raise BrokenPipeError

    driver = CliEditDriver(Swallowing(), ProgressBar(), gone)  # type: ignore[arg-type]
    with pytest.raises(BrokenPipeError):
        driver(jobs.EditJob((Instruction("paint it"),), PICTURE))


def test_a_thing_that_is_not_there_is_not_assumed() -> None:
    """Going on with another thing would paint what nobody asked for."""
    question = Question(
        verbatim("There is no swan here."), ("The house", "The cat"), may_assume=False
    )
    engine = Scripted(question)
    with pytest.raises(NotUnderstood) as refused:
        drive(engine)
    assert refused.value.nearest == question.answers
    assert "The house, The cat" in str(refused.value.fix)
    assert len(engine.jobs) == 1
