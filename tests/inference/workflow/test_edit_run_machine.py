"""`EditRun` under events in any order: late ones, cancels, questions, failures in every state."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from editor.messages import verbatim
from inference.request import jobs
from inference.request.edit_job import EditJob, Until
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
    PICTURE,
    QUESTION,
    candidate,
    job,
    planned,
    prepared,
    ranking,
    requests,
    score,
)

ORDER = list(EditStage)
COUNT = 2
LATE = st.sampled_from([0, 0, 0, 1, 2])
"""Mostly the job of the moment: else few runs get far."""
RARELY = st.sampled_from([False, False, False, False, True])
"""The same for what ends a run."""


class Edits(RuleBasedStateMachine):
    """An engine and an artist who do anything at any time; the job's own rules are kept beside."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = itertools.count()
        self.known: list[str] = ["unknown"]  # of all runs: their late events come too
        self.new_run()

    def new_run(self) -> None:
        self.run = EditRun()
        self.submitted: list[str] = []
        self.open: set[str] = set()
        self.shown: list[str] = []
        self.ranked = 0

    def step(self, event: Input) -> None:
        before = self.run
        self.run, commands = before.step(event)
        if self.run is before and not isinstance(event, jobs.Progress):
            assert not commands
        for command in commands:
            match command:
                case SubmitJob():
                    self._submitted(command.job)
                case StopJob():
                    assert command.job_id in self.open
                    self.open.discard(command.job_id)
                    assert self.run.stage is EditStage.CANCELLED
                case Rank():
                    self.ranked += 1
                    assert self.run.stage is EditStage.SCORED
                    assert {c.key for c in command.candidates} == set(self.run.candidates)
                    assert {s.key for s in command.scores} <= set(self.run.candidates)
                case Show():
                    assert command.event is event or isinstance(command.event, jobs.JobFailed)
                    if isinstance(command.event, jobs.CandidateReady):
                        self.shown.append(command.event.candidate.key)
        self._moved(before, event)

    def _submitted(self, submitted: EditJob) -> None:
        assert submitted.source is PICTURE
        assert submitted.id not in self.known
        self.known.append(submitted.id)
        self.submitted.append(submitted.id)
        self.open.add(submitted.id)

    def _moved(self, before: EditRun, event: Input) -> None:
        """A run only goes forward, but for an answer, and ends stay ends."""
        then, now = before.stage, self.run.stage
        if then is now:
            return
        if isinstance(event, AnswerQuestion):
            assert (then, now) == (EditStage.QUESTION, EditStage.ASKED)
            return
        assert ORDER.index(now) > ORDER.index(then) or isinstance(event, Accept)
        if not then.is_live:
            assert now is EditStage.DONE
            assert isinstance(event, Accept)
        job_id = getattr(event, "job_id", None)
        if job_id:
            assert before.job is not None
            assert job_id == before.job.id

    # --- the artist -----------------------------------------------------------------------------

    @rule(until=st.sampled_from(Until), only=st.sampled_from([None, ("adjust",)]))
    def begin(self, until: Until, only: tuple[str, ...] | None) -> None:
        self.step(Begin(job(f"job {next(self.ids)}", until=until, only=only)))

    @precondition(lambda self: not self.run.stage.is_live)
    @rule()
    def ask_again(self) -> None:
        self.new_run()
        self.begin(Until.SCORED, None)

    @rule(number=st.integers(-1, 3))
    def answer(self, number: int) -> None:
        self.step(AnswerQuestion(number, f"job {next(self.ids)}"))

    @rule(really=RARELY)
    def cancel(self, really: bool) -> None:
        if not really:
            return
        live = self.run.stage.is_live
        self.step(Cancel())
        if live:
            assert self.run.stage is EditStage.CANCELLED

    @rule(count=st.integers(0, COUNT))
    def rank(self, count: int) -> None:
        self.step(RankingMade(ranking(count)))

    @rule(number=st.integers(0, COUNT))
    def accept(self, number: int) -> None:
        self.step(Accept(requests(number + 1)[number].key))

    # --- the engine -----------------------------------------------------------------------------

    def job_id(self, late: int) -> str:
        """The newest job, or with `late` an older one or none at all."""
        return self.known[-1 - late % len(self.known)]

    @rule(really=RARELY)
    def cannot_run(self, really: bool) -> None:
        if really:
            self.step(CannotRun())

    @rule(late=LATE, stage=st.sampled_from(["captioning", "editing", "scoring"]))
    def progress(self, late: int, stage: str) -> None:
        self.step(jobs.Progress(self.job_id(late), stage, 1, 2))

    @rule(late=LATE)
    def prepare(self, late: int) -> None:
        self.step(prepared(self.job_id(late)))

    @rule(late=LATE)
    def question(self, late: int) -> None:
        self.step(jobs.QuestionAsked(self.job_id(late), QUESTION))

    @rule(late=LATE, count=st.integers(0, COUNT))
    def plan(self, late: int, count: int) -> None:
        self.step(planned(count, self.job_id(late)))

    @rule(late=LATE, number=st.integers(0, COUNT))
    def candidate(self, late: int, number: int) -> None:
        self.step(candidate(number, self.job_id(late)))

    @rule(late=LATE, number=st.integers(0, COUNT))
    def score(self, late: int, number: int) -> None:
        self.step(score(number, self.job_id(late)))

    @rule(late=LATE, really=RARELY)
    def finish(self, late: int, really: bool) -> None:
        if really:
            self._end(jobs.JobFinished(self.job_id(late), 0.1))

    @rule(late=LATE, really=RARELY)
    def stopped(self, late: int, really: bool) -> None:
        if really:
            self._end(jobs.JobCancelled(self.job_id(late)))

    @rule(late=LATE, really=RARELY)
    def fail(self, late: int, really: bool) -> None:
        if really:
            self._end(jobs.JobFailed(self.job_id(late), "bug", verbatim("m")))

    def _end(self, event: jobs.JobEnd) -> None:
        self.step(event)
        self.open.discard(event.job_id)

    @precondition(lambda self: self.run.stage is EditStage.PREPARED)
    @rule(number=st.integers(0, 1))
    def question_and_answer(self, number: int) -> None:
        assert self.run.job is not None
        asks = self.run.job.ask
        self.step(jobs.QuestionAsked(self.run.job.id, QUESTION))
        assert (self.run.stage is EditStage.QUESTION) == asks
        if not asks:
            return
        self._end(jobs.JobFinished(self.run.job.id, 0.1))
        assert self.run.stage is EditStage.QUESTION
        self.answer(number)
        assert self.run.stage is EditStage.ASKED

    @precondition(lambda self: self.run.stage is EditStage.ASKED and self.run.job is not None)
    @rule(count=st.integers(1, COUNT), scored=st.booleans())
    def everything(self, count: int, scored: bool) -> None:
        """An engine that behaves: whatever came before, the job of the moment gets through."""
        assert self.run.job is not None
        job_id = self.run.job.id
        self.step(prepared(job_id))
        self.step(planned(count, job_id))
        for number in (*range(count), 0):  # the first one twice
            self.step(candidate(number, job_id))
        for number in range(count if scored else 0):
            self.step(score(number, job_id))
        self._end(jobs.JobFinished(job_id, 0.1))
        assert self.run.stage is EditStage.SCORED
        assert len(self.run.candidates) == count

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def at_most_one_question_makes_a_second_job(self) -> None:
        submitted = self.submitted
        assert len(submitted) <= 2
        assert (self.run.job.id if self.run.job is not None else None) == (
            submitted[-1] if submitted else None
        )
        if len(submitted) == 2:
            assert self.run.question == QUESTION

    @invariant()
    def a_cancelled_edit_leaves_no_job_running(self) -> None:
        cancelled = self.run.stage is EditStage.CANCELLED
        if cancelled and self.run.question is None:
            assert not self.open

    @invariant()
    def results_are_those_that_were_planned(self) -> None:
        keys = [request.key for request in self.run.requests]
        assert set(self.run.scores) <= set(self.run.candidates) <= set(keys)
        assert list(self.run.candidates) == self.shown, "each is shown once, as it comes"

    @invariant()
    def it_is_ranked_once(self) -> None:
        assert self.ranked <= 1
        if self.run.stage is EditStage.RANKED:
            assert self.ranked == 1

    @invariant()
    def what_stands_in_a_stage_belongs_to_it(self) -> None:
        run = self.run
        if run.stage is EditStage.QUESTION:
            assert run.question == QUESTION
        if run.stage in (EditStage.SCORED, EditStage.RANKED):
            assert run.candidates
        if run.accepted:
            assert run.stage is EditStage.DONE
            assert run.accepted in run.candidates
        if run.failure is not None:
            assert run.stage in (EditStage.FAILED, EditStage.DONE)


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=80, stateful_step_count=50)
