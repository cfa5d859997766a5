"""What the engine says, in the artist's language.

The engine and the words know no Qt: their sentences come as English of a closed set, made from
templates. Here are the same templates for Qt's translation, context "Engine"; a sentence is found
again by its template, and what it names (a word, a figure, a model) is put into the translated
one. Anything else stays as it is, so that nothing is ever lost.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


def _t(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Engine", text))


def tr(text: str) -> str:
    """Translate in the context of the engine's sentences."""
    return QCoreApplication.translate("Engine", text)


NOTES: Final = (
    _t(
        "The models at hand know only the storybook world, and this picture is not of it: expect "
        "little of them here. Tone and colour works on any picture; a model made from photographs "
        "would edit this one."
    ),
    _t(
        "The starter captioner knows only storybook scenes, and this picture is not of that world, "
        "so its caption was not believed. Write what the picture shows, or add a captioner made "
        "from photographs; until then tone and colour can be changed."
    ),
    _t(
        "There is no language model yet, so nothing can be suggested. With one, Pentimento "
        "proposes what to say next and reads instructions into captions."
    ),
    _t(
        "There is no captioner yet, so the picture cannot be described. Write what it shows, or "
        "add a captioner: suggestions follow from the caption."
    ),
    _t(
        "The starter language model knows only storybook scenes, and this caption is not one. A "
        "larger language model reads any caption; until then tone and colour can be changed."
    ),
    _t("The language model had no more edits that are new here."),
    _t("Without a language model these are phrases of tone and colour, fitted to the picture."),
)
"""About a picture or the suggestions for it."""

FAILURES: Final = (
    _t("The image engine stopped and was started again. Nothing is lost."),
    _t("The image engine does not start."),
    _t("Something went wrong in the program. Your document is safe."),
    _t("Copy details"),
    _t("Run again"),
    _t("Not enough memory for this picture."),
    _t("Try a smaller one."),
    _t("{0} needs a model you do not have yet: {1}."),
    _t("There is no {0} model yet."),
    _t("Add a model"),
    _t("The model {0} needs {1} of memory and there are {2} for models."),
    _t("Choose a smaller model."),
    _t("The model {0} does not say its size."),
    _t("The model {0} is of another kind."),
    _t("The model {0} makes no picture: its results are not numbers."),
    _t("The model {0} cannot be loaded: {1}"),
    _t("The model {0} brings settings that cannot be used: {1}."),
    _t("Correct that file or remove it."),
    _t("Choose another model"),
    _t("The captioner found no words for it."),
    _t("Write what it shows."),
    _t("There are no words to go by."),
    _t("Say what should change, for example “warmer”."),
    _t("There is nothing to explore."),
    _t("Say what should change."),
    _t("{0} is not a unit that tone and colour use."),
    _t("Say percent, stops or degrees."),
    _t("{0} is not among the words for tone and colour."),
    _t("{0} are not among the words for tone and colour."),
    _t("The nearest known words are {0}."),
    _t("Say it in words of tone and colour."),
    _t("“{0}” is a part of the picture, so a selection is needed to say where it is."),
    _t("Select it first, then say it again."),
    _t("Changing what is in a picture takes a model; the models page says how to add one."),
)
"""Why a job failed, and what to do about it."""

QUESTIONS: Final = (
    _t("The caption names no {0}. What is meant?"),
    _t("Which one is meant?"),
    _t("This can be read in more than one way. Which is meant?"),
)

REASONS: Final = (
    _t("The picture is dark: half of it lies below {0} of 100."),
    _t("The picture is bright: half of it lies above {0} of 100."),
    _t("It uses {0} of 100 steps between dark and light."),
    _t("{0} % of it is nearly black."),
    _t("{0} % of it is nearly white."),
    _t("Its darkest parts are light: {0} of 100."),
    _t("A usual look to try; nothing measured asks for it or speaks against it."),
    _t("What is nearly grey in it leans towards blue."),
    _t("What is nearly grey in it is hardly warm."),
    _t("What is nearly grey in it leans towards yellow."),
    _t("Its colours are weak: {0} on average, where grey is 0."),
    _t("Its colours are strong: {0} on average, where grey is 0."),
    _t("The caption does not mention “{0}”"),
    _t("The caption mentions “{0}”"),
    _t("“{0}” of the caption could be something else"),
    _t("“{0}” of the caption could be “{1}”"),
    _t("“{0}” and “{1}” of the caption could change places"),
    _t("no step so far was about it"),
    _t("The caption says “{0}”; this is another {1}"),
    _t("The caption calls the {0} “{1}”"),
    _t("The caption names no colour of the {0}"),
    _t("The caption names no path, flowers or fence in front of the {0}"),
    _t("The caption names no second thing beside the {0}"),
    _t("The caption names no {0}"),
    _t("The caption is about “{0}”, and your last two edits were about it"),
    _t("the {0} was never changed on the way here"),
    _t("the {0} changed in the last step"),
    _t("the {0} changed {1} steps ago"),
    _t("The caption says nothing about {0}; Tone and colour does this to any picture."),
    _t("From the program's own list, not from the language model."),
    _t("You asked for this; the caption after it is the language model's reading."),
)
"""Why something is suggested."""

NAMES: Final = (
    _t("time of day"), _t("weather"), _t("season"), _t("style"), _t("subject"), _t("colour"),
    _t("second thing"), _t("colour of the second thing"), _t("warmth"), _t("contrast"),
    _t("lightness"), _t("colour strength"), _t("black and white"), _t("sepia"), _t("grain"),
    _t("a vignette"), _t("fading"), _t("softness"), _t("captioner"), _t("language model"),
    _t("text to image"), _t("inpainting"), _t("chat model"),
)  # fmt: skip
"""What a sentence may name that is not the artist's own word."""

METHODS: Final = (
    _t("Tone and colour"),
    _t("Changes light, colour, sharpness and framing of any picture by words; no model needed."),
    _t("InstructPix2Pix"),
    _t("Changes what is in the picture by an instruction: things, places, light, style."),
    _t("New picture from words"),
    _t("Draws a picture from a description: how a document begins without one."),
)
"""Titles and sentences of `inference.request.registry`, only so that translators find them."""

_ALL: Final = (*NOTES, *FAILURES, *QUESTIONS, *REASONS)
_MARKS: Final = (". ", "; ", ".")
"""Between two sentences, between two parts of one, after the last part."""


def said(text: str) -> str:
    """A sentence of the engine in the artist's language; unknown ones stay as they are."""
    return _translated(text) or text


def _translated(text: str) -> str:
    """Several sentences, and parts of one, each by its own; empty for what is not known."""
    if text in _ALL:
        return tr(text)
    for mark in _MARKS:
        for place in re.finditer(re.escape(mark), text):
            first, rest = text[: place.start()] + mark.rstrip("; "), text[place.end() :]
            if not rest:  # the stop that ends a sentence made from parts
                first = text[: place.start()]
            one = _translated(first) if first != text else ""
            other = _translated(rest) if one and rest else ""
            if one and (other or not rest):
                return one + mark.removeprefix("." if rest else "") + other
    for template in _ALL:
        found = _pattern(template).fullmatch(text)
        if found is not None:
            return tr(template).format(*(tr(n) if n in NAMES else n for n in found.groups()))
    return ""


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(template)))
