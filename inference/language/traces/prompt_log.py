"""Logs of what people asked an image generator for, in the form of DiffusionDB's metadata."""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from editor.display_name import display_name
from editor.messages import Message
from inference.language.traces.errors import BadTraces
from inference.language.traces.lines import FILE_BYTES, check_file, json_lines, tidy_text

LOG_SUFFIXES: Final = (".csv", ".tsv", ".jsonl")
_PROMPT: Final = ("prompt", "text")
_USER: Final = ("user_name", "user", "user_id", "author")
_TIME: Final = ("timestamp", "time", "created_at", "date")
_PICTURE: Final = ("image_name", "image", "file", "picture")
PROMPT_CHARACTERS: Final = 4000
"""Longer prompts are cut: they are pasted texts."""


@dataclass(frozen=True)
class LogEntry:
    """One picture that somebody asked for.

    Attributes:
        user: whose it is; "" where the log does not say, then all are taken for one person's.
        prompt: as it was written, with single spaces.
        time: seconds since 1970, UTC; None where the log does not say.
        picture: file name; "" where the log names none.
    """

    user: str
    prompt: str
    time: float | None = None
    picture: str = ""


def read_log(file: Path) -> Iterator[LogEntry]:
    """The entries of a table or of JSON lines with a prompt, in the order of the file.

    Columns are found by name: ``prompt`` or ``text``; ``user_name``, ``user``, ``user_id`` or
    ``author``; ``timestamp``, ``time``, ``created_at`` or ``date`` (ISO 8601 or seconds since
    1970; without a zone it is UTC); ``image_name``, ``image``, ``file`` or ``picture``.

    Raises:
        BadTraces: the file is missing, too large, or has no column of prompts.
    """
    rows = _table(file) if file.suffix.lower() in (".csv", ".tsv") else _objects(file)
    for row in rows:
        prompt = tidy_text(str(_value(row, _PROMPT) or ""))[:PROMPT_CHARACTERS]
        if prompt:
            yield LogEntry(
                tidy_text(str(_value(row, _USER) or "")),
                prompt,
                seconds_of(_value(row, _TIME)),
                tidy_text(str(_value(row, _PICTURE) or "")),
            )


def seconds_of(value: Any) -> float | None:
    """A time as seconds since 1970, UTC; None for anything that is no time, also for infinity."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        pass
    except OverflowError:
        return None
    else:
        return seconds if math.isfinite(seconds) else None
    try:
        moment = datetime.datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.timestamp()


def _table(file: Path) -> Iterator[Mapping[str, Any]]:
    check_file(file)
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        tabs = file.suffix.lower() == ".tsv"
        reader = csv.DictReader(opened, dialect="excel-tab" if tabs else "excel")
        try:
            _check_names(file, reader.fieldnames or ())
            yield from reader
        except csv.Error as error:
            raise BadTraces(Message("traces.no_table", file=display_name(file))) from error


def _objects(file: Path) -> Iterator[Mapping[str, Any]]:
    for place, (_, values) in enumerate(json_lines(file, FILE_BYTES)):
        if place == 0:
            _check_names(file, values)
        yield values


def _check_names(file: Path, names: Any) -> None:
    if not set(_PROMPT) & set(names):
        message = Message("traces.no_prompts", file=display_name(file))
        raise BadTraces(message, Message("traces.columns"))


def _value(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)
