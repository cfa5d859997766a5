"""One job with one answer, run in this process."""

from __future__ import annotations

from typing import TypeVar

from app.cli.output import Failed, ProgressBar
from app.cli.run_job import run_job
from inference.request.jobs import (
    CaptionJob,
    Event,
    JobCancelled,
    JobFailed,
    Progress,
    SubjectJob,
    SuggestJob,
)
from inference.workflow.engine import Engine

Answer = TypeVar("Answer")


def answer(engine: Engine, job: CaptionJob | SuggestJob | SubjectJob, kind: type[Answer]) -> Answer:
    """The one answer of a job; raises what it failed with."""
    bar = ProgressBar()
    found: list[Answer] = []

    def take(event: Event) -> None:
        match event:
            case Progress():
                bar.show(event.stage, event.step / max(1, event.steps), event.seconds_left)
            case JobFailed():
                raise Failed(event.kind, event.message, event.fix, event.details, event.nearest)
            case JobCancelled():
                raise KeyboardInterrupt
            case _ if isinstance(event, kind):
                found.append(event)

    try:
        run_job(engine, job, take)
    finally:
        bar.clear()
    return found[0]
