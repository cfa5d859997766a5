"""Captions of the storybook world, read with character positions and reworded by an edit.

The starter models know this world only. A caption is changed as little as the edit needs, so that
the artist's own words stay and the difference of the two prompts is the edit itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from editor.model.prompt_edit.prompt_tokens import words
from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    REST_WORDS,
    SECOND_WORDS,
    SUBJECT_WORDS,
    article,
    parse_caption,
)
from inference.starter.instructions import names
from inference.starter.lines import ParsedEdit
from inference.starter.scene import ATTRIBUTES

WHOLE: Final = ("light", "weather", "season", "style")
"""Attributes of the whole picture that an edit may set."""

_SMALL: Final = frozenset(
    {"a", "an", "the", "of", "in", "on", "at", "with", "and", "by", "to", "near", "beside", "next"}
    | {"little", "small", "lovely"}
)
_BESIDE: Final = re.compile(r",? (?:with|beside|next to|near) (?:(?:an?|the) )?$")


@dataclass(frozen=True)
class Phrase:
    """Words of a caption and what they mean: ``text[start:end]`` names ``value``."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class CaptionReading:
    """What a caption of this world names.

    Attributes:
        text: the caption.
        phrases: attribute → where it is named; absent attributes are not named.
        share: share of its words that the world knows, 0..1, without articles and prepositions.
    """

    text: str
    phrases: Mapping[str, Phrase]
    share: float

    @property
    def values(self) -> dict[str, str]:
        """Attributes and values; no second thing and bare ground where none is named."""
        named = {name: phrase.value for name, phrase in self.phrases.items()}
        return {"second": "none", "ground": "bare"} | named

    @property
    def inside(self) -> bool:
        """Whether the caption is about this world: a subject of it, and little else."""
        return "subject" in self.phrases and self.share >= 0.7

    def words_of(self, attribute: str) -> str:
        """The words that name an attribute, "" if none do."""
        phrase = self.phrases.get(attribute)
        return self.text[phrase.start : phrase.end] if phrase else ""


def read_caption(text: str) -> CaptionReading:
    """Find every attribute the caption names; the first thing named is the subject."""
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer: places would be wrong
        low = text
    masked = f" {low} "
    phrases: dict[str, Phrase] = {}
    for name, pattern, meaning in _PATTERNS:
        if match := pattern.search(masked):
            phrases[name] = Phrase(meaning[match[1]], match.start() - 1, match.end() - 1)
            gap = match.end() - match.start()
            masked = masked[: match.start()] + "," * gap + masked[match.end() :]
    things = list(_THING.finditer(masked))
    for match, (thing, colour) in zip(
        things, (("subject", "colour"), ("second", "second_colour")), strict=False
    ):
        phrases[thing] = Phrase(_THINGS[match[2]], match.start(2) - 1, match.end(2) - 1)
        if match[1]:
            phrases[colour] = Phrase(_COLOURS[match[1]], match.start(1) - 1, match.end(1) - 1)
    return CaptionReading(text, phrases, _share(text, phrases))


def reword(reading: CaptionReading, edit: ParsedEdit) -> str | None:
    """The caption after an edit; None where the edit does not fit the caption.

    The result is read again and must say exactly what it said before, changed by the edit.
    """
    text = _reworded(reading, edit)
    if text is None:
        return None
    wanted = reading.values | dict(edit.changes)
    if wanted["second"] == "none":
        wanted.pop("second_colour", None)
    after = parse_caption(text)
    if after != wanted or parse_caption(reading.text) == after:
        return None
    return text


def _reworded(reading: CaptionReading, edit: ParsedEdit) -> str | None:
    attribute = edit.attribute
    value = edit.changes[attribute]
    if attribute in WHOLE:
        return _whole(reading, attribute, value)
    if attribute == "ground":
        return _ground(reading, value)
    if attribute in ("colour", "second_colour"):
        return _coloured(reading, attribute, value)
    if attribute == "subject":
        return _put(reading.text, reading.phrases.get("subject"), SUBJECT_WORDS[value][0])
    return _second(reading, value, edit.changes.get("second_colour", ""))


def _whole(reading: CaptionReading, attribute: str, value: str) -> str:
    new = REST_WORDS[attribute][value][0]
    phrase = reading.phrases.get(attribute)
    if phrase is None:
        return f"{reading.text.rstrip(' ,.')}, {new}"
    text = reading.text
    after = text[phrase.end :]
    before = text[: phrase.start]
    if attribute == "style" and after.startswith(" of "):  # "a watercolour of a red house"
        before = re.sub(r"\ban? $", "", before, flags=re.IGNORECASE)
        return f"{before}{new if new == 'pixel art' else article(new)}{after}"
    return before + new + after


