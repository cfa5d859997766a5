"""How people ask for an edit: terse and long sentences, some kept from training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from inference.lab.storybook.edits import Edit
from inference.starter.captions import COLOUR_WORDS, SECOND_WORDS, SUBJECT_WORDS, article
from inference.starter.instructions import (
    GROUND_NOUNS,
    LIGHT_AT,
    LIGHT_NAMES,
    SEASON,
    STYLE,
    TRAINED,
    WEATHER,
    WEATHER_DO,
)
from inference.starter.scene import Scene

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
    return _pick(rng, GROUND_NOUNS[scene.ground]), ""


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
        slots["light"] = _pick(rng, LIGHT_NAMES[edit.value])
        slots["light_at"] = _pick(rng, LIGHT_AT[edit.value])
    if edit.kind == "weather":
        slots["weather"] = _pick(rng, WEATHER[edit.value])
        slots["weather_do"] = _pick(rng, WEATHER_DO[edit.value])
    if edit.kind == "season":
        slots["season"] = _pick(rng, SEASON[edit.value])
    if edit.kind == "style":
        slots["style"] = _pick(rng, STYLE[edit.value])
        slots["a_style"] = slots["style"]
        if slots["style"] != "pixel art":
            slots["a_style"] = article(slots["style"])
    return slots


def instruct(edit: Edit, rng: np.random.Generator, *, held_out: bool = False) -> PhrasedInstruction:
    """A sentence that asks for the edit; with ``held_out=True`` in words kept from training."""
    templates = (_HELD_OUT if held_out else TRAINED)[edit.kind]
    template = templates[int(rng.integers(len(templates)))]
    return PhrasedInstruction(template.format(**slots(edit, rng)), template, held_out)
