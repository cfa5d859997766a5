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


def _now(f: Any) -> tuple[ResultsStage, int] | None:
    """Stage and number of finished results in the list, None for an empty one."""
    results = f.session.results
    return (results.stage, len(results.finished)) if results is not None else None


STAGES = ["preparing", "explore", "asking", "running", "candidates", "scoring"]


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_cancelled_before_the_engine_answers(f: Any, stage: str) -> None:
    begin(f, stage)
    asked = {job.id for job in f.engine.submitted}
    started = f.session.results.job
    f.session.driver.cancel()
    kept = 2 if stage in ("candidates", "scoring") else 0
    assert _now(f) == ((ResultsStage.CANCELLED, kept) if kept else None)
    assert not f.session.is_busy
    assert f.session.messages.current.text.startswith("Cancelled.")
    assert f.session.clarification.question is None
    running = asked if stage != "asking" else set()
    assert running <= set(f.engine.cancelled)
    assert "" not in f.engine.cancelled
    late(f, (*asked, started))
    assert _now(f) == ((ResultsStage.CANCELLED, kept) if kept else None)
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


@pytest.mark.parametrize("stage", ["preparing", "asking", "running"])
def test_what_was_there_comes_back_where_nothing_was_finished(f: Any, stage: str) -> None:
    f.run("warmer", (0.2, 0.4))
    f.session.view.look_at_number(2)
    f.session.view.set_opacity(0.5)
    before, looking = f.session.results, f.session.view.looking
    begin(f, stage)
    assert f.session.view.looked_at is None
    f.session.driver.cancel()
    assert f.session.results is before
    assert f.session.view.looking == looking
    assert f.session.view.look is not None  # and it can be kept


def test_a_failure_brings_back_what_was_there(f: Any) -> None:
    f.run("warmer")
    before = f.session.results
    begin(f, "running")
    job = f.engine.job.id
    f.engine.job_event.emit(jobs.JobFailed(job, "bug", verbatim("It broke."), verbatim("Again")))
    assert f.session.results is before
    assert f.session.messages.current.text == "It broke."


def test_elsewhere_the_results_of_that_place_are_shown(f: Any) -> None:
    f.run("warmer")
    f.keep()
    begin(f, "running")
    f.session.undo()
    f.session.driver.cancel()
    assert f.session.results is not None
    assert f.session.results.parent == f.session.node.id
    assert f.session.results.stage is ResultsStage.RANKED


def test_again_goes_on_from_what_came_back(f: Any) -> None:
    """Cancelling "Again" must not lose count of the readings that were shown."""
    f.run("brighter", (0.5, 1.0))
    f.session.edit.run_again()
    skipped = f.engine.job.skip
    assert skipped == 2
    f.session.driver.cancel()
    f.session.edit.run_again()
    assert f.engine.job.skip == skipped


def test_finished_results_of_a_stopped_run_are_ranked_and_on_disk(f: Any) -> None:
    f.session.edit.run("brighter")
    f.engine.prepare(0.2, 0.4, 0.6)
    f.engine.edit(asked=(-0.5, 0.9), upto=2)
    f.session.driver.cancel()
    results = f.session.results
    first, second, third = f.engine.requests
    assert [p.key for p in results.ranking.places] == [second.key, first.key]
    assert [s.key for s in results.ordered] == [second.key, first.key, third.key]
    (stored,) = f.document.results(results.parent)
    assert stored.ranking == results.ranking
    f.session.view.look_at_number(1)
    f.keep()
    assert f.session.node.candidates[0].key == second.key


def test_finished_without_a_score_stand_before_unfinished(f: Any) -> None:
    f.session.edit.run("brighter")
    f.engine.prepare(0.2, 0.4, 0.6)
    first, second, third = f.engine.requests
    job = f.engine.job
    for request in (first, third):
        made = Candidate(request, Patch(request.settings))
        f.engine.job_event.emit(jobs.CandidateReady(job.id, made))
    f.engine.job_event.emit(
        jobs.ScoreReady(job.id, Score(first.key, asked=1.0, unasked=0.1, clipped=0.0))
    )
    f.session.driver.cancel()
    assert [s.key for s in f.session.results.ordered] == [first.key, third.key, second.key]