def _ground(reading: CaptionReading, value: str) -> str | None:
    subject, second = reading.phrases.get("subject"), reading.phrases.get("second")
    old, text = reading.phrases.get("ground"), reading.text
    if value == "bare":
        if old is None:
            return None
        joint = re.search(r",? (?:with|and) $", text[: old.start])
        return text[: joint.start()] + text[old.end :] if joint else None
    new = GROUND_WORDS[value][0]
    if old is not None:
        return text[: old.start] + new + text[old.end :]
    if subject is None:
        return None
    end, joint_ = (second.end, "and") if second else (subject.end, "with")
    return f"{text[:end]} {joint_} {new}{text[end:]}"


def _coloured(reading: CaptionReading, attribute: str, value: str) -> str | None:
    new = COLOUR_WORDS[value][0]
    old = reading.phrases.get(attribute)
    if old is not None:
        return _put(reading.text, old, new)
    thing = reading.phrases.get("subject" if attribute == "colour" else "second")
    if thing is None:
        return None
    named = reading.text[thing.start : thing.end]
    return _put(reading.text, thing, f"{new} {named}")


def _second(reading: CaptionReading, value: str, colour: str) -> str | None:
    subject, second = reading.phrases.get("subject"), reading.phrases.get("second")
    ground, text = reading.phrases.get("ground"), reading.text
    if subject is None:
        return None
    if second is None:
        if value == "none":
            return None
        thing = f"{COLOUR_WORDS[colour][0]} {SECOND_WORDS[value][0]}" if colour else ""
        thing = article(thing or SECOND_WORDS[value][0])
        if ground and text[: ground.start].endswith(" with ") and ground.start > subject.end:
            return f"{text[: ground.start]}{thing} and {text[ground.start :]}"
        return f"{text[: subject.end]} with {thing}{text[subject.end :]}"
    paint = reading.phrases.get("second_colour")
    start = paint.start if paint else second.start
    if value != "none":
        noun = SECOND_WORDS[value][0]
        named = f"{COLOUR_WORDS[colour][0]} {noun}" if colour else noun
        return _put(text, Phrase(value, start, second.end), named)
    joint = _BESIDE.search(text[:start])
    if joint is None:
        return None
    if ground and re.fullmatch(r" and ", text[second.end : ground.start]):
        return f"{text[: joint.start()]} with {text[ground.start :]}"
    return text[: joint.start()] + text[second.end :]


def _put(text: str, phrase: Phrase | None, new: str) -> str | None:
    """Other words in a phrase's place; "a" and "an" before it follow."""
    if phrase is None:
        return None
    before = text[: phrase.start]
    fitting = article(new).split(" ", 1)[0]
    before = re.sub(
        r"\b([Aa])n? $", lambda m: ("A" if m[1] == "A" else "a") + fitting[1:] + " ", before
    )
    return before + new + text[phrase.end :]


def _share(text: str, phrases: Mapping[str, Phrase]) -> float:
    spans = [(phrase.start, phrase.end) for phrase in phrases.values()]
    content_words = [w for w in words(text) if w.key not in _SMALL]
    known = sum(any(a <= w.start < b for a, b in spans) for w in content_words)
    return known / len(content_words) if content_words else 0.0


def _lookup(*tables: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: value for table in tables for value, row in table.items() for word in row}


@cache
def _whole_names() -> re.Pattern[str]:
    all_names = {n for a in WHOLE for value in ATTRIBUTES[a] for n in names(a, value)}
    longest_first = sorted(all_names, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def names_whole(text: str) -> bool:
    """Whether words name a time of day, a weather, a season or a style of this world."""
    return _whole_names().search(text) is not None


def _any(meaning: Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(meaning, key=len, reverse=True))


_THINGS: Final = _lookup(SUBJECT_WORDS, SECOND_WORDS)
_COLOURS: Final = _lookup(COLOUR_WORDS)
_THING: Final = re.compile(rf"\b(?:({_any(_COLOURS)}) )?({_any(_THINGS)})\b")
_PATTERNS: Final = tuple(
    (name, re.compile(rf"\b({_any(_lookup(table))})\b"), _lookup(table))
    for name, table in REST_WORDS.items()
)
