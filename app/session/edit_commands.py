from __future__ import annotations

from collections.abc import Callable, Iterable

from app.session.engine_connection import EngineConnection
from inference.workflow.edit_run import EditCommand, Input, Rank, Show, StopJob, SubmitJob


def carry_out(
    commands: Iterable[EditCommand],
    engine: EngineConnection,
    *,
    show: Callable[[Input], None],
    rank: Callable[[Rank], None],
) -> None:
    """Do what an `EditRun` asks for after a step.

    Args:
        commands: of the step.
        engine: is given the jobs, and ends them.
        show: called with what happened and is to be seen.
        rank: called once all candidates are there.
    """
    for command in commands:
        match command:
            case SubmitJob():
                engine.submit(command.job)
            case StopJob():
                engine.cancel(command.job_id)
            case Rank():
                rank(command)
            case Show():
                show(command.event)
