"""The sentences and words in which the starter models were taught to read an edit."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    LIGHT_WORDS,
    SEASON_WORDS,
    SECOND_WORDS,
    STYLE_WORDS,
    SUBJECT_WORDS,
    WEATHER_WORDS,
)

# Slots: {old} the thing as it is, with "the"; {new} and {a_new} what it becomes; {colour} a new
# colour; {place} where the added thing goes; {light} and its kin a phrase for the new value.
TRAINED: Final[dict[str, tuple[str, ...]]] = {
    "replace": (
        "turn {old} into {a_new}",
        "replace {old} with {a_new}",
        "{a_new} instead of {old}",
        "make {old} {a_new}",
        "change {old} to {a_new}",
        "{a_new} instead",
        "swap {old} for {a_new}",
        "i want {a_new} where {old} is",
    ),
    "recolour": (
        "make {old} {colour}",
        "paint {old} {colour}",
        "{colour} {bare}",
        "change {old} to {colour}",
        "turn {old} {colour}",
        "recolour {old} in {colour}",
        "{old} should be {colour}",
        "give {old} a {colour} colour",
    ),
    "add": (
        "add {a_new}",
        "add {a_new} {place}",
        "put {a_new} {place}",
        "place {a_new} in the picture",
        "i want {a_new} {place}",
        "with {a_new}",
        "draw {a_new} {place}",
    ),
    "remove": (
        "remove {old}",
        "take away {old}",
        "delete {old}",
        "no {bare}",
        "get rid of {old}",
        "without {old}",
        "take {old} out of the picture",
    ),
    "light": (
        "make it {light}",
        "{light}",
        "change the time of day to {light}",
        "show the scene at {light_at}",
        "turn the light to {light}",
        "the same picture at {light_at}",
    ),
    "weather": (
        "{weather}",
        "{weather_do}",
        "change the weather to {weather}",
        "i want {weather}",
        "the same scene with {weather}",
    ),
    "season": (
        "make it {season}",
        "{season}",
        "change the season to {season}",
        "turn it into {season}",
        "show the scene in {season}",
    ),
    "style": (
        "as {a_style}",
        "make it {a_style}",
        "turn it into {a_style}",
        "{style} style",
        "draw it as {a_style}",
        "change the style to {style}",
    ),
}
LIGHT_AT: Final[dict[str, tuple[str, ...]]] = {
    "noon": ("noon", "midday", "daytime"),
    "sunset": ("sunset", "dusk"),
    "night": ("night", "nighttime"),
    "grey day": ("a grey day", "an overcast day"),
}
LIGHT_NAMES: Final[dict[str, tuple[str, ...]]] = {
    **LIGHT_AT,
    "noon": ("noon", "daytime", "a sunny day", "midday"),
}
WEATHER: Final[dict[str, tuple[str, ...]]] = {
    "clear": ("a clear sky", "fine weather", "clear weather"),
    "cloudy": ("clouds", "a cloudy sky", "big clouds"),
    "rain": ("rain", "rainy weather"),
    "snow": ("falling snow", "snowfall", "snowy weather"),
}
WEATHER_DO: Final[dict[str, tuple[str, ...]]] = {
    "clear": ("clear the sky", "make the sky clear"),
    "cloudy": ("make it cloudy", "fill the sky with clouds"),
    "rain": ("make it rain", "let it rain"),
    "snow": ("make it snow", "let it snow"),
}
SEASON: Final[dict[str, tuple[str, ...]]] = {
    "spring": ("spring", "springtime"),
    "summer": ("summer", "summertime"),
    "autumn": ("autumn", "fall"),
    "winter": ("winter", "wintertime"),
}
STYLE: Final[dict[str, tuple[str, ...]]] = {
    "flat": ("flat illustration", "flat picture"),
    "watercolour": ("watercolour", "watercolour painting", "aquarelle"),
    "pixel art": ("pixel art", "pixel picture"),
    "pencil": ("pencil drawing", "pencil sketch"),
    "stained glass": ("stained glass window",),
}
GROUND_NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "path": ("path", "footpath"),
    "flowers": ("flowers",),
    "fence": ("fence", "garden fence"),
}
_NAMED: Final = {
    "light": (LIGHT_NAMES, LIGHT_WORDS),
    "weather": (WEATHER, WEATHER_DO, WEATHER_WORDS),
    "season": (SEASON, SEASON_WORDS),
    "style": (STYLE, STYLE_WORDS),
    "ground": (GROUND_NOUNS, GROUND_WORDS),
    "subject": (SUBJECT_WORDS,),
    "second": (SECOND_WORDS,),
    "colour": (COLOUR_WORDS,),
    "second_colour": (COLOUR_WORDS,),
}


def names(attribute: str, value: str) -> tuple[str, ...]:
    """Every way in which an instruction may name a value, the longest first."""
    found = {name for table in _NAMED.get(attribute, ()) for name in table.get(value, ())}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


@cache
def vocabulary() -> frozenset[str]:
    """Every word that stands in a sentence the models learn from."""
    patterns = (text for texts in TRAINED.values() for text in texts)
    sources = [re.sub(r"\{\w+\}", " ", text) for text in patterns]
    sources += [
        name for tables in _NAMED.values() for table in tables for name in sum(table.values(), ())
    ]
    sources += ["a an the little on the side beside next to in front of"]
    return frozenset(word for text in sources for word in re.findall(r"[a-z']+", text))
