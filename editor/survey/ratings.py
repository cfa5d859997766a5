"""Ratings of one or several raters as csv, and the checks that a foreign file must pass."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from editor.formats.whole_file import whole_file
from editor.messages import Message
from editor.survey.survey import FIELDS, RATINGS, BadSurvey, Survey

COLUMNS: Final = ("rater", "item", "question", "score", "order", "t")
"""Of a file of ratings; "field" may follow."""

FIELD: Final = "field"
MOST_BYTES: Final = 8 << 20
MOST_RATINGS: Final = 100_000
_RATER: Final = re.compile(r"[^\W_](?:[\w .-]{0,58}[\w.-])?")
"""Names that are harmless as a file name and in a spreadsheet."""


class BadRatings(BadSurvey):
    """A file of ratings that does not belong to the survey, or is of another form."""

    kind = "bad_ratings"


@dataclass(frozen=True)
class SurveyRating:
    """One answer of one rater.

    Attributes:
        rater: who.
        item, question: of the survey.
        score: one of the question's levels.
        order: at which place the rater saw the item, from 1 on.
        t: when, ISO 8601.
        field: one of `FIELDS`, "" where it is not known.
    """

    rater: str
    item: str
    question: str
    score: str
    order: int
    t: str
    field: str = ""


def read_ratings(file: Path, survey: Survey) -> tuple[SurveyRating, ...]:
    """The ratings of a file, checked against the survey.

    Raises:
        BadRatings: in one sentence, what is wrong with which line.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadRatings(Message("survey.ratings_large", file=file.name))
        text = file.read_text("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise BadRatings(
                Message("survey.ratings_columns", file=file.name, columns=", ".join(COLUMNS))
            )
        found, items = [], frozenset(item.id for item in survey.items)
        for row in reader:
            found.append(_rating(row, reader.line_num, survey, items))
            if len(found) > MOST_RATINGS:
                raise BadRatings(Message("survey.ratings_large", file=file.name))
    except (OSError, ValueError, csv.Error) as error:
        raise BadRatings(Message("survey.ratings_unreadable", file=file.name)) from error
    if not found:
        raise BadRatings(Message("survey.ratings_empty", file=file.name))
    _check_once(found)
    return tuple(found)


def write_ratings(ratings: Iterable[SurveyRating]) -> str:
    """The text of a file that `read_ratings` reads."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, FIELD))
    for one in ratings:
        writer.writerow((one.rater, one.item, one.question, one.score, one.order, one.t, one.field))
    return out.getvalue()


def import_ratings(folder: Path, survey: Survey, files: Sequence[Path]) -> tuple[str, ...]:
    """Take raters' files into the survey's folder, all or none; returns the raters' names.

    A file that was imported before is left as it is.

    Raises:
        BadRatings: the survey is closed, a file is refused, or a rater has other ratings already.
    """
    if survey.closed:
        raise BadRatings(Message("survey.closed"), Message("survey.new_survey"))
    by_rater: dict[str, list[SurveyRating]] = {}
    for file in files:
        for rating in read_ratings(file, survey):
            by_rater.setdefault(rating.rater, []).append(rating)
    texts: dict[Path, str] = {}
    for rater, ratings in by_rater.items():
        _check_once(ratings)
        text = write_ratings(ratings)
        place = folder / RATINGS / f"{rater.casefold()}.csv"
        before = place.read_text("utf-8") if place.is_file() else texts.get(place, text)
        if before != text:  # also where two of these raters differ in case alone
            raise BadRatings(Message("survey.rated_already", rater=rater))
        texts[place] = text
    for place, text in texts.items():
        if not place.is_file():
            with whole_file(place) as out:
                out.write(text.encode("utf-8"))
    return tuple(by_rater)


def imported_ratings(folder: Path, survey: Survey) -> tuple[SurveyRating, ...]:
    """All ratings that were imported, by rater.

    Raises:
        BadRatings: a file was changed since.
    """
    files = sorted((folder / RATINGS).glob("*.csv"))
    return tuple(rating for file in files for rating in read_ratings(file, survey))


def _rating(row: dict[str, str], line: int, survey: Survey, items: frozenset[str]) -> SurveyRating:
    values = {name: row.get(name) for name in COLUMNS}
    field = (row.get(FIELD) or "").strip()
    if None in row or not all(isinstance(value, str) for value in values.values()):
        raise BadRatings(Message("survey.ratings_short", line=line))
    texts = {name: (value or "").strip() for name, value in values.items()}
    question = next((q for q in survey.questions if q.id == texts["question"]), None)
    if not _RATER.fullmatch(texts["rater"]):
        raise BadRatings(Message("survey.bad_rater", line=line))
    if question is None or texts["item"] not in items:
        raise BadRatings(Message("survey.not_asked", line=line))
    if texts["score"] not in question.levels:
        raise BadRatings(Message("survey.bad_score", line=line, levels=", ".join(question.levels)))
    if field and field not in FIELDS:
        raise BadRatings(Message("survey.bad_field", line=line, fields=", ".join(FIELDS)))
    order = texts["order"]
    if not (order.isascii() and order.isdigit() and 1 <= int(order) <= len(items)):
        raise BadRatings(Message("survey.bad_order", line=line))
    try:
        datetime.fromisoformat(texts["t"])
    except ValueError as error:
        raise BadRatings(Message("survey.bad_time", line=line)) from error
    return SurveyRating(
        texts["rater"], texts["item"], question.id, texts["score"], int(order), texts["t"], field
    )


def _check_once(ratings: Sequence[SurveyRating]) -> None:
    seen: set[tuple[str, str, str]] = set()
    fields: dict[str, str] = {}
    for one in ratings:
        if (one.rater, one.item, one.question) in seen:
            raise BadRatings(Message("survey.rated_twice", rater=one.rater, item=one.item))
        seen.add((one.rater, one.item, one.question))
        if fields.setdefault(one.rater, one.field) != one.field:
            raise BadRatings(Message("survey.two_fields", rater=one.rater))
