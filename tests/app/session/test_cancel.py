"""Cancel in the window: at once, whatever the engine is at and whenever it answers."""

from __future__ import annotations

from typing import Any

import pytest

from app.session.results import ResultsStage
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from inference.request import jobs
from inference.request.analysis import Question
from inference.workflow.preparation import Preparation


def late(f: Any, ids: tuple[str, ...]) -> None:
    """All an engine may still send of jobs that were cancelled."""
    for job in ids:
        for event in (
            jobs.Progress(job, "editing", 1, 2),
            jobs.Prepared(job, Instruction("late"), ("adjust",)),
            jobs.QuestionAsked(job, Question(verbatim("Late?"), ("one", "two"))),
            jobs.Planned(job, ()),
            jobs.JobFailed(job, "bug", verbatim("late"), verbatim("late")),
            jobs.JobFinished(job, 0.1),
            jobs.JobCancelled(job),
        ):
            f.engine.job_event.emit(event)


def begin(f: Any, stage: str) -> None:
    """Bring the session into a stage of a job."""
    if stage == "explore":
        f.session.explore.run([Instruction("warmer")])
        return
    f.session.edit.run("brighter")
    if stage == "asking":
        question = Question(
            verbatim("Which?"), ("one", "two"), (Instruction("one"), Instruction("two"))
        )
        words = f.engine.job.instructions[0]
        f.engine.understand(Preparation(words, ("adjust",), question=question))
    if stage in ("running", "candidates", "scoring"):
        f.engine.prepare(0.5, 1.0)
    if stage in ("candidates", "scoring"):
        job = f.engine.job
        for request in f.engine.requests:
            made = Candidate(request, Patch(request.settings))
            f.engine.job_event.emit(jobs.CandidateReady(job.id, made))
        if stage == "scoring":
            score = Score(f.engine.requests[0].key, asked=1.0, unasked=0.1, clipped=0.0)
            f.engine.job_event.emit(jobs.ScoreReady(job.id, score))


STAGES = ["preparing", "explore", "asking", "running", "candidates", "scoring"]


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_cancelled_before_the_engine_answers(f: Any, stage: str) -> None:
    begin(f, stage)
    asked = {job.id for job in f.engine.submitted}
    f.session.driver.cancel()
    assert f.session.results.stage is ResultsStage.CANCELLED
    assert not f.session.is_busy
    assert f.session.messages.current.text.startswith("Cancelled.")
    assert f.session.clarification.question is None
    running = asked if stage != "asking" else set()
    assert running <= set(f.engine.cancelled)
    assert "" not in f.engine.cancelled
    kept = len(f.session.results.finished)
    assert kept == (2 if stage in ("candidates", "scoring") else 0)
    late(f, (*asked, f.session.results.job))
    assert f.session.results.stage is ResultsStage.CANCELLED
    assert len(f.session.results.finished) == kept
    assert f.session.messages.current.text.startswith("Cancelled.")


@pytest.mark.parametrize("stage", STAGES)
def test_the_next_job_runs_while_the_old_one_still_ends(f: Any, stage: str) -> None:
    begin(f, stage)
    old = tuple({job.id for job in f.engine.submitted} | {f.session.results.job})
    f.session.driver.cancel()
    f.session.edit.run("darker")
    late(f, old)
    assert f.session.results.stage is ResultsStage.PREPARING
    f.engine.prepare(-0.5, -1.0)
    late(f, old)
    assert f.session.results.stage is ResultsStage.RUNNING
    f.engine.edit()
    assert f.session.results.stage is ResultsStage.RANKED
    assert f.session.results.instruction.text == "darker"


def test_late_events_do_not_end_a_job_that_waits_for_its_picture(
    f: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is still being made, so the next job has submitted nothing yet."""
    f.session.edit.run("first")
    old = f.engine.job.id
    f.session.driver.cancel()
    waiting: list[Any] = []
    monkeypatch.setattr(f.session.binding, "when_rendered", lambda node, then: waiting.append(then))
    f.session.edit.run("second")
    late(f, (old,))
    assert f.session.results.stage is ResultsStage.PREPARING
    assert f.engine.job.id == old
    waiting[0](f.session.image)
    assert f.engine.job.instructions[0].text == "second"
    f.engine.prepare(0.5)
    f.engine.edit()
    assert f.session.results.stage is ResultsStage.RANKED
