"""The path of a history as suggestions read it; no torch, so the window may call it too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.history import History
from editor.model.trace import Trace, trace_of
from inference.request.jobs import PathStep

STEPS: Final = 1000
_BYTES: Final = 1 << 24


class BadHistory(ExpectedError):
    """The file is no history."""

    kind = "bad_history"


def path_of(history: History, node_id: str | None = None) -> tuple[PathStep, ...]:
    """The steps from the root to a node, oldest first; to head without one (`trace_of`)."""
    end = node_id or history.head
    return path_of_trace(trace_of(history, end)) if end is not None else ()


def path_of_trace(trace: Trace) -> tuple[PathStep, ...]:
    """The steps of a trace, as suggestions read them."""
    return tuple(PathStep(s.instruction, s.prompt, s.accepted) for s in trace.steps)


def caption_of_path(path: tuple[PathStep, ...]) -> str:
    """The caption of the last accepted step that has one, "" if none has."""
    return next((step.prompt for step in reversed(path) if step.accepted and step.prompt), "")


def read_path(file: Path) -> tuple[tuple[PathStep, ...], tuple[str, ...]]:
    """Path and dismissed instructions of a `.pentimento` file or a JSON list.

    The list holds ``{"instruction", "prompt", "accepted"}``, oldest first; ``prompt`` is the
    caption after the step, ``accepted`` is true where it is left out.

    Raises:
        BadHistory: it is neither, or has another form.
        DamagedDocument, NewerDocument: as when a document is opened.
    """
    if not file.is_file():
        raise BadHistory(Message("history.no_file", file=str(file)), Message("history.give_list"))
    with file.open("rb") as opened:
        start = opened.read(16)
    if start.startswith(b"SQLite format 3") or file.suffix == ".pentimento":
        from editor.storage.file import DocumentFile, absolute

        loaded = DocumentFile(absolute(file)).load()
        return path_of(loaded.history), tuple(sorted(loaded.dismissed))
    if file.stat().st_size > _BYTES:
        raise BadHistory(Message("history.too_large"), Message("history.give_fewer", steps=STEPS))
    try:
        values = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadHistory(Message("history.not_json"), Message("history.give_list")) from error
    if not isinstance(values, list) or len(values) > STEPS:
        raise BadHistory(Message("history.no_list"), Message("history.give_list_of", steps=STEPS))
    return tuple(_step(value) for value in values), ()


def _step(value: Any) -> PathStep:
    names = {"instruction": str, "prompt": str, "accepted": bool}
    fits = isinstance(value, dict) and all(
        name in names and isinstance(item, names[name]) for name, item in value.items()
    )
    if not fits or "instruction" not in value:
        raise BadHistory(
            Message("history.bad_step"),
            Message("history.step_form"),
        )
    return PathStep(
        " ".join(value["instruction"].split()),
        " ".join(value.get("prompt", "").split()),
        value.get("accepted", True),
    )
