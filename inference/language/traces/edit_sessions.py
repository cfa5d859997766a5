"""Edits that people wrote down, one after another (MagicBrush) or each with its captions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from editor.display_name import display_name
from editor.messages import Message
from editor.model.trace import Trace, TraceStep
from inference.language.traces.errors import BadTraces
from inference.language.traces.lines import check_file, json_lines, tidy_text

MAGICBRUSH: Final = "MagicBrush, Zhang et al. 2023, CC BY 4.0"
INSTRUCT_PIX2PIX: Final = "InstructPix2Pix, Brooks et al. 2023, MIT"
_BYTES: Final = 1 << 28
_CAPTIONS: Final = ("global_description.json", "global_descriptions.json", "local_captions.json")


def read_sessions(file: Path, *, least: int = 1) -> Iterator[Trace]:
    """The sessions of MagicBrush (Zhang et al. 2023, arXiv 2306.10012) as traces of instructions.

    Three forms are read: ``edit_sessions.json`` of the data set ({id: [{"input", "output",
    "instruction"}, ...]}; captions of the pictures from a file beside it where there is one), JSON
    lines {"session": id, "turns": [instruction, ...]}, and JSON lines with one turn each
    {"session", "turn", "instruction", "input", "output"}.

    Args:
        file: in one of these forms.
        least: sessions with fewer instructions are left out.

    Raises:
        BadTraces: it is in none of these forms.
    """
    sessions = _whole(file) if file.suffix.lower() == ".json" else _lines(file)
    for name, steps in sessions.items():
        if len(steps) > least:
            yield Trace(name, tuple(steps), MAGICBRUSH)


def read_triples(file: Path) -> Iterator[Trace]:
    """Captions, what was asked, and captions after it, each as a trace of one edit.

    JSON lines {"input", "edit", "output"}, as InstructPix2Pix's hand-written ones (Brooks et al.
    2023, arXiv 2211.09800). Equal captions have one id.

    Raises:
        BadTraces: a line has another form.
    """
    for _, values in json_lines(file, _BYTES):
        before, asked, after = (_text(values, name) for name in ("input", "edit", "output"))
        if not before or not asked or not after:
            raise _bad(file)
        name = hashlib.blake2b(before.casefold().encode(), digest_size=6).hexdigest()
        yield Trace(name, (TraceStep(before), TraceStep(after, asked)), INSTRUCT_PIX2PIX)


def _whole(file: Path) -> dict[str, list[TraceStep]]:
    values = _read(file)
    captions: dict[str, dict[str, str]] = {}
    for name in _CAPTIONS:
        if (file.parent / name).is_file():
            captions = _read(file.parent / name)
            break
    found: dict[str, list[TraceStep]] = {}
    for session, turns in values.items():
        words = captions.get(session, {})
        if not isinstance(turns, list) or not isinstance(words, dict):
            raise _bad(file)
        steps: list[TraceStep] = []
        for turn in turns:
            before, after, text = (_text(turn, n) for n in ("input", "output", "instruction"))
            if not steps:
                steps.append(TraceStep(caption=_text(words, before), picture=before))
            steps.append(TraceStep("", text, _text(words, after), picture=after))
        found[session] = steps
    return found


def _lines(file: Path) -> dict[str, list[TraceStep]]:
    found: dict[str, list[TraceStep]] = {}
    for _, values in json_lines(file, _BYTES):
        session, turns = _session(values, file), values.get("turns")
        if isinstance(turns, list) and all(isinstance(turn, str) for turn in turns):
            found[session] = [TraceStep(), *(TraceStep(instruction=tidy_text(t)) for t in turns)]
            continue
        if "instruction" not in values:
            raise _bad(file)
        steps = found.setdefault(session, [TraceStep(picture=_text(values, "input"))])
        picture = _text(values, "output")
        steps.append(TraceStep(instruction=_text(values, "instruction"), picture=picture))
    return found


def _read(file: Path) -> dict[str, Any]:
    check_file(file, _BYTES)
    try:
        values = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _bad(file) from error
    if not isinstance(values, dict):
        raise _bad(file)
    return values


def _text(values: Any, name: str) -> str:
    found = values.get(name, "") if isinstance(values, dict) else ""
    return tidy_text(found) if isinstance(found, str) else ""


def _session(values: dict[str, Any], file: Path) -> str:
    """The id of a session, which may be a number.

    Raises:
        BadTraces: there is none: sessions without a name would take each other's place.
    """
    found = values.get("session")
    name = str(found) if isinstance(found, str | int) else ""
    if not name.strip():
        raise _bad(file)
    return tidy_text(name)


def _bad(file: Path) -> BadTraces:
    return BadTraces(Message("traces.no_sessions", file=display_name(file)))
