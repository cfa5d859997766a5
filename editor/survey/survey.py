"""A blind survey: what raters see, and apart from it which model made what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from editor.errors import ExpectedError
from editor.formats.whole_file import whole_file
from editor.messages import Message

SURVEY: Final = "survey.json"
KEY: Final = "key.json"
PAGE: Final = "survey.html"
PICTURES: Final = "pictures"
RATINGS: Final = "ratings"
FILE_BYTES: Final = 32 << 20
LEVELS: Final = 4
"""Scores of a scale are 1 to 4."""

CHOICES: Final = ("left", "tie", "right")
FIELDS: Final = ("novice", "intermediate", "expert", "model")
"""How well a rater knows the field; "model" marks ratings that no person gave."""

QuestionKind = Literal["scale", "choice"]


class BadSurvey(ExpectedError):
    """Files that are no survey, or do not belong together."""

    kind = "bad_survey"


@dataclass(frozen=True)
class SurveyQuestion:
    """What is asked about every item.

    Attributes:
        id: in ratings.
        text: the question.
        kind: "scale" from 1 to 4, or "choice" between left, tie and right.
        lowest, highest: what the ends of a scale mean; "" for a choice.
    """

    id: str
    text: str
    kind: QuestionKind
    lowest: str = ""
    highest: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        """The answers in order, as they stand in a file of ratings."""
        if self.kind == "choice":
            return CHOICES
        return tuple(str(score) for score in range(1, LEVELS + 1))


@dataclass(frozen=True)
class ShownAnswer:
    """What one model made: a picture below `PICTURES`, words, or both; "" for neither."""

    picture: str = ""
    words: str = ""


@dataclass(frozen=True)
class SurveyItem:
    """What is rated at once.

    Attributes:
        id: a running number in the blind order, such as "007".
        text: what the models were asked for.
        before: the picture before an edit, below `PICTURES`; "" for none.
        shown: one answer, or the left and the right one.
    """

    id: str
    text: str
    before: str
    shown: tuple[ShownAnswer, ...]


@dataclass(frozen=True)
class Survey:
    """What raters may know.

    Attributes:
        id: tells surveys apart; nothing about the models follows from it.
        title: shown above.
        preset: which questions are asked.
        questions, items: all of one kind: singles with scales or pairs with choices.
        key_digest: SHA-256 of the key file, hexadecimal, so that it cannot be changed later.
        closed: whether the key was opened; later ratings are refused.
    """

    id: str
    title: str
    preset: str
    questions: tuple[SurveyQuestion, ...]
    items: tuple[SurveyItem, ...]
    key_digest: str
    closed: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> Survey:
        """What `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the values are of another form.
        """
        made = cls(
            **{
                **values,
                "questions": tuple(SurveyQuestion(**one) for one in values["questions"]),
                "items": tuple(
                    SurveyItem(**{**one, "shown": tuple(ShownAnswer(**s) for s in one["shown"])})
                    for one in values["items"]
                ),
            }
        )
        texts = (made.id, made.title, made.preset, made.key_digest)
        kinds = {question.kind for question in made.questions}
        if not all(isinstance(text, str) for text in texts) or not kinds:
            raise ValueError("not a survey")
        if not kinds <= {"scale", "choice"} or not {len(i.shown) for i in made.items} <= {1, 2}:
            raise ValueError("questions or items of another form")
        if not all(name == Path(name).name and name != ".." for name in made.pictures):
            raise ValueError("a picture lies elsewhere")
        return made

    @property
    def pictures(self) -> tuple[str, ...]:
        """File names below `PICTURES`, each once."""
        names = [
            name
            for item in self.items
            for name in (item.before, *(answer.picture for answer in item.shown))
            if name
        ]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class SurveyKey:
    """What raters must not know.

    Attributes:
        survey: the survey's id.
        salt: makes the digest useless for guessing; hexadecimal.
        seed: of the order and of the sides.
        models: item → the model of each answer shown, left first.
    """

    survey: str
    salt: str
    seed: int
    models: Mapping[str, tuple[str, ...]]

    def text(self) -> str:
        """The file's contents."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the file, hexadecimal."""
        return hashlib.sha256(self.text().encode("utf-8")).hexdigest()


def read_survey(folder: Path) -> Survey:
    """The survey in a folder.

    Raises:
        BadSurvey: there is none that can be read.
    """
    try:
        return Survey.from_json(_values(folder / SURVEY))
    except (KeyError, TypeError, ValueError) as error:
        raise BadSurvey(Message("survey.no_survey", folder=str(folder))) from error


def read_key(folder: Path, survey: Survey) -> SurveyKey:
    """The key of a survey, checked against the digest that the survey holds.

    Raises:
        BadSurvey: it is not there, cannot be read, or is not the one the survey was made with.
    """
    try:
        values = _values(folder / KEY)
        models = {str(item): tuple(map(str, made)) for item, made in values["models"].items()}
        key = SurveyKey(str(values["survey"]), str(values["salt"]), int(values["seed"]), models)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadSurvey(Message("survey.no_key", file=KEY)) from error
    shown = {item.id: len(item.shown) for item in survey.items}
    if {item: len(made) for item, made in key.models.items()} != shown:
        raise BadSurvey(Message("survey.other_key", file=KEY), Message("survey.first_key"))
    if key.digest != survey.key_digest:
        raise BadSurvey(Message("survey.other_key", file=KEY), Message("survey.first_key"))
    return key


def close(folder: Path, survey: Survey) -> Survey:
    """The survey, closed, also in its folder: the key may be read, ratings are refused."""
    closed = replace(survey, closed=True)
    write_survey(folder, closed)
    return closed


def write_survey(folder: Path, survey: Survey) -> None:
    """Write the file that raters may read; the old one stays until the new one is whole."""
    text = json.dumps(survey.to_json(), indent=1, ensure_ascii=False) + "\n"
    with whole_file(folder / SURVEY) as file:
        file.write(text.encode("utf-8"))


def _values(file: Path) -> Any:
    """The JSON of a file of bounded size.

    Raises:
        ValueError: there is none, or it is too large or no JSON.
    """
    try:
        if file.stat().st_size > FILE_BYTES:
            raise ValueError("too large")
        return json.loads(file.read_text("utf-8"))
    except (OSError, RecursionError) as error:
        raise ValueError(str(error)) from error
