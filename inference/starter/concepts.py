"""What concepts name of the storybook world, and the topics that its captions are written about.

A concept is a word, a phrase or a sentence in anybody's words; a topic says the same in the plain
words of a caption: ``red cat, seaside, night``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from editor.english.noun_phrases import NounPhrase, noun_phrases
from inference.starter.captions import COLOUR_WORDS, SECOND_WORDS, SUBJECT_WORDS, parse_caption
from inference.starter.concept_words import (
    ABOUT_PICTURES,
    LEADING,
    REST,
    UNKNOWN_COLOURS,
    colours_called,
    rest_called,
    things_called,
)

_NEGATED: Final = re.compile(r"\b(?:without|no|not)(?: (?:an?|any|the))? $")
_ORDER: Final = ("subject", "colour", "second", "second_colour", *REST)


@dataclass
class _Reading:
    """The attributes that a concept names, and the noun phrases that name none of them."""

    facts: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def concept_facts(concept: str) -> dict[str, str]:
    """Attributes of a scene that a concept names, and their values, in the order of captions."""
    facts = _read(concept).facts
    return {name: facts[name] for name in _ORDER if name in facts}


def unknown_things(concept: str) -> tuple[str, ...]:
    """What a concept names and a scene cannot show, or not with the rest; in its words."""
    return tuple(_read(concept).unknown)


def topic_of(facts: Mapping[str, str]) -> str:
    """Facts in the plain words of a caption, "" for none.

    Args:
        facts: attributes and values; a second thing "none" and "bare" ground are left out.
    """
    found = [
        _coloured(facts.get("colour", ""), SUBJECT_WORDS.get(facts.get("subject", ""))),
        _coloured(facts.get("second_colour", ""), SECOND_WORDS.get(facts.get("second", ""))),
    ]
    for name, table in REST.items():
        row = table.get(facts.get(name, ""))
        found.append(LEADING.sub("", row[0]) if row else "")
    return ", ".join(part for part in found if part)


def says_all_of(facts: Mapping[str, str], prompt: str) -> bool:
    """Whether a prompt is a caption of a whole scene and says all of some facts."""
    said = parse_caption(prompt)
    return "subject" in said and "place" in said and facts.items() <= said.items()


def _coloured(colour: str, row: tuple[str, ...] | None) -> str:
    if not row:
        return ""
    return f"{COLOUR_WORDS[colour][0]} {row[0]}" if colour else row[0]


def _read(concept: str) -> _Reading:
    text = " ".join(concept.split())
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer: places would be wrong
        low = text
    phrases = noun_phrases(text)
    there = [one for one in phrases if not _NEGATED.search(low[: one.start])]
    things = {one.start: thing for one in there if (thing := _thing(one))}
    subject, second = _roles([thing for thing, _ in things.values()])
    found = _Reading()
    for phrase in there:
        if phrase.start in things and not _take(found.facts, things[phrase.start], subject, second):
            found.unknown.append(phrase.text)
    spans = _read_rest(low, found.facts)
    for phrase in phrases:
        end = phrase.start + len(phrase.text)
        said = any(a < end <= b for a, b in spans) and not (phrase.name and phrase.words > 1)
        known = said or phrase.start in things or phrase.head in ABOUT_PICTURES
        if not known and phrase.text not in found.unknown:
            found.unknown.append(phrase.text)
    if not found.facts and not found.unknown:
        found.unknown.append(text)
    return found


def _thing(phrase: NounPhrase) -> tuple[str, str] | None:
    """The thing that a noun phrase is of and its colour, "" for none; None for another thing.

    A thing in a colour that this world does not have, or in two, is another thing.
    """
    *before, _ = phrase.text.lower().split()
    words = " ".join([*before, phrase.head.lower()])
    name = next((one for one in things_called() if f" {words}".endswith(f" {one}")), "")
    if not name:
        return None
    rest = f" {words.removesuffix(name)} "
    colours = []
    for called, colour in colours_called().items():
        if f" {called} " in rest:
            colours.append(colour)
            rest = rest.replace(f" {called} ", " ")
    if len(colours) > 1 or UNKNOWN_COLOURS & set(rest.split()):
        return None
    return things_called()[name], colours[0] if colours else ""


def _roles(named: list[str]) -> tuple[str, str]:
    """Which thing is the subject and which one the second, "" for none: a cat can be either."""
    alone = [one for one in named if one in SUBJECT_WORDS and one not in SECOND_WORDS]
    able = alone or [one for one in named if one in SUBJECT_WORDS]
    subject = able[0] if able else ""
    seconds = [one for one in named if one in SECOND_WORDS and one != subject]
    return subject, seconds[0] if seconds else ""


def _take(facts: dict[str, str], thing: tuple[str, str], subject: str, second: str) -> bool:
    """Note a thing with its colour; False where a scene has no room for it."""
    value, colour = thing
    role = {subject: "subject", second: "second"}.get(value, "")
    if not role:
        return False
    facts[role] = value
    key = "colour" if role == "subject" else "second_colour"
    return not colour or facts.setdefault(key, colour) == colour


def _read_rest(low: str, facts: dict[str, str]) -> list[tuple[int, int]]:
    """Note place, light and the like; returns where the words stand that say them."""
    spans = []
    for name, (pattern, meaning) in rest_called().items():
        for match in pattern.finditer(low):
            if _NEGATED.search(low[: match.start()]):
                continue
            if facts.setdefault(name, meaning[match[1]]) == meaning[match[1]]:
                spans.append(match.span())
    return spans
