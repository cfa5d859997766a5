from __future__ import annotations

import re

from editor.tone.lexicon.lexicon import lexicon

STARTERS: tuple[str, ...] = (
    "warmer",
    "brighter, but keep the highlights",
    "lift the shadows a little",
    "more contrast",
    "golden hour",
    "moody",
    "black and white",
    "softer colours",
    "make the blues deeper",
    "faded film",
    "sharper",
    "blue shadows and orange highlights",
    "add a vignette",
    "cooler, less saturation",
    "crisp and sharp",
    "light and airy",
    "remove the haze",
    "a touch of film grain",
    "crop to 16:9",
    "straighten by 1 degree clockwise",
)
"""Plain phrases to begin with; every one of them can be read without a selection."""

_HEADINGS = {
    "effect": "what",
    "region": "where",
    "hue": "hues",
    "colour": "hues",
    "raise": "more",
    "lower": "less",
    "amount": "how much",
    "keep": "keep",
    "without": "keep",
    "except": "keep",
    "ratio": "crop",
    "crop": "crop",
    "straighten": "straighten",
    "quarter_turn": "straighten",
    "half_turn": "straighten",
    "flip": "flip",
    "local": "with a selection",
    "background": "with a selection",
    "spot": "with a selection",
    "heal": "with a selection",
    "defocus": "with a selection",
}

_POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|so|well|now|please|pls|kindly|just|maybe|perhaps)[, ]+"
    r"|(?:can|could|would|will) (?:you|we)(?: please| kindly| maybe)?(?: try to)? "
    r"|i(?: would|'d|’d)? (?:want|like|love|prefer|need)(?: you)?"
    r"(?: to have| to see| to)? "
    r"|i think |let's |let’s |let us |let me |how about |try (?:to )?)",
    re.IGNORECASE,
)
_MAKE = re.compile(
    r"^(?:make|have|get) (?:it|this|that|everything|(?:the|this|my) (?:whole |entire )?"
    r"(?:picture|photo|photograph|image|shot))(?: all| be| look| appear| feel| a bit more like)? ",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[,\s]*(?:please|pls|thanks|thank you|if possible|if you can)?[\s.!?…]*$", re.IGNORECASE
)


def diff_label(text: str, most: int = 60) -> str:
    """The plain label of a history node: the words without their polite frame.

    Tone and style have no typed difference, so the words stay as written.
    """
    label = " ".join(text.split())
    while True:
        shorter = _AFTER.sub("", _POLITE.sub("", label))
        if shorter == label or not shorter:
            break
        label = shorter
    label = _MAKE.sub("", label) or label
    if len(label) <= most:
        return label
    return label[: most - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"


def known_words() -> dict[str, tuple[str, ...]]:
    """Every word and group of words the grammar knows, by what it is for; for the help page."""
    found: dict[str, list[str]] = {}
    for key, term in lexicon().items():
        heading = _HEADINGS.get(term.kind)
        if heading is not None:
            found.setdefault(heading, []).append(" ".join(key))
    return {heading: tuple(sorted(words)) for heading, words in found.items()}


def starter_phrases(
    count: int | None = None, *, without: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Starter phrases, leaving out those that were turned down."""
    return tuple(phrase for phrase in STARTERS if phrase not in without)[:count]
