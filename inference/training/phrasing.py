"""How people write: politeness, filler words, missing capitals, slips of the finger.

Instructions of the grammar are clean; the language model must also understand what is typed in a
hurry. None of this is used to make captions.
"""

from __future__ import annotations

from typing import Final

import numpy as np

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
