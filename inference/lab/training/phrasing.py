"""How people write: politeness, filler words, names of their own, slips of the finger.

Instructions of the grammar are clean; the language model must also understand what is typed in a
hurry, and verbs it has never met. None of this is used to make captions.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

import numpy as np

from inference.lab.storybook.edits import Edit
from inference.lab.storybook.instructions import instruct, slots
from inference.lab.training.tokenizers import COMMON
from inference.starter.captions import COLOUR_WORDS, PLACE_WORDS, article
from inference.starter.effect_phrases import EFFECTS
from inference.starter.loose_phrases import LOOSE, OTHER_NAMES

OPENINGS: Final = (
    *("please ", "could you ", "can you ", "can you please ", "could you please ", "pls ", "plz "),
    *("i would like you to ", "i want you to ", "would you ", "try to ", "just ", "kindly "),
    *("now ", "ok, now ", "ok ", "so ", "and ", "maybe ", "hmm, ", "well, ", "actually, ", "also "),
    *("hey, ", "hi, ", "hello, ", "let's ", "i think you should ", "for the next one, "),
    *("nice, but ", "i like it, but ", "not bad, now ", "one more thing: ", "do me a favour, "),
)
CLOSINGS: Final = (
    *(" please", ", please", " pls", ", thanks", " thanks", " thank you", " thx", " if you can"),
    *(" for me", " now", "!", ".", "...", "!!", "?", " this time", " instead", ", ok?", " then"),
    *(" would you", " if possible", " i think", " in this one", ", that would be nice", " :)"),
)
_NEIGHBOURS: Final = {
    a: b
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for a, b in zip(row, row[1:] + row[-2], strict=True)
}
# What a sentence turns on stays when its other words are veiled.
_KEPT: Final = frozenset(
    ("no", "not", "without", "never", "instead", "rather", "than", "from", "to", "out", "don't")
)
_SYLLABLES: Final = (
    *("ba", "ket", "lo", "mi", "ru", "san", "dor", "pel", "gri", "shu", "vem", "to", "lan"),
    *("fy", "ost", "cre", "ni", "wub"),
)


def _alternatives(names: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    # The longest first: an apple tree is not a tree of another name.
    whole = ("apple tree", "fruit tree", "beach ball", "round tree", *names)
    ordered = sorted(set(whole), key=lambda name: (-len(name), name))
    return re.compile(rf"\b({'|'.join(map(re.escape, ordered))})\b")


_NAMED: Final = _alternatives(OTHER_NAMES)
_OF_THE_WORLD: Final = frozenset(
    word
    for phrase in (
        *OTHER_NAMES,
        *sum((*OTHER_NAMES.values(), *EFFECTS.values(), *PLACE_WORDS.values()), ()),
    )
    for word in re.findall(r"[a-z]+", phrase)
)
# Verbs of the patterns kept from training are met only in the test.
_UNMET: Final = frozenset(["erase", "disappear", "redo", "become", "colour", "color"])
FILLERS: Final = tuple(sorted(set(COMMON.split()) - _OF_THE_WORLD - _KEPT - _UNMET))
"""Common words that name nothing in the world; they stand in for words nobody foresaw."""


def _one(rng: np.random.Generator, of: tuple[str, ...]) -> str:
    return of[int(rng.integers(len(of)))]


def renamed(text: str, rng: np.random.Generator, share: float = 0.3) -> str:
    """The text with some of its things, colours and conditions called by everyday names."""

    def other(match: re.Match[str]) -> str:
        names = OTHER_NAMES.get(match[1])
        return _one(rng, names) if names and rng.random() < share else match[1]

    new = _NAMED.sub(other, text)
    return text if new == text else _with_article(new)


def _with_article(text: str) -> str:
    # "a palace" but "an automobile"; "some clouds" and "the fall" bring their own.
    found = re.match(r"an? (.+)", text)
    if found is None:
        return text
    noun = found[1]
    return noun if re.match(r"(an?|the|some|lots|more|a few) ", noun) else article(noun)


def veiled(template: str, rng: np.random.Generator, share: float = 0.6) -> str:
    """The pattern with some of its own words replaced by others, its slots as they are.

    What is asked for then follows from what is named and from the caption, as it must for a verb
    that no list holds.
    """

    def word(found: re.Match[str]) -> str:
        if found[0] in _KEPT or rng.random() >= share:
            return found[0]
        if rng.random() < 0.25:
            return "".join(str(s) for s in rng.choice(_SYLLABLES, int(rng.integers(1, 4))))
        return _one(rng, FILLERS)

    veiled_text = ""
    for literal, name, _, _ in Formatter().parse(template):
        veiled_text += re.sub(r"[a-z']+", word, literal)
        veiled_text += "{" + name + "}" if name else ""
    return veiled_text


def _words(edit: Edit, rng: np.random.Generator) -> dict[str, str]:
    """`slots` in everyday names, and what a thing is before it is replaced or recoloured."""
    words = slots(edit, rng)
    if "bare" in words:
        words["a_old"] = words["bare"] if words["bare"] == "flowers" else article(words["bare"])
    if edit.kind == "recolour":
        words["oldcolour"] = COLOUR_WORDS[getattr(edit.source, edit.attribute)][0]
    return {name: renamed(text, rng) for name, text in words.items()}


def ask(edit: Edit, rng: np.random.Generator) -> str:
    """A sentence that asks for the edit, of the picture models' patterns or looser ones."""
    by_effect = EFFECTS.get((edit.attribute, edit.value), ())
    drawn = rng.random()
    if by_effect and drawn < 0.2:
        return _one(rng, by_effect)
    if drawn < 0.4:
        return instruct(edit, rng).text
    template = instruct(edit, rng).template if drawn < 0.55 else _one(rng, LOOSE[edit.kind])
    if rng.random() < 0.35:
        template = veiled(template, rng)
    return template.format(**_words(edit, rng))


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
    """The instruction as someone might type it; a third stay as they are."""
    if rng.random() < 0.35:
        return text
    if rng.random() < 0.4:
        text = _one(rng, OPENINGS) + text
    if rng.random() < 0.3:
        text = text + _one(rng, CLOSINGS)
    if rng.random() < 0.2:
        text = text[0].upper() + text[1:]
    if rng.random() < 0.1:
        text = re.sub(r"\b(the|an?) ", "", text) or text
    for share in (0.35, 0.12):
        if rng.random() < share:
            text = slip(text, rng)
    if rng.random() < 0.1:
        text = text.replace(",", "")
    if rng.random() < 0.3:
        text = text.replace("'", "")
    return text.upper() if rng.random() < 0.02 else text
