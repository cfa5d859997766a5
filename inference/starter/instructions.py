"""How people ask for an edit: terse and long sentences, some kept from training."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from inference.lab.storybook.edits import Edit
from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    LIGHT_WORDS,
    SEASON_WORDS,
    SECOND_WORDS,
    STYLE_WORDS,
    SUBJECT_WORDS,
    WEATHER_WORDS,
    article,
)
from inference.starter.scene import Scene

# Slots: {old} the thing as it is, with "the"; {new} and {a_new} what it becomes; {colour} a new
# colour; {place} where the added thing goes; {light} and its kin a phrase for the new value.
_TRAINED: Final[dict[str, tuple[str, ...]]] = {
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
_HELD_OUT: Final[dict[str, tuple[str, ...]]] = {
    "replace": ("let {old} become {a_new}", "put {a_new} in the place of {old}"),
    "recolour": ("colour {old} {colour}", "let {old} be {colour} now"),
    "add": ("there should be {a_new} {place}", "give me {a_new} too"),
    "remove": ("erase {old}", "let {old} disappear"),
    "light": ("let it be {light}", "how would it look at {light_at}"),
    "weather": ("let there be {weather}", "give the picture {weather}"),
    "season": ("let it be {season}", "how would it look in {season}"),
    "style": ("redo this as {a_style}", "let it look like {a_style}"),
}
_LIGHT_AT: Final[dict[str, tuple[str, ...]]] = {
    "noon": ("noon", "midday", "daytime"),
    "sunset": ("sunset", "dusk"),
    "night": ("night", "nighttime"),
    "grey day": ("a grey day", "an overcast day"),
}
_LIGHT_NAMES: Final[dict[str, tuple[str, ...]]] = {
    **_LIGHT_AT,
    "noon": ("noon", "daytime", "a sunny day", "midday"),
}
_WEATHER: Final[dict[str, tuple[str, ...]]] = {
    "clear": ("a clear sky", "fine weather", "clear weather"),
    "cloudy": ("clouds", "a cloudy sky", "big clouds"),
    "rain": ("rain", "rainy weather"),
    "snow": ("falling snow", "snowfall", "snowy weather"),
}
_WEATHER_DO: Final[dict[str, tuple[str, ...]]] = {
    "clear": ("clear the sky", "make the sky clear"),
    "cloudy": ("make it cloudy", "fill the sky with clouds"),
    "rain": ("make it rain", "let it rain"),
    "snow": ("make it snow", "let it snow"),
}
_SEASON: Final[dict[str, tuple[str, ...]]] = {
    "spring": ("spring", "springtime"),
    "summer": ("summer", "summertime"),
    "autumn": ("autumn", "fall"),
    "winter": ("winter", "wintertime"),
}
_STYLE: Final[dict[str, tuple[str, ...]]] = {
    "flat": ("flat illustration", "flat picture"),
    "watercolour": ("watercolour", "watercolour painting", "aquarelle"),
    "pixel art": ("pixel art", "pixel picture"),
    "pencil": ("pencil drawing", "pencil sketch"),
    "stained glass": ("stained glass window",),
}
_GROUND_NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "path": ("path", "footpath"),
    "flowers": ("flowers",),
    "fence": ("fence", "garden fence"),
}
_NAMED: Final = {
    "light": (_LIGHT_NAMES, LIGHT_WORDS),
    "weather": (_WEATHER, _WEATHER_DO, WEATHER_WORDS),
    "season": (_SEASON, SEASON_WORDS),
    "style": (_STYLE, STYLE_WORDS),
    "ground": (_GROUND_NOUNS, GROUND_WORDS),
    "subject": (SUBJECT_WORDS,),
    "second": (SECOND_WORDS,),
    "colour": (COLOUR_WORDS,),
    "second_colour": (COLOUR_WORDS,),
}


@dataclass(frozen=True)
class PhrasedInstruction:
    """A sentence that asks for an edit.

    Attributes:
        text: what the artist types.
        template: the sentence pattern it came from.
        held_out: whether that pattern is kept from training.
    """

    text: str
    template: str
    held_out: bool


def names(attribute: str, value: str) -> tuple[str, ...]:
    """Every way in which an instruction may name a value, the longest first."""
    found = {name for table in _NAMED.get(attribute, ()) for name in table.get(value, ())}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


@cache
def vocabulary() -> frozenset[str]:
    """Every word that stands in a sentence the models learn from."""
    patterns = (text for texts in _TRAINED.values() for text in texts)
    sources = [re.sub(r"\{\w+\}", " ", text) for text in patterns]
    sources += [
        name for tables in _NAMED.values() for table in tables for name in sum(table.values(), ())
    ]
    sources += ["a an the little on the side beside next to in front of"]
    return frozenset(word for text in sources for word in re.findall(r"[a-z']+", text))


def _pick(rng: np.random.Generator, words: tuple[str, ...], plain: float = 0.5) -> str:
    return words[0] if rng.random() < plain else words[int(rng.integers(len(words)))]


def _noun(rng: np.random.Generator, scene: Scene, attribute: str) -> tuple[str, str]:
    """The plain noun of the thing an attribute is about, and its colour word or ""."""
    if attribute in ("subject", "colour"):
        return (
            _pick(rng, SUBJECT_WORDS[scene.subject]),
            _pick(rng, COLOUR_WORDS[scene.colour], 0.7),
        )
    if attribute in ("second", "second_colour"):
        return (
            _pick(rng, SECOND_WORDS[scene.second]),
            _pick(rng, COLOUR_WORDS[scene.second_colour], 0.7),
        )
    return _pick(rng, _GROUND_NOUNS[scene.ground]), ""


def slots(edit: Edit, rng: np.random.Generator) -> dict[str, str]:
    """Words for every slot the templates of this kind of edit may use."""
    slots: dict[str, str] = {}
    if edit.kind in ("replace", "recolour", "remove"):
        noun, colour = _noun(rng, edit.source, edit.attribute)
        little = "little " if rng.random() < 0.25 else ""
        named = f"{colour} {noun}" if colour and rng.random() < 0.5 else noun
        slots["bare"] = noun
        slots["old"] = f"the {noun}" if noun == "flowers" else f"the {little}{named}"
    if edit.kind == "recolour":
        slots["colour"] = _pick(rng, COLOUR_WORDS[edit.value], 0.7)
    if edit.kind == "replace":
        # The colour stays; naming it again is allowed.
        noun, colour = _noun(rng, edit.target, edit.attribute)
        slots["a_new"] = article(f"{colour} {noun}" if rng.random() < 0.25 else noun)
    if edit.kind == "add":
        noun, colour = _noun(rng, edit.target, edit.attribute)
        # The colour of a new thing cannot be guessed, so it is always said.
        slots["a_new"] = noun if noun == "flowers" else article(f"{colour} {noun}".strip())
        thing = _pick(rng, SUBJECT_WORDS[edit.source.subject])
        beside = (f"beside the {thing}", f"next to the {thing}", "on the side")
        front = ("in front", f"in front of the {thing}")
        slots["place"] = _pick(rng, front if edit.attribute == "ground" else beside)
    if edit.kind == "light":
        slots["light"] = _pick(rng, _LIGHT_NAMES[edit.value])
        slots["light_at"] = _pick(rng, _LIGHT_AT[edit.value])
    if edit.kind == "weather":
        slots["weather"] = _pick(rng, _WEATHER[edit.value])
        slots["weather_do"] = _pick(rng, _WEATHER_DO[edit.value])
    if edit.kind == "season":
        slots["season"] = _pick(rng, _SEASON[edit.value])
    if edit.kind == "style":
        slots["style"] = _pick(rng, _STYLE[edit.value])
        slots["a_style"] = slots["style"]
        if slots["style"] != "pixel art":
            slots["a_style"] = article(slots["style"])
    return slots


def instruct(edit: Edit, rng: np.random.Generator, *, held_out: bool = False) -> PhrasedInstruction:
    """A sentence that asks for the edit; with ``held_out=True`` in words kept from training."""
    templates = (_HELD_OUT if held_out else _TRAINED)[edit.kind]
    template = templates[int(rng.integers(len(templates)))]
    return PhrasedInstruction(template.format(**slots(edit, rng)), template, held_out)
