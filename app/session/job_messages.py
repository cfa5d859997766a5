"""What the message line says while a job runs, and how it ended."""

from __future__ import annotations

from collections.abc import Callable

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.model_need import REPAINT, needed_role, show_models
from app.session.results import Results
from inference.request import jobs
from inference.request.registry import METHODS
from inference.workflow.edit_run import EditRun

DOMAIN = "domain"
"""Code of the notice that the installed models do not know such pictures; once per document."""

MEMORY = "memory"
"""Code of the notice that memory is short and how an edit got along; once per document."""

SKIPPED = "skipped"
"""Code of the notice that a helper model could not be used; once per document."""


def progress_message(event: jobs.Progress, results: Results) -> tuple[StatusMessage, float]:
    """The line for how far a job is, and the share of it that is done, 0..1."""
    parametric = all(METHODS[slot.request.method].parametric for slot in results.slots)
    share = event.step / event.steps if event.steps else 0.0
    # Denoising takes nearly all the time of a sampling method, measuring that of `adjust`.
    edge = 0.1 if parametric else 0.9
    if event.stage == "loading":
        text, done = _loading_text(event, results), 0.0
    elif event.stage == "captioning":
        text, done = tr("Reading words and picture"), 0.0
    elif event.stage == "sweeping":
        text, done = tr("Trying variants, step %1 of %2"), 0.0
    elif event.stage == "scoring":
        text, done = tr("Measuring result %1 of %2"), edge + (1 - edge) * share
    elif parametric:  # settings are made in no time: what is waited for is the measuring
        text, done = tr("Measuring result %1 of %2").replace("%1", "1"), edge * share
    else:
        text, done = tr("Step %1 of %2"), edge * share
    text = text.replace("%1", str(event.step)).replace("%2", str(event.steps))
    left = event.seconds_left
    if left is not None and left >= 1:
        text += tr(", about %1 s left").replace("%1", str(round(left)))
    return StatusMessage(MessageKind.PROGRESS, text), done


def _loading_text(event: jobs.Progress, results: Results) -> str:
    """Which model is loaded, and how far."""
    first = METHODS.get(results.slots[0].request.method) if results.slots else None
    name = text_of(event.what)
    if not name and first is not None and not first.parametric:
        name = text_of(first.title)
    if 0 < event.step < event.steps:
        return tr("Loading {0}, {1} %").format(name, round(100 * event.step / event.steps))
    if name:
        return tr("Loading {0}, some seconds the first time").format(name)
    return tr("Loading, some seconds the first time")


def failure_message(event: jobs.JobFailed) -> StatusMessage:
    """What a job failed at, with the one button that helps."""
    button, action = {
        "engine_stopped": (tr("Run again"), "run"),
        "bug": (tr("Copy details"), "copy_details"),
        "selection_needed": (tr("Select"), "tool_lasso"),
        "not_understood": (tr("What it knows"), "show_words"),
        "model_missing": (tr("Add a model"), show_models(needed_role(event.message))),
        "subject_unclear": (tr("Draw it"), "tool_lasso"),
        "outside_models": (tr("Repaint anyway"), "repaint_anyway"),
        "already_shown": (tr("Correct what it sees"), "edit_caption"),
        "thing_absent": (tr("Correct what it sees"), "edit_caption"),
    }.get(event.kind, ("", ""))
    if event.fix is not None and event.fix.code == "do.install_model":
        button = tr("Install")
    text = text_of(event.message)
    if not action:  # what to do is a sentence where no button does it
        text = " ".join(filter(None, (text, text_of(event.fix))))
    until = Changes.SELECTION if event.kind == "selection_needed" else Changes.NONE
    repaints = event.kind == "outside_models"
    second = (tr("Add a model"), show_models(REPAINT)) if repaints else ("", "")
    return StatusMessage(
        MessageKind.ERROR,
        text,
        button,
        action,
        details=event.details,
        second_button=second[0],
        second_action=second[1],
        until=until,
    )


def cancelled_message(finished: int) -> StatusMessage:
    """After a cancel, with the number of results that stay."""
    text = tr("Cancelled.")
    if finished == 1:
        text = tr("Cancelled. 1 finished result stays.")
    elif finished > 1:
        text = tr("Cancelled. %n finished results stay.").replace("%n", str(finished))
    return StatusMessage(MessageKind.NOTICE, text, seconds=4)


def notice_after(
    run: EditRun, show_once: Callable[[str], bool], *, toned: bool
) -> StatusMessage | None:
    """What is to be said of models once an edit has results; None for nothing.

    Args:
        run: the edit.
        show_once: whether a notice with this code was not shown for the document yet.
        toned: tone and colour made the results.
    """
    add = tr("Add a model"), show_models(REPAINT)
    if run.warning and toned:  # in place of a repaint, each time
        text, button = text_of(run.warning), tr("Repaint anyway")
        return StatusMessage(
            MessageKind.NOTICE, text, button, "repaint_anyway",
            second_button=add[0], second_action=add[1],
        )  # fmt: skip
    if run.memory_notes and show_once(MEMORY):
        text = " ".join(map(text_of, run.memory_notes))
        return StatusMessage(MessageKind.NOTICE, text)
    if run.unread is not None and not toned:
        return StatusMessage(MessageKind.NOTICE, text_of(run.unread))
    if unselected := [one for one in run.skipped if one.code == "method.left_out"]:
        text = " ".join(map(text_of, unselected))
        return StatusMessage(MessageKind.NOTICE, text, tr("Select"), "tool_rectangle")
    if run.warning and show_once(DOMAIN):
        return StatusMessage(MessageKind.NOTICE, text_of(run.warning), *add)
    if run.skipped and show_once(SKIPPED):
        text = " ".join(map(text_of, run.skipped))
        return StatusMessage(MessageKind.NOTICE, text, tr("Models"), show_models())
    return None
