"""Words that ask for more pixels: "upscale 2x", "make it twice as large", "double the size"."""

from __future__ import annotations

import re
from typing import Final

from editor.model.patch import SettingValues

USUAL_FACTOR: Final = 2.0
"""Where the words give none."""

_VERBS: Final = re.compile(
    r"\b(?:upscal(?:e|ing)|upsampl(?:e|ing)|upsize|upres|scale up|super[- ]?resolution|"
    r"(?:increase|raise) (?:the )?resolution|(?:higher|more) resolution|more pixels)\b"
)
"""They ask for it without a number too."""
_SIZES: Final = re.compile(r"\b(?:enlarge|larger|large|bigger|big|size|resolution)\b")
"""They ask for it with a number."""
_NUMBER: Final = r"(\d+(?:[.,]\d+)?)"
_FACTOR: Final = re.compile(rf"(?:{_NUMBER} ?(?:x|×|times)|(?<!\w)[x×] ?{_NUMBER})(?!\w)")
_PERCENT: Final = re.compile(rf"\b(by )?{_NUMBER} ?(?:%|percent|per cent)(?!\w)")
_NAMED: Final = {
    r"twice|double|two times|two-?fold": 2.0,
    r"triple|three times|three-?fold": 3.0,
    r"quadruple|four times|four-?fold": 4.0,
}
_SMALL: Final = {
    "a", "an", "and", "as", "be", "by", "image", "in", "it", "its", "make", "my", "of", "photo",
    "photograph", "picture", "please", "that", "the", "this", "to", "whole", "with",
}  # fmt: skip


def read_enlargement(text: str) -> float | None:
    """Read words that ask for a picture of more pixels and for nothing else.

    Args:
        text: as typed.

    Returns:
        How many times longer each side is to become; `None` where the words ask for something else:
        a word that belongs to no part of such a wish makes them so ("make the car twice as large").
    """
    words = " ".join(text.lower().split()).strip(" .!")
    words, verbs = _VERBS.subn(" ", words)
    words, factor = _factor(words, percent=bool(verbs))
    words, sizes = _SIZES.subn(" ", words)
    if any(word not in _SMALL for word in re.findall(r"[^\s,;]+", words)):
        return None
    if verbs:
        return USUAL_FACTOR if factor is None else factor
    return factor if sizes else None


def asked_factor(settings: SettingValues, text: str) -> float:
    """How many times longer each side is to become: by the setting "scale", else by the words."""
    factor = dict(settings).get("scale")
    return float(factor or read_enlargement(text) or USUAL_FACTOR)


def _factor(words: str, *, percent: bool) -> tuple[str, float | None]:
    """The words without a factor, and that factor."""
    found = _FACTOR.search(words)
    if found:
        return _without(words, found), _value(found[1] or found[2])
    found = _PERCENT.search(words) if percent else None
    if found:
        share = _value(found[2]) / 100
        return _without(words, found), 1 + share if found[1] else share
    for pattern, factor in _NAMED.items():
        found = re.search(rf"\b(?:{pattern})\b", words)
        if found:
            return _without(words, found), factor
    return words, None


def _without(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}"


def _value(text: str) -> float:
    return float(text.replace(",", "."))
