"""Drives one `EditRun` with an engine in this process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from app.cli.output import Failed, ProgressBar, remark
from app.cli.run_job import run_job
from editor.errors import NotUnderstood
from editor.messages import Message
from inference.request.edit_job import EditJob
from inference.request.job_id import new_job_id
from inference.request.jobs import (
    CandidateReady,
    JobCancelled,
    JobFailed,
    MemoryNotice,
    Planned,
    Progress,
)
from inference.workflow.edit_run import (
    AnswerQuestion,
    Begin,
    EditRun,
    EditStage,
    Input,
    Rank,
    RankingMade,
    Show,
    SubmitJob,
)
from inference.workflow.engine import Engine


class CliEditDriver:
    """Runs an edit as far as its candidates and scores.

    A question gets its first answer where that may be assumed; else it ends the edit.

    Attributes:
        run: the edit so far.
        made: candidates in the order of their requests, and their scores, once they are there.
        planned_at, made_at: when the plan and the last candidate were there (`time.monotonic`).
    """

    def __init__(
        self,
        engine: Engine,
        bar: ProgressBar,
        on_planned: Callable[[EditRun], None] = lambda run: None,
    ) -> None:
        """Nothing starts before the call.

        Args:
            engine: runs the jobs, on the calling thread.
            bar: shows how far they are.
            on_planned: called before any time is spent on candidates.
        """
        self._engine, self._bar, self._on_planned = engine, bar, on_planned
        self._jobs: deque[EditJob] = deque()
        self._error: Exception | None = None
        self.run = EditRun()
        self.made = Rank((), ())
        self.planned_at = self.made_at = 0.0

    def __call__(self, job: EditJob) -> EditRun:
        """Run an edit; raises what it failed with."""
        self.step(Begin(job))
        while self._jobs:
            run_job(self._engine, self._jobs.popleft(), self.step)
            question = self.run.question
            if self.run.stage is EditStage.QUESTION and question is not None:
                if not question.may_assume:
                    named = ", ".join(question.answers)
                    fix = Message("do.say_one_of_these", answers=named)
                    raise NotUnderstood(question.text, fix, question.answers)
                self.step(AnswerQuestion(0, new_job_id()))
        return self.run

    def step(self, event: Input) -> None:
        """Something happened: carry out what follows from it.

        An error on the way (nobody reads what is printed, say) goes on to the caller; the engine
        takes it for its own and sends a failure, which is not what happened.
        """
        if self._error is not None:
            raise self._error
        try:
            self._carry_out(event)
        except Exception as error:
            self._error = error
            raise

    def _carry_out(self, event: Input) -> None:
        self.run, commands = self.run.step(event)
        for command in commands:
            match command:
                case SubmitJob():
                    self._jobs.append(command.job)
                case Rank():
                    self.made = command
                case Show():
                    self._show(command.event)

    def _show(self, event: Input) -> None:
        match event:
            case Progress():
                self._bar.show(event.stage, event.step / max(1, event.steps), event.seconds_left)
            case Planned():
                self.planned_at = time.monotonic()
                self._on_planned(self.run)
            case MemoryNotice():
                remark(str(event.message), error=True)
            case CandidateReady():
                self.made_at = time.monotonic()
            case JobFailed():
                raise Failed(event.kind, event.message, event.fix, event.details, event.nearest)
            case JobCancelled():
                raise KeyboardInterrupt
            case RankingMade() | AnswerQuestion():
                pass  # the caller made the one, and says the other with the plan


class Lap:
    """Seconds of one step after the other."""

    def __init__(self, began: float) -> None:
        self._last = began

    def lap(self, until: float = 0.0) -> float:
        """Seconds since the last lap, up to now or an earlier moment."""
        now = max(until, self._last) if until else time.monotonic()
        seconds, self._last = now - self._last, now
        return seconds
