from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from app.runtime.job_trace import trace_event, trace_submitted
from inference.request.cancel import CancelToken
from inference.request.jobs import Event, Job


class RunsJobs(Protocol):
    """What is needed of `Engine`."""

    def run(self, job: Any, emit: Callable[[Any], None], token: CancelToken) -> None:
        """As `Engine.run`."""


def run_job(engine: RunsJobs, job: Job, emit: Callable[[Event], None]) -> None:
    """Run a job on this thread to its end, with its events in the trace.

    Ctrl+C is its cancel, so no token is kept.
    """

    def take(event: Event) -> None:
        trace_event(event)
        emit(event)

    trace_submitted(job)
    engine.run(job, take, CancelToken())
