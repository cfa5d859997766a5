"""How people write: politeness, filler words, missing capitals, slips of the finger.

Instructions of the grammar are clean; the language model must also understand what is typed in a
hurry. None of this is used to make captions.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from inference.training.storybook.edits import Edit
from inference.training.storybook.instructions import instruct, slots

# Beyond the patterns that also teach the picture models: the longer, looser ways of asking. None
# uses a pattern that `instructions` keeps from training.
_LOOSE: Final[dict[str, tuple[str, ...]]] = {
    "replace": (
        "i would rather see {a_new} than {old}",
        "{a_new} would be better than {old}",
        "{old} should turn into {a_new}",
        "what if {old} were {a_new}",
        "make {a_new} out of {old}",
        "exchange {old} for {a_new}",
        "use {a_new} in place of {old}",
        "i don't want {old}, i want {a_new}",
        "not {old} but {a_new}",
        "transform {old} into {a_new}",
        "get rid of {old} and show {a_new}",
        "take away {old} and put {a_new} there",
        "{old} needs to be {a_new}",
        "{bare} -> {a_new}",
    ),
    "recolour": (
        "{old} in {colour}",
        "i want {old} in {colour}",
        "i would like {old} to be {colour}",
        "{old} needs to be {colour}",
        "what if {old} were {colour}",
        "make the colour of {old} {colour}",
        "change the colour of {old} to {colour}",
        "could {old} be {colour}",
        "{old} would look better in {colour}",
        "use {colour} for {old}",
        "dye {old} {colour}",
        "a {colour} {bare} please",
        "{colour} for {old}",
        "tint {old} {colour}",
        "change the color of {old} to {colour}",
        "i prefer {old} in {colour}",
        "{old} must become {colour}",
        "switch {old} to {colour}",
        "have {old} in {colour}",
        "give me a {colour} {bare}",
        "i'd like a {colour} {bare}",
        "why not {colour} for {old}",
        "{old}, but {colour}",
        "the {bare} ought to be {colour}",
        "spray {old} {colour}",
        "{bare}: {colour}",
        "{colour} paint on {old}",
        "a different colour for {old}, {colour}",
    ),
    "add": (
        "it needs {a_new}",
        "{a_new} would be nice",
        "show {a_new} {place}",
        "{a_new} {place}",
        "insert {a_new}",
        "include {a_new}",
        "bring in {a_new}",
        "can we have {a_new} {place}",
        "i am missing {a_new}",
        "how about {a_new} {place}",
        "there is room for {a_new}",
        "paint {a_new} {place}",
        "let me see {a_new} {place}",
        "make room for {a_new} {place}",
        "also {a_new}",
        "lend the scene {a_new}",
        "let the picture have {a_new}",
        "what the picture needs is {a_new}",
        "treat it to {a_new}",
    ),
    "remove": (
        "drop {old}",
        "i don't want {old}",
        "lose {old}",
        "hide {old}",
        "there should be no {bare}",
        "the picture is better without {old}",
        "cut {old}",
        "clear away {old}",
        "{old} has to go",
        "i do not like {old}, take it away",
        "leave out {old}",
        "get {old} out of there",
        "no more {bare}",
        "we don't need {old}",
        "wipe out {old}",
    ),
    "light": (
        "it should be {light}",
        "i want {light}",
        "what about {light}",
        "set it at {light_at}",
        "at {light_at}",
        "the scene should be at {light_at}",
        "what if it were {light}",
        "change it to {light}",
        "i'd like to see it at {light_at}",
        "the light of {light_at}",
        "switch to {light}",
        "{light} light",
    ),
    "weather": (
        "it should have {weather}",
        "with {weather}",
        "add {weather}",
        "i would like {weather}",
        "how about {weather}",
        "what if there were {weather}",
        "show {weather}",
        "the weather should be {weather}",
        "{weather} over the scene",
        "bring {weather}",
        "we need {weather}",
        "i'd love some {weather}",
        "try {weather}",
        "put in {weather}",
        "turn the weather into {weather}",
        "i want to see {weather}",
        "it is time for {weather}",
        "could there be {weather}",
        "{weather} instead",
        "more {weather}",
        "go for {weather}",
        "imagine {weather}",
        "lend the scene {weather}",
        "grant it {weather}",
        "let the picture have {weather}",
        "what the picture needs is {weather}",
        "fill the picture with {weather}",
        "spread {weather} over it",
        "let me have {weather}",
        "the picture could do with {weather}",
        "send {weather}",
        "put {weather} into the picture",
        "bless us with {weather}",
        "treat it to {weather}",
    ),
    "season": (
        "it should be {season}",
        "i want {season}",
        "set it in {season}",
        "in {season}",
        "what about {season}",
        "change to {season}",
        "the season should be {season}",
        "what if it were {season}",
        "a {season} scene",
        "switch to {season}",
        "i'd like {season}",
        "give me {season}",
        "move it to {season}",
        "put the scene in {season}",
        "i'd prefer {season}",
        "{season} time",
        "can it be {season}",
        "make everything look like {season}",
        "it is {season} now",
        "the same place in {season}",
        "{season} instead",
        "go for {season}",
        "time for {season}",
    ),
    "style": (
        "i want it as {a_style}",
        "in the style of {a_style}",
        "in {style} style",
        "it should look like {a_style}",
        "paint it as {a_style}",
        "convert it to {style}",
        "render this as {a_style}",
        "like {a_style}",
        "what about {a_style}",
        "as if it were {a_style}",
        "make this look like {a_style}",
        "switch to {style}",
    ),
}
# What is said by its effect instead of its name; the words belong to one value alone.
_BY_EFFECT: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("light", "noon"): (
        "make it bright day",
        "turn on the daylight",
        "make the sun shine high in the sky",
        "full daylight",
        "the sun at its highest",
    ),
    ("light", "sunset"): (
        "let the sun go down",
        "evening light",
        "golden hour",
        "make it evening",
        "the sun is setting",
        "a red evening sky",
        "late in the day",
    ),
    ("light", "night"): (
        "make it dark with stars",
        "moonlight",
        "show the moon and the stars",
        "after dark",
        "midnight",
        "a starry sky",
        "switch off the sun",
        "make it dark outside",
    ),
    ("light", "grey day"): (
        "dull light",
        "make the day gloomy",
        "no sunshine, all grey",
        "a dull day",
        "overcast",
        "make the light flat and grey",
    ),
    ("weather", "clear"): (
        "take the clouds away",
        "no clouds",
        "a cloudless sky",
        "stop the rain",
        "blue sky",
        "make the weather nice",
        "get rid of the clouds",
        "let the sky clear up",
        "dry weather",
        "no more rain",
        "nothing but sky above",
    ),
    ("weather", "cloudy"): (
        "more clouds",
        "fluffy clouds",
        "clouds in the sky",
        "add clouds",
        "cover the sky with clouds",
        "clouds rolling in",
        "fill the sky with clouds",
        "some clouds up there",
        "big clouds above",
        "a sky full of clouds",
    ),
    ("weather", "rain"): (
        "a rainy day",
        "raindrops",
        "make it wet",
        "let it pour",
        "a shower of rain",
        "add raindrops",
        "a downpour",
        "some drizzle",
        "start raining",
        "a rain storm",
        "stormy weather",
        "pouring rain",
        "get everything wet",
    ),
    ("weather", "snow"): (
        "snowflakes",
        "add snowflakes",
        "snow falling from the sky",
        "let snow fall",
        "it should be snowing",
        "a snow storm",
        "a blizzard",
        "flakes drifting down",
        "start snowing",
        "white flakes in the air",
    ),
    ("season", "spring"): (
        "fresh green and blossoms",
        "blossoms everywhere",
        "early in the year",
        "springtime",
        "everything in bloom",
        "make it april",
        "new leaves and buds",
    ),
    ("season", "summer"): (
        "warm summer days",
        "lush green summer",
        "make it july",
        "summertime",
        "midsummer",
        "the hottest time of the year",
        "make it august",
    ),
    ("season", "autumn"): (
        "autumn leaves",
        "golden leaves",
        "make the leaves turn orange",
        "falling leaves",
        "red and orange leaves",
        "make it october",
        "when the leaves fall",
    ),
    ("season", "winter"): (
        "cover everything in snow",
        "snow on the ground",
        "a winter landscape",
        "make it december",
        "wintertime",
        "deep snow all around",
        "make it january",
        "a frozen world",
        "everything frozen and white",
    ),
    ("style", "flat"): ("flat colours, no texture", "simple flat shapes", "a clean illustration"),
    ("style", "watercolour"): ("paint it with watercolours", "soft washes of watercolour"),
    ("style", "pixel art"): ("like an old video game", "big square pixels", "8-bit"),
    ("style", "pencil"): ("draw it with pencils", "a hand drawn sketch", "sketch it"),
}

OPENINGS: Final = (
    "please ",
    "could you ",
    "can you ",
    "can you please ",
    "i would like you to ",
    "now ",
    "ok, now ",
    "hey, ",
    "could you please ",
    "let's ",
    "and ",
    "maybe ",
    "hmm, ",
    "i think you should ",
)
CLOSINGS: Final = (
    " please",
    ", please",
    ", thanks",
    " if you can",
    " for me",
    " now",
    "!",
    ".",
    " this time",
    " instead",
    ", ok?",
    "?",
)
_NEIGHBOURS: Final = {
    a: b
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for a, b in zip(row, row[1:] + row[-2], strict=True)
}


def ask(edit: Edit, rng: np.random.Generator) -> str:
    """A sentence that asks for the edit, of the picture models' patterns or looser ones."""
    by_effect = _BY_EFFECT.get((edit.attribute, edit.value), ())
    drawn = rng.random()
    if by_effect and drawn < 0.2:
        return by_effect[int(rng.integers(len(by_effect)))]
    if drawn < 0.6:
        return instruct(edit, rng).text
    loose = _LOOSE[edit.kind]
    return loose[int(rng.integers(len(loose)))].format(**slots(edit, rng))


def slip(text: str, rng: np.random.Generator) -> str:
    """One slip: a letter lost, doubled, swapped with the next or hit beside."""
    places = [i for i, c in enumerate(text[:-1]) if c.isalpha() and text[i + 1].isalpha()]
    if not places:
        return text
    i = places[int(rng.integers(len(places)))]
    kind = int(rng.integers(4))
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    if kind == 2:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + _NEIGHBOURS.get(text[i].lower(), text[i]) + text[i + 1 :]


def as_typed(text: str, rng: np.random.Generator) -> str:
    """The instruction as someone might type it; two in five stay as they are."""
    if rng.random() < 0.4:
        return text
    if rng.random() < 0.4:
        text = OPENINGS[int(rng.integers(len(OPENINGS)))] + text
    if rng.random() < 0.3:
        text = text + CLOSINGS[int(rng.integers(len(CLOSINGS)))]
    if rng.random() < 0.2:
        text = text[0].upper() + text[1:]
    if rng.random() < 0.3:
        text = slip(text, rng)
    if rng.random() < 0.08:
        text = slip(text, rng)
    if rng.random() < 0.1:
        text = text.replace(",", "")
    return text
