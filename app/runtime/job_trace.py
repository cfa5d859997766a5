"""Jobs of the engine in the trace, the same lines for the window and the command line."""

from __future__ import annotations

from app.runtime.trace import trace
from inference.request.jobs import EngineReady, Event, Job, JobCancelled, JobFailed, JobFinished


def trace_submitted(job: Job) -> None:
    """A job was handed to the engine."""
    trace("job_submitted", job=job.id, kind=type(job).__name__)


def trace_event(event: Event) -> None:
    """The engine said something."""
    if isinstance(event, (JobFinished, JobCancelled, JobFailed)):
        trace("job_ended", job=event.job_id, how=type(event).__name__)
    elif isinstance(event, EngineReady):
        trace("engine_ready", pid=event.pid, device=event.device)
    else:
        trace("job_event", job=event.job_id, kind=type(event).__name__)
