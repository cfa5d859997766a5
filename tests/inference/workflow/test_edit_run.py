"""`EditRun`: events in, commands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from editor.messages import Message, verbatim
from editor.model.edit import Instruction
from inference.request import jobs
from inference.request.edit_job import Until
from inference.workflow.edit_run import (
    Accept,
    AnswerQuestion,
    Begin,
    Cancel,
    CannotRun,
    EditRun,
    EditStage,
    Input,
    Rank,
    RankingMade,
    Show,
    StopJob,
    SubmitJob,
)
from tests.inference.workflow.edit_run_cases import (
    QUESTION,
    WORDS,
    Drive,
    candidate,
    job,
    planned,
    prepared,
    ranking,
    requests,
    score,
)

ASKED: tuple[Input, ...] = (Begin(job()),)
PREPARED = (*ASKED, jobs.Progress("j", "captioning", 0, 1), prepared())
ASKING = (*PREPARED, jobs.QuestionAsked("j", QUESTION))
PLANNED = (*PREPARED, planned(2))
RUNNING = (*PLANNED, jobs.Progress("j", "editing", 1, 2), candidate(0), candidate(1))
SCORED = (*RUNNING, score(0), score(1), jobs.JobFinished("j", 1.0))
RANKED = (*SCORED, RankingMade(ranking(2)))
STATES: dict[EditStage, Sequence[Input]] = {
    EditStage.ASKED: ASKED,
    EditStage.PREPARED: PREPARED,
    EditStage.QUESTION: ASKING,
    EditStage.PLANNED: PLANNED,
    EditStage.RUNNING: RUNNING,
    EditStage.SCORED: SCORED,
    EditStage.RANKED: RANKED,
    EditStage.DONE: (*RANKED, Accept(requests(1)[0].key)),
    EditStage.CANCELLED: (*PLANNED, candidate(0), Cancel()),
    EditStage.FAILED: (*PLANNED, jobs.JobFailed("j", "bug", verbatim("m"))),
}
"""How to get into each state."""

each_state = pytest.mark.parametrize("stage", STATES, ids=lambda stage: stage.value)


def at(stage: EditStage) -> Drive:
    drive = Drive().step(*STATES[stage])
    assert drive.run.stage is stage
    drive.commands.clear()
    return drive


def test_one_edit_from_words_to_a_kept_result() -> None:
    drive = Drive().step(*STATES[EditStage.DONE])
    assert drive.names == [
        "SubmitJob", "Progress", "Prepared", "Planned", "Progress", "CandidateReady",
        "CandidateReady", "ScoreReady", "ScoreReady", "Rank", "RankingMade", "Accept",
    ]  # fmt: skip
    (order,) = drive.of(Rank)
    assert isinstance(order, Rank)
    keys = [request.key for request in requests(2)]
    assert [c.key for c in order.candidates] == [s.key for s in order.scores] == keys
    assert drive.run.accepted == keys[0]
    assert drive.run.sentences[keys[0]] == verbatim("Brighter")
    assert [place.key for place in drive.run.ranking.places] == keys


def test_candidates_are_ranked_in_the_order_of_their_requests() -> None:
    """Equal scores stay in request order, whichever method was quicker."""
    drive = Drive().step(*PLANNED, candidate(1), candidate(0), score(1), score(0))
    drive.step(jobs.JobFinished("j", 1.0))
    (order,) = drive.of(Rank)
    assert isinstance(order, Rank)
    assert [c.request.seed for c in order.candidates] == [0, 1]
    assert [s.key for s in order.scores] == [r.key for r in requests(2)]


@each_state
def test_a_cancel_ends_every_live_state_at_once(stage: EditStage) -> None:
    drive = at(stage).step(Cancel())
    if not stage.is_live:
        assert (drive.run.stage, drive.commands) == (stage, [])
        return
    assert drive.run.stage is EditStage.CANCELLED
    runs = stage not in (EditStage.QUESTION, EditStage.SCORED)
    assert drive.of(StopJob) == ([StopJob("j")] if runs else [])
    drive.step(*late("j"))
    assert drive.names == [*(["StopJob"] if runs else []), "Cancel"]


def test_a_cancel_before_the_picture_is_there_leaves_nothing_to_submit() -> None:
    drive = Drive().step(Cancel(), Begin(job()))
    assert drive.run.stage is EditStage.CANCELLED
    assert drive.names == ["Cancel"]


def late(job_id: str) -> tuple[Input, ...]:
    """All an engine may still say."""
    return (
        jobs.Progress(job_id, "editing", 1, 2),
        prepared(job_id),
        jobs.QuestionAsked(job_id, QUESTION),
        planned(2, job_id),
        candidate(0, job_id),
        score(0, job_id),
        jobs.JobFailed(job_id, "bug", verbatim("late")),
        jobs.JobFinished(job_id, 1.0),
        jobs.JobCancelled(job_id),
    )


@each_state
def test_events_of_another_job_change_nothing(stage: EditStage) -> None:
    drive = at(stage)
    before = drive.run
    drive.step(*late("another"), jobs.EngineReady("CPU", "1", 1))
    assert drive.run is before
    assert drive.commands == []


@each_state
def test_a_failure_ends_every_live_state(stage: EditStage) -> None:
    failure = jobs.JobFailed("j", "engine_stopped", verbatim("It stopped."))
    drive = at(stage).step(failure)
    if not stage.is_live:
        assert drive.commands == []
        return
    assert drive.run.stage is EditStage.FAILED
    assert drive.run.failure == failure
    assert drive.names == ["JobFailed"]


@each_state
def test_what_cannot_be_run_ends_every_live_state(stage: EditStage) -> None:
    drive = at(stage).step(CannotRun())
    assert drive.run.stage is (EditStage.FAILED if stage.is_live else stage)


@each_state
def test_it_begins_once(stage: EditStage) -> None:
    drive = at(stage)
    before = drive.run
    drive.step(Begin(job("second")))
    assert drive.run is before
    assert drive.commands == []


def test_an_answer_is_a_job_of_its_own_that_asks_nothing() -> None:
    drive = at(EditStage.QUESTION).step(jobs.JobFinished("j", 0.1))
    assert drive.run.stage is EditStage.QUESTION
    drive.step(AnswerQuestion(0, "second"))
    (submitted,) = drive.of(SubmitJob)
    assert isinstance(submitted, SubmitJob)
    assert submitted.job.instructions == (Instruction("paint the house", "a house"),)
    assert (submitted.job.id, submitted.job.ask) == ("second", False)
    assert drive.run.id == "j"
    assert drive.run.stage is EditStage.ASKED
    before = drive.run
    drive.step(jobs.JobFinished("j", 0.1), planned(1))  # of the job that asked
    assert drive.run is before
    drive.step(prepared("second"), planned(1, "second"))
    assert drive.run.stage is EditStage.PLANNED
    assert drive.run.question == QUESTION


def test_it_asks_once() -> None:
    drive = at(EditStage.QUESTION).step(AnswerQuestion(0, "second"), prepared("second"))
    drive.step(jobs.QuestionAsked("second", QUESTION))
    assert drive.run.stage is EditStage.PREPARED


def test_the_words_as_they_were_are_not_read_again() -> None:
    known = Instruction(WORDS.text, "a house", "a house and a boat")
    drive = Drive().step(*ASKED, prepared(words=known), jobs.QuestionAsked("j", QUESTION))
    drive.step(AnswerQuestion(1, "second"))
    submitted = drive.of(SubmitJob)[-1]
    assert isinstance(submitted, SubmitJob)
    assert submitted.job.instructions == (known,)


def test_an_answer_without_an_instruction_is_one() -> None:
    drive = at(EditStage.QUESTION).step(AnswerQuestion(2, "second"))
    assert drive.run.job is not None
    assert drive.run.job.instructions == (Instruction("paint the sky"),)


@each_state
def test_answers_that_nobody_waits_for_change_nothing(stage: EditStage) -> None:
    drive = at(stage)
    before = drive.run
    numbers = (7, -1) if stage is EditStage.QUESTION else (0, 1)
    drive.step(*(AnswerQuestion(number, "second") for number in numbers))
    assert drive.run is before
    assert drive.commands == []


def test_no_further_readings_end_it_without_a_result() -> None:
    """At once: a window that shows other results by then passes no further event in."""
    drive = Drive().step(*PREPARED, planned(0))
    assert drive.run.stage is EditStage.DONE
    assert drive.names[-1] == "Planned"
    before = drive.run
    drive.step(jobs.JobFinished("j", 0.1))
    assert drive.run is before
    assert drive.names[-1] == "Planned"


@pytest.mark.parametrize("options", [{"until": Until.PREPARED}, {"only": ("generate",)}])
def test_a_job_may_end_prepared_where_it_says_so(options: dict[str, Any]) -> None:
    drive = Drive().step(Begin(job(**options)), prepared(), jobs.JobFinished("j", 0.1))
    assert drive.run.stage is EditStage.DONE


@pytest.mark.parametrize("events", [ASKED, PREPARED, PLANNED], ids=["asked", "prepared", "planned"])
def test_a_job_that_ends_too_early_has_failed(events: Sequence[Input]) -> None:
    drive = Drive().step(*events, jobs.JobFinished("j", 0.1))
    assert drive.run.stage is EditStage.FAILED
    assert drive.run.failure is not None
    assert drive.run.failure.kind == "bug"


def test_what_was_not_planned_is_no_result() -> None:
    drive = Drive().step(*PREPARED, planned(1))
    before, drive.commands = drive.run, []
    drive.step(candidate(1), score(0), jobs.Preview("j", "unknown", None))  # type: ignore[arg-type]
    assert drive.run is before
    assert drive.commands == []
    drive.step(candidate(0), candidate(0))
    assert drive.names == ["CandidateReady"]


def test_finished_results_of_a_cancelled_edit_can_be_kept() -> None:
    drive = at(EditStage.CANCELLED)
    key = requests(1)[0].key
    drive.step(Accept("unknown"), Accept(key), Accept(key))
    assert (drive.run.stage, drive.run.accepted) == (EditStage.DONE, key)
    assert drive.names == ["Accept"]


def test_nothing_is_kept_while_it_runs() -> None:
    drive = at(EditStage.RUNNING).step(Accept(requests(1)[0].key))
    assert drive.run.stage is EditStage.RUNNING


def test_the_first_warning_is_the_edits_warning() -> None:
    drive = Drive().step(
        *ASKED, prepared(), jobs.Prepared("j", WORDS, warning=verbatim("Expect little."))
    )
    assert drive.run.warning == verbatim("Expect little.")
    assert EditRun().warning is None


def test_what_was_done_for_lack_of_memory_is_kept_once() -> None:
    run, _ = EditRun().step(Begin(job()))
    for event in (prepared(), planned(1)):
        run, _ = run.step(event)
    tiles = Message("memory.tiles")
    for _ in range(2):
        run, commands = run.step(jobs.MemoryNotice("j", tiles))
        assert commands == (Show(jobs.MemoryNotice("j", tiles)),)
    assert run.memory_notes == (tiles,)
    assert run.step(jobs.MemoryNotice("other", tiles)) == (run, ())
