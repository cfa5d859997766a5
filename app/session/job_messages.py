"""What the message line says while a job runs, and how it ended."""

from __future__ import annotations

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.session.changes import MessageKind, StatusMessage
from app.session.results import Results
from inference.request import jobs
from inference.request.registry import METHODS


def progress_message(event: jobs.Progress, results: Results) -> tuple[StatusMessage, float]:
    """The line for how far a job is, and the share of it that is done, 0..1."""
    parametric = all(METHODS[slot.request.method].parametric for slot in results.slots)
    share = event.step / event.steps if event.steps else 0.0
    # Denoising takes nearly all the time of a sampling method, measuring that of `adjust`.
    edge = 0.1 if parametric else 0.9
    if event.stage == "loading":
        first = METHODS.get(results.slots[0].request.method) if results.slots else None
        name = text_of(first.title) if first is not None and not first.parametric else ""
        text, done = tr("Loading %1, some seconds the first time"), 0.0
        text = text.replace(" %1", f" {name}" if name else "")
    elif event.stage == "captioning":
        text, done = tr("Reading words and picture"), 0.0
    elif event.stage == "scoring":
        text, done = tr("Measuring result %1 of %2"), edge + (1 - edge) * share
    else:
        text, done = tr("Step %1 of %2"), edge * share
    text = text.replace("%1", str(event.step)).replace("%2", str(event.steps))
    left = event.seconds_left
    if left is not None and left >= 1:
        text += tr(", about %1 s left").replace("%1", str(round(left)))
    return StatusMessage(MessageKind.PROGRESS, text), done


def failure_message(event: jobs.JobFailed) -> StatusMessage:
    """What a job failed at, with the one button that helps."""
    button, action = {
        "engine_stopped": (tr("Run again"), "run"),
        "bug": (tr("Copy details"), "copy_details"),
        "selection_needed": (tr("Select"), "tool_lasso"),
        "not_understood": (tr("What it knows"), "show_words"),
        "model_missing": (tr("Add a model"), "show_models"),
    }.get(event.kind, (text_of(event.fix), ""))
    text = text_of(event.message)
    return StatusMessage(MessageKind.ERROR, text, button, action, details=event.details)


def cancelled_message(finished: int) -> StatusMessage:
    """After a cancel, with the number of results that stay."""
    text = tr("Cancelled.")
    if finished == 1:
        text = tr("Cancelled. 1 finished result stays.")
    elif finished > 1:
        text = tr("Cancelled. %n finished results stay.").replace("%n", str(finished))
    return StatusMessage(MessageKind.NOTICE, text, seconds=4)
