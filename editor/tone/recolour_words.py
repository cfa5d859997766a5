"""Sentences that give a thing another colour: "paint the house blue", "turn all reds into teal"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.render.adjustments.paint import Colour
from editor.tone.colours import colour_of, colour_pattern, is_metal
from editor.tone.lexicon.colour_names import THINGS
from editor.tone.tokens import normalized


@dataclass(frozen=True)
class RecolourWish:
    """What a sentence asks for.

    Attributes:
        thing: what gets the colour, in the artist's words; "" where they only point.
        target: the colour, sRGB 0..1.
        source: the colour that is replaced, where the words name one.
        everywhere: all that has the source's colour is meant, so that no selection is needed.
        outside: what is not selected is meant.
        metallic: the colour is a metal's.
    """

    thing: str
    target: Colour
    source: Colour | None = None
    everywhere: bool = False
    outside: bool = False
    metallic: bool = False


_POINTING: Final = frozenset(
    """it this that selection area part bit one these those them selected region here the
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)
_WHOLE: Final = frozenset(
    """picture photo photograph image pic shot scene everything all whole entire frame
    """.split()  # noqa: SIM905
)
_OUTSIDE: Final = re.compile(
    r"\b(?:background|backdrop|surroundings|everything (?:else|around|behind)|the rest)\b"
)
_NOT_PAINT: Final = re.compile(
    r"\b(?:shadows?|highlights?|midtones?|mids|whites|blacks|tones?|edges|corners|vignette|balance"
    r"|colou?rs?|hues?|lights?|lighting|looks?|feel|mood|cast|tint|temperature|contrast|is|are|was"
    r"|more|less|too|very|much|not|never|without|like|as|if|add|remove|but|and|with|than"
    r"|darker|lighter|brighter|deeper|warmer|cooler|colder|softer|richer|paler|stronger|duller"
    r"|bluer|redder|greener|yellower|pinker|whiter|blacker|greyer)\b"
)
"""Words in the place of the thing that make another kind of sentence of it."""
_POLITE: Final = (
    r"(?:(?:please|pls|kindly|just|now|hey|hi|hello|ok|okay|so|then|maybe|perhaps|and)[ ,]+"
    r"|(?:can|could|would|will) (?:you|we)(?: please| maybe)?(?: try to)? "
    r"|(?:i|we) (?:would |do )?(?:want|like|love|prefer|need)(?: you)?(?: to see| to have| to)? "
    r"|let us |how about |what if |what about |try (?:to )?|let )*"
)
_END: Final = r"(?:[ ,]+(?:please|pls|thanks|thank you|instead|now|completely|all over))*[\s.!?]*$"
_THING: Final = r"(?P<thing>[a-z][a-z' ]*?)"
_KINDS: Final = ("one", "colour", "color", "paint", "version")
_JOINTS: Final = re.compile(r"\s*(?:,|;|\band then\b|\bthen\b|\band\b|\bbut\b)\s*")
_BLACK_AND_WHITE: Final = re.compile(r"\bblack and white\b|\bgr[ea]yscale\b|\bmonochrome\b")
_VERB: Final = r"(?:make|turn|change|get|have|set|swap|switch|convert|transform)"
_VERBS: Final = re.compile(rf"^{_POLITE}{_VERB}\b")
_WISHES: Final = re.compile(
    r"^(?:i|we) (?:would |do )?(?:want|like|love|prefer|need)\b|^let |^what if |^how about"
    r"|^(?:could|can) we "
)
_DETERMINED: Final = re.compile(r"^(?:the|her|his|their|its|my|our|this|that|these|those)\b")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The kinds of sentences; the last is the one that needs a verb or a determiner as well."""
    word = rf"{colour_pattern()}(?![a-z0-9])"
    new = rf"(?P<article>an? )?(?P<target>{word})(?: (?P<kind>{'|'.join(_KINDS)}))?"
    old = rf"(?P<source>{colour_pattern()})(?:e?s)?"
    modal = r"(?:should|must|needs? to|has to|have to|ought to|could|can|shall)"
    sentences = (
        rf"(?:replace|swap|exchange|change|turn|recolou?r|substitute) (?:(?:all|the|every) )*{old}"
        rf"(?: (?:with|for|by|to|into|in))? (?:the )?{new}{_END}",
        rf"(?:change|set|make|turn) the colou?r of {_THING}(?: to| into| be)? {new}{_END}",
        rf"(?:change|set|make|turn) {_THING} colou?r (?:to|into|be) {new}{_END}",
        rf"{new} instead of {old}{_END}",
        rf"give {_THING} {new}(?: (?:coat|finish|job|coat of paint))?{_END}",
        rf"(?:re)?(?:paint|colou?r|dye|spray|stain|lacquer|varnish) {_THING}"
        rf"(?: (?:in|into|to|with|as))? {new}{_END}",
        rf"{_THING} {modal} (?:be|become|have|get)(?: painted| colou?red)?(?: in)? {new}{_END}",
        rf"{_THING} (?:were|was|be|to be) {new}{_END}",
        rf"(?:{_VERB} )?{_THING}(?: (?:be|to be|into|to|in|all))? {new}{_END}",
    )
    return tuple(re.compile(rf"^{_POLITE}{sentence}") for sentence in sentences)


def split_recolour(text: str) -> tuple[RecolourWish | None, str]:
    """The recolour that a text asks for, and the words that are left for the grammar.

    Raises:
        NotUnderstood: it asks for several.
    """
    low = normalized(text)
    if _BLACK_AND_WHITE.search(low):
        return None, text
    wish = _wish(low)
    if wish is not None:
        return wish, ""
    parts = [part for part in _JOINTS.split(low) if part]
    found = [(index, one) for index, part in enumerate(parts) if (one := _wish(part)) is not None]
    rest = [part for part in parts if _wish(part) is None]
    if not found or any(re.fullmatch(colour_pattern(), part) for part in rest):
        return None, text
    if len(found) > 1:
        raise NotUnderstood(
            Message("tone.several_recolours", words=text.strip()), Message("do.say_one_by_one")
        )
    return found[0][1], ", ".join(rest)


def asks_recolour(text: str) -> bool:
    """True for words that give one thing another colour."""
    try:
        return split_recolour(text)[0] is not None
    except NotUnderstood:
        return False


def _wish(low: str) -> RecolourWish | None:
    """The recolour that one sentence in plain letters asks for."""
    words = low.strip(" .!?,")
    if re.fullmatch(colour_pattern(), words):
        return RecolourWish("", colour_of(words)) if words.startswith("#") else None
    patterns = _patterns()
    for number, pattern in enumerate(patterns):
        match = pattern.match(low)
        if match is None:
            continue
        name = match["target"]
        noun = match["article"] or f"into {name}" in match[0]
        if noun and name in THINGS and match["kind"] is None:
            return None  # "turn the ball into an orange"
        groups = match.groupdict()
        if groups.get("source"):
            old, new = colour_of(match["source"]), colour_of(name)
            return RecolourWish(match["source"], new, old, True, metallic=is_metal(name))
        asks = _VERBS.match(low) or _WISHES.match(low) or _DETERMINED.match(match["thing"])
        if number == len(patterns) - 1 and not asks:
            return None  # "sunset red" gives nothing a colour
        return _of_thing(match["thing"].strip(), name)
    return None


def _of_thing(thing: str, name: str) -> RecolourWish | None:
    """The wish for a thing, unless its words speak of the whole picture or of tones."""
    target, metallic = colour_of(name), is_metal(name)
    if _OUTSIDE.search(thing):
        return RecolourWish(thing, target, outside=True, metallic=metallic)
    old = re.search(rf"\b(?P<name>{colour_pattern()})(?:e?s)?(?![a-z0-9])", thing)
    rest = thing
    if old is not None:
        rest = f"{thing[: old.start()]} {thing[old.end() :]}"
        rest = re.sub(r"\b(?:that|which) (?:is|are)\b", " ", rest)
    kinds = set(rest.split())
    if _NOT_PAINT.search(rest) or (old is None and (kinds & _WHOLE or kinds == {"the"})):
        return None
    if old is not None:
        return RecolourWish(thing, target, colour_of(old["name"]), True, metallic=metallic)
    return RecolourWish("" if kinds <= _POINTING else thing, target, metallic=metallic)
