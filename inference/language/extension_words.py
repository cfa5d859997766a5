"""Words that ask for a larger canvas: "extend to the left", "wider, 16:9", "zoom out by 20 %"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["percent", "pixels"]

USUAL_PERCENT: Final = 25.0
"""Added on a side where the words give no amount."""

_HORIZONTAL: Final = ("left", "right")
_VERTICAL: Final = ("top", "bottom")
SIDES: Final = ("left", "top", "right", "bottom")

_VERBS: Final = {
    r"extend|expand|enlarge|outpaint|uncrop|zoom out"
    r"|more (?:space|room)|add (?:more |some )?(?:space|room)": SIDES,
    r"widen|wider|more width": _HORIZONTAL,
    r"heighten|taller|more height": _VERTICAL,
}
_PLACES: Final = {
    r"left|leftwards?": ("left",),
    r"right|rightwards?": ("right",),
    r"top|up|upwards?|above": ("top",),
    r"bottom|down|downwards?|below": ("bottom",),
    r"sideways|horizontally|both sides|left and right|right and left": _HORIZONTAL,
    r"vertically|top and bottom|above and below": _VERTICAL,
    r"all sides|every side|all directions|all around|everywhere|around": SIDES,
}
_AMOUNT: Final = re.compile(r"(?:by )?(\d+(?:[.,]\d+)?) ?(%|percent|per cent|pixels?|px)(?!\w)")
_RATIO: Final = re.compile(r"(?:to )?(\d+(?:[.,]\d+)?) ?[:x×] ?(\d+(?:[.,]\d+)?)(?!\w)")
_SQUARE: Final = re.compile(r"\bsquare\b")
_CONTENT: Final = re.compile(r"\b(?:with|showing|and show|so that it shows)\b(.*)$")
_SMALL: Final = {
    "a", "an", "the", "this", "it", "its", "canvas", "picture", "image", "photo", "photograph",
    "frame", "scene", "view", "to", "on", "at", "by", "in", "of", "and", "make", "please", "side",
    "sides", "edge", "bit", "more", "some", "be", "towards", "toward", "direction",
}  # fmt: skip


@dataclass(frozen=True)
class ExtensionWords:
    """What words say of a larger canvas.

    Attributes:
        sides: that grow, of `SIDES`.
        amount: added on each of them.
        unit: of the amount; percent are of the picture's width, or height above and below.
        ratio: width and height that the result is to have to each other, in place of the amount.
        content: what is to be there, "" where the words do not say.
    """

    sides: tuple[str, ...]
    amount: float = USUAL_PERCENT
    unit: Unit = "percent"
    ratio: tuple[float, float] | None = None
    content: str = ""


def read_extension(text: str) -> ExtensionWords | None:
    """Read words that ask for a larger canvas and nothing else.

    Args:
        text: as typed; what follows "with" is what is to be there.

    Returns:
        None where the words ask for something else: a word that belongs to no part of such a wish
        makes them so ("extend the roof").
    """
    words = " ".join(text.lower().replace("’", "'").split()).strip(" .!")
    content = _CONTENT.search(words)
    head = words[: content.start()] if content else words
    head, verbs = _taken(head, _VERBS)
    if not verbs:
        return None
    head, ratio = _ratio(head)
    amount = _AMOUNT.search(head)
    if amount:
        head = head[: amount.start()] + " " + head[amount.end() :]
    head, places = _taken(head, _PLACES)
    if any(word not in _SMALL for word in re.findall(r"[^\s,;]+", head)):
        return None
    named = dict.fromkeys(side for sides in places or verbs for side in sides)
    return ExtensionWords(
        tuple(side for side in SIDES if side in named),
        _number(amount[1]) if amount else USUAL_PERCENT,
        "pixels" if amount and amount[2].startswith(("px", "pixel")) else "percent",
        ratio,
        content[1].strip(" ,.") if content else "",
    )


def _taken(words: str, patterns: dict[str, tuple[str, ...]]) -> tuple[str, list[tuple[str, ...]]]:
    """The words without those of the patterns, longer phrases first, and the sides they name."""
    found: list[tuple[str, ...]] = []
    phrases = [(one, sides) for many, sides in patterns.items() for one in _alternatives(many)]
    for phrase, sides in sorted(phrases, key=lambda pair: -len(pair[0])):
        words, count = re.subn(rf"\b(?:{phrase})\b", " ", words)
        if count:
            found.append(sides)
    return words, found


def _alternatives(pattern: str) -> list[str]:
    """A pattern cut at the bars that stand in no group."""
    return re.split(r"\|(?![^()]*\))", pattern)


def _ratio(head: str) -> tuple[str, tuple[float, float] | None]:
    """The words without a ratio of sides, and that ratio."""
    found = _RATIO.search(head)
    if found:
        rest = head[: found.start()] + " " + head[found.end() :]
        width, height = _number(found[1]), _number(found[2])
        return (rest, (width, height)) if width > 0 and height > 0 else (head, None)
    return (_SQUARE.sub(" ", head), (1.0, 1.0)) if _SQUARE.search(head) else (head, None)


def _number(text: str) -> float:
    return float(text.replace(",", "."))
