"""Traces as a file: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from editor.messages import Message
from editor.model.trace import Trace, TraceStep
from inference.language.traces.errors import BadTraces
from inference.language.traces.lines import FILE_BYTES, json_lines
from inference.language.traces.prompt_log import seconds_of

_TEXTS: Final = ("prompt", "instruction", "caption", "picture")
_DEFAULTS: Final = {field.name: field.default for field in fields(TraceStep)}


def write_traces(file: Path, traces: Iterable[Trace]) -> int:
    """Write traces; the whole file or nothing. Returns how many they were."""
    draft = file.with_name(f".{file.name}.draft")
    count = 0
    try:
        with draft.open("w", encoding="utf-8") as opened:
            for trace in traces:
                opened.write(json.dumps(_values(trace), ensure_ascii=False) + "\n")
                count += 1
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return count


def read_traces(file: Path) -> tuple[Trace, ...]:
    """The traces that `write_traces` wrote.

    Raises:
        BadTraces: the file is missing, too large, or has another form.
    """
    return tuple(_trace(line, values) for line, values in json_lines(file, FILE_BYTES))


def _values(trace: Trace) -> dict[str, Any]:
    """A trace as JSON values; what a step does not know is left out."""
    steps = [
        {
            name: value
            for name, default in _DEFAULTS.items()
            if (value := getattr(s, name)) != default
        }
        for s in trace.steps
    ]
    return {"id": trace.id, "source": trace.source, "steps": steps}


def _trace(line: int, values: dict[str, Any]) -> Trace:
    id_, source, steps = values.get("id"), values.get("source", ""), values.get("steps")
    if not isinstance(id_, str) or not isinstance(source, str) or not isinstance(steps, list):
        raise _bad(line)
    return Trace(id_, tuple(_step(line, step) for step in steps), source)


def _step(line: int, values: Any) -> TraceStep:
    if not isinstance(values, dict) or not set(values) <= set(_DEFAULTS):
        raise _bad(line)
    texts = {name: values.get(name, "") for name in _TEXTS}
    accepted, time = values.get("accepted", True), values.get("time")
    fits = all(isinstance(text, str) for text in texts.values()) and isinstance(accepted, bool)
    if not fits or not (time is None or _is_time(time)):
        raise _bad(line)
    return TraceStep(**texts, accepted=accepted, time=time)


def _is_time(value: Any) -> bool:
    """Whether a value is a finite number; Python's JSON reads NaN too."""
    return isinstance(value, int | float) and seconds_of(value) is not None


def _bad(line: int) -> BadTraces:
    return BadTraces(Message("traces.bad_line", line=line), Message("traces.form"))
