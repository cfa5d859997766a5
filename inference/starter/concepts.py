"""What concepts name of the storybook world, and the topics that its captions are written about.

A concept is a word, a phrase or a sentence in anybody's words; a topic says the same in the plain
words of a caption: ``red cat, seaside, night``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Final

from editor.english.noun_phrases import noun_phrases
from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    LIGHT_WORDS,
    PLACE_WORDS,
    SEASON_WORDS,
    SECOND_WORDS,
    STYLE_WORDS,
    SUBJECT_WORDS,
    VIEW_WORDS,
    WEATHER_WORDS,
    parse_caption,
)
from inference.starter.effect_phrases import EFFECTS
from inference.starter.instructions import names
from inference.starter.loose_phrases import OTHER_NAMES
from inference.starter.scene import HELD_OUT_PLACE, HELD_OUT_STYLE
from inference.starter.world_captions import read_caption

_REST: Final = {
    "ground": GROUND_WORDS,
    "place": PLACE_WORDS,
    "light": LIGHT_WORDS,
    "weather": WEATHER_WORDS,
    "season": SEASON_WORDS,
    "view": VIEW_WORDS,
    "style": STYLE_WORDS,
}
_OPEN: Final = ("weather", "season", "style", "light")

_SAID: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("light", "noon"): ("sun", "sunshine", "sunlight", "daylight"),
    ("light", "sunset"): ("setting sun", "sun was setting", "sun sets", "sun set", "sun went down"),
    ("light", "night"): ("moon", "star", "stars", "starlight", "starry"),
    ("weather", "cloudy"): ("cloud", "cloudy"),
    ("weather", "rain"): ("rainy", "storm", "stormy", "thunderstorm"),
    ("weather", "snow"): ("snow", "snowy", "blizzard", "snowflakes"),
    ("season", "winter"): ("wintry", "frost", "frosty"),
    ("season", "autumn"): ("autumnal",),
}
"""What stories say of light, weather and season, and nobody asks an editor for."""

_LEADING: Final = re.compile(r"^(?:(?:in|on|at|by|below|among|under|from|an?|the) )+")
_ABOUT_PICTURES: Final = frozenset(
    [
        "day",
        "edge",
        "end",
        "front",
        "image",
        "illustration",
        "middle",
        "painting",
        "picture",
        "place",
        "scene",
        "side",
        "view",
    ]
)
"""Nouns that name nothing to be drawn."""


def concept_facts(concept: str) -> dict[str, str]:
    """Attributes of a scene that a concept names, and their values, in the order of captions."""
    return _read(concept)[0]


def unknown_things(concept: str) -> tuple[str, ...]:
    """Noun phrases of a concept that name nothing of this world, in its words."""
    _, known = _read(concept)
    phrases = [phrase.text for phrase in noun_phrases(concept)]
    if not phrases and not known:
        phrases = [" ".join(concept.split())]
    return tuple(one for one in phrases if not set(_words(one)) & (known | _ABOUT_PICTURES))


def topic_of(facts: Mapping[str, str]) -> str:
    """Facts in the plain words of a caption, "" for none.

    Args:
        facts: attributes and values; a second thing "none" and "bare" ground are left out.
    """
    found = [
        _coloured(facts.get("colour", ""), SUBJECT_WORDS.get(facts.get("subject", ""))),
        _coloured(facts.get("second_colour", ""), SECOND_WORDS.get(facts.get("second", ""))),
    ]
    for name, table in _REST.items():
        row = table.get(facts.get(name, ""))
        found.append(_LEADING.sub("", row[0]) if row else "")
    return ", ".join(part for part in found if part)


def keeps(facts: Mapping[str, str], prompt: str) -> bool:
    """Whether a prompt is a caption of this world and says all of some facts."""
    said = parse_caption(prompt)
    return "subject" in said and "place" in said and facts.items() <= said.items()


def gists(before: str, after: str) -> Iterator[str]:
    """Topics of a caption after an edit with one or two things left open that it did not touch.

    What is left open is what an edit can set for the whole picture: weather, season, style, light.
    The two that are open together come first: one alone is often said as before.
    """
    if not read_caption(after).inside:
        return
    values = parse_caption(after)
    free = _left_open(before, values)
    for some in (*combinations(free, 2), *combinations(free, 1)):
        yield topic_of({name: value for name, value in values.items() if name not in some})


def holds(before: str, after: str, prompt: str) -> bool:
    """Whether a prompt says what the caption after an edit does, but for what `gists` leave open.

    Things that the caption does not name are not there, and stay so.
    """
    wanted, said = parse_caption(after), parse_caption(prompt)
    free = _left_open(before, wanted)
    return all(said.get(name) == value for name, value in wanted.items() if name not in free)


def _left_open(before: str, after: Mapping[str, str]) -> list[str]:
    old = parse_caption(before)
    return [name for name in _OPEN if name in after and after[name] == old.get(name)]


def _coloured(colour: str, row: tuple[str, ...] | None) -> str:
    if not row:
        return ""
    return f"{COLOUR_WORDS[colour][0]} {row[0]}" if colour else row[0]


def _read(concept: str) -> tuple[dict[str, str], frozenset[str]]:
    """The facts, and the words that name them or further things of this world."""
    text = f" {concept.lower()} "
    found: dict[str, str] = {}
    known: list[str] = []
    things, table, colours = _things()
    matches = list(things.finditer(text))
    named = [table[match[2]] for match in matches]
    subject, second = _roles(named)
    for match, value in zip(matches, named, strict=True):
        known += _words(match[0])
        role = {subject: "subject", second: "second"}.get(value, "")
        if role and role not in found:
            found[role] = value
            if match[1]:
                found["colour" if role == "subject" else "second_colour"] = colours[match[1]]
    text = things.sub(" , ", text)
    for name, (pattern, meaning) in _rest().items():
        for match in pattern.finditer(text):
            known += _words(match[0])
            found.setdefault(name, meaning[match[1]])
        text = pattern.sub(" , ", text)
    order = ("subject", "colour", "second", "second_colour", *_REST)
    return {name: found[name] for name in order if name in found}, frozenset(known)


def _roles(named: Sequence[str]) -> tuple[str, str]:
    """Which thing is the subject and which one the second, "" for none: a cat can be either."""
    alone = [one for one in named if one in SUBJECT_WORDS and one not in SECOND_WORDS]
    able = alone or [one for one in named if one in SUBJECT_WORDS]
    subject = able[0] if able else ""
    seconds = [one for one in named if one in SECOND_WORDS and one != subject]
    return subject, seconds[0] if seconds else ""


@cache
def _things() -> tuple[re.Pattern[str], dict[str, str], dict[str, str]]:
    """A pattern for colour and thing, what things are called, and what colours are called."""
    things = dict(_called(SECOND_WORDS)) | dict(_called(SUBJECT_WORDS))
    colours = dict(_called(COLOUR_WORDS))
    pattern = rf"\b(?:({_any(colours)}) )?({_any(things)})s?\b"
    return re.compile(pattern), things, colours


@cache
def _rest() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """For each attribute but things and colours a pattern, and what its words mean."""
    found = {}
    for name, table in _REST.items():
        meaning: dict[str, str] = {}
        for value, row in table.items():
            if value in (HELD_OUT_PLACE, HELD_OUT_STYLE):  # no starter model has seen them
                continue
            for text in (*row, *names(name, value), *_loosely(name, value)):
                for said in (text, _LEADING.sub("", text), *_others(text)):
                    meaning.setdefault(said, value)
        found[name] = (re.compile(rf"\b({_any(meaning)})\b"), meaning)
    return found


def _loosely(name: str, value: str) -> tuple[str, ...]:
    return EFFECTS.get((name, value), ()) + _SAID.get((name, value), ())


def _called(table: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for value, row in table.items():
        for name in row:
            yield from ((said, value) for said in (name, *_others(name)))


def _others(name: str) -> tuple[str, ...]:
    return OTHER_NAMES.get(name, ()) + OTHER_NAMES.get(_LEADING.sub("", name), ())


def _any(texts: Iterable[str]) -> str:
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    return "|".join(map(re.escape, longest_first))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z'-]+", text.lower())
