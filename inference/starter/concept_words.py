"""What people call the things, colours, places and lights of the storybook world in plain prose.

Instructions are read with more words than these (`inference.starter.instructions`): what is said
to an editor is about the picture, and in a story "may" and "fall" are mostly no seasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from inference.starter.captions import COLOUR_WORDS, REST_WORDS, SECOND_WORDS, SUBJECT_WORDS
from inference.starter.effect_phrases import EFFECTS
from inference.starter.instructions import names
from inference.starter.loose_phrases import OTHER_NAMES
from inference.starter.scene import HELD_OUT_PLACE, HELD_OUT_STYLE


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


REST: Final = {
    name: REST_WORDS[name]
    for name in ("ground", "place", "light", "weather", "season", "view", "style")
}
"""All attributes but things and colours, in the order of captions."""

LEADING: Final = re.compile(r"^(?:(?:in|on|at|by|below|among|under|from|an?|the) )+")

UNKNOWN_COLOURS: Final = _set_of("""
    beige black bronze brown copper cyan gold gray grey indigo maroon silver teal turquoise
    """)
"""Colours that no thing of this world has."""

ABOUT_PICTURES: Final = _set_of("""
    day edge end front home image illustration middle painting picture place scene side view world
    """)
"""Lemmas of nouns that name nothing to be drawn."""

_AMBIGUOUS: Final = _set_of("""
    april august auto bedtime blocky dark distance dull fall graphite hatching home hot june
    lunchtime may pencil pencils pixels sketch track
    """)
"""Words of instructions that mostly mean something else in prose."""

_SAID: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("ground", "flowers"): ("flower",),
    ("place", "meadow"): ("field", "hill", "hills"),
    ("place", "mountains"): ("mountain",),
    ("place", "forest"): ("wood",),
    ("light", "noon"): ("sun", "sunshine", "sunlight", "daylight"),
    ("light", "sunset"): ("setting sun", "sun was setting", "sun sets", "sun set", "sun went down"),
    ("light", "night"): ("moon", "starlight", "starry"),
    ("weather", "cloudy"): ("cloud", "cloudy"),
    ("weather", "rain"): ("rainy", "storm", "stormy", "thunderstorm"),
    ("weather", "snow"): ("snow", "snowy", "blizzard", "snowflake"),
    ("season", "winter"): ("wintry", "frost", "frosty"),
    ("season", "autumn"): ("autumnal",),
}
"""What stories say, and nobody asks an editor for."""


@cache
def things_called() -> dict[str, str]:
    """What things are called → the thing, the longest name first."""
    return _longest_first(dict(_called(SECOND_WORDS)) | dict(_called(SUBJECT_WORDS)))


@cache
def colours_called() -> dict[str, str]:
    """What colours are called → the colour, the longest name first."""
    return _longest_first(dict(_called(COLOUR_WORDS)))


@cache
def rest_called() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """For each attribute of `REST` a pattern, and what its words mean.

    A plural is matched too. Parts of words with a hyphen are not.
    """
    found = {}
    for name, table in REST.items():
        meaning = dict(_meanings(name, table))
        longest_first = map(re.escape, _longest_first(meaning))
        pattern = rf"(?<![\w-])({'|'.join(longest_first)})(?:e?s)?(?![\w-])"
        found[name] = (re.compile(pattern), meaning)
    return found


def _meanings(name: str, table: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for value, row in table.items():
        if value in (HELD_OUT_PLACE, HELD_OUT_STYLE):  # no starter model has seen them
            continue
        effects = (text for text in EFFECTS.get((name, value), ()) if " " in text)
        for text in (*row, *names(name, value), *effects, *_SAID.get((name, value), ())):
            for said in (text, LEADING.sub("", text), *_others(text)):
                if said not in _AMBIGUOUS:
                    yield said, value


def _called(table: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for value, row in table.items():
        for name in row:
            for said in (name, *_others(name)):
                if said not in _AMBIGUOUS:
                    yield said, value


def _others(name: str) -> Iterable[str]:
    return OTHER_NAMES.get(LEADING.sub("", name), OTHER_NAMES.get(name, ()))


def _longest_first(meaning: Mapping[str, str]) -> dict[str, str]:
    return {name: meaning[name] for name in sorted(meaning, key=lambda one: (-len(one), one))}
