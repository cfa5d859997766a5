"""The answers of models that a survey is made of, as a list in a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from editor.messages import Message
from editor.survey.survey import FILE_BYTES, BadSurvey

COLUMNS: Final = ("model", "text", "picture", "words", "before", "case")
TEXT_LETTERS: Final = 2000
MOST_ANSWERS: Final = 2000


@dataclass(frozen=True)
class GivenAnswer:
    """What a model made of a request.

    Attributes:
        model: which model; raters do not see it.
        text: what it was asked for.
        picture, before: files; None for none.
        words: its answer in words, "" for none.
        case: answers of the same case are compared.
    """

    model: str
    text: str
    picture: Path | None
    words: str
    before: Path | None
    case: str


def read_answers(file: Path) -> tuple[GivenAnswer, ...]:
    """The answers of a csv file with a header, or a jsonl file, with the columns `COLUMNS`.

    "model" and one of "picture" and "words" are needed. Files are relative to the list.

    Raises:
        BadSurvey: the list or a line of it cannot be used.
    """
    answers = tuple(_answer(row, line, file.parent) for line, row in _rows(file))
    if not answers or len(answers) > MOST_ANSWERS:
        raise BadSurvey(Message("survey.answers", file=file.name, most=MOST_ANSWERS))
    return answers


def pairs_of(answers: tuple[GivenAnswer, ...]) -> tuple[tuple[GivenAnswer, GivenAnswer], ...]:
    """Every two answers of different models to the same case; the k-th of each model together.

    Raises:
        BadSurvey: there are none.
    """
    cases: dict[str, dict[str, list[GivenAnswer]]] = {}
    for answer in answers:
        cases.setdefault(answer.case, {}).setdefault(answer.model, []).append(answer)
    found = tuple(
        pair
        for by_model in cases.values()
        for one, other in combinations(sorted(by_model), 2)
        for pair in zip(by_model[one], by_model[other], strict=False)
    )
    if not found:
        raise BadSurvey(Message("survey.no_pairs"), Message("survey.same_text"))
    return found


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows with their lines in the file, from 1."""
    try:
        if file.stat().st_size > FILE_BYTES:
            raise ValueError("too large")
        text = file.read_text("utf-8-sig")
        if file.suffix.lower() == ".jsonl":
            # Not `splitlines`: strings of JSON may hold other signs that end a line.
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    yield number, json.loads(line)
        else:
            reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            yield from ((reader.line_num, row) for row in reader)
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise BadSurvey(
            Message("survey.unreadable_list", file=file.name), Message("survey.list_form")
        ) from error


def _answer(row: Any, line: int, folder: Path) -> GivenAnswer:
    if not isinstance(row, dict):
        raise _bad(line)
    values = {name: row.get(name) or "" for name in COLUMNS}
    if not all(isinstance(v, str) and len(v) <= TEXT_LETTERS for v in values.values()):
        raise _bad(line)
    if not values["model"] or not (values["picture"] or values["words"]):
        raise _bad(line)
    files = {
        name: folder / values[name] if values[name] else None for name in ("picture", "before")
    }
    for path in files.values():
        if path is not None and not path.is_file():
            raise BadSurvey(Message("survey.no_picture", line=line, file=path.name))
    return GivenAnswer(
        values["model"],
        values["text"],
        files["picture"],
        values["words"],
        files["before"],
        values["case"] or f"{values['before']}\n{values['text']}",
    )


def _bad(line: int) -> BadSurvey:
    return BadSurvey(Message("survey.bad_line", line=line), Message("survey.list_form"))
