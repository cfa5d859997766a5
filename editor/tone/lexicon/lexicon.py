from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from editor.tone.lexicon import vocabulary as v
from editor.tone.lexicon.effect_words import EFFECT_WORDS
from editor.tone.lexicon.places import LOCAL_WORDS
from editor.tone.lexicon.small_words import PLAIN_WORDS


@dataclass(frozen=True)
class Term:
    """What a word or a fixed group of words means to the grammar.

    Attributes:
        kind: the part it plays ("effect", "region", "more", "keep", ...).
        name: which effect, region, hue, ...
        sign: direction, +1 or −1, where it has one.
        factor: strength, 1 is usual.
        form: of effects: "adj", "comp" (comparative), "noun", "verb", "flaw" (a complaint).
    """

    kind: str
    name: str = ""
    sign: int = 1
    factor: float = 1.0
    form: str = ""


NO_FORMS = ("matter", "mattest", "mater", "mated", "mating", "mates")
"""Regular forms of known words that are different words."""


def _ending(base: str, ending: str) -> str:
    if base.endswith("e") and ending == "ing":
        return base[:-1] + ending
    if base.endswith("e"):
        return base + ending.removeprefix("e")
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        stem = base[:-1]
        return (base if ending == "ing" else stem + "i") + ending
    return base + ending


def _doubled(base: str) -> str:
    closed = len(base) >= 3 and base[-1] in "bdgmnprt" and base[-2] in "aeiou"
    return base + base[-1] if closed and base[-3] not in "aeiou" and len(base) <= 5 else base


def comparatives(base: str) -> tuple[str, ...]:
    """For "warm" → ("warmer", "warmest"); several words have none of their own."""
    if " " in base:
        return ()
    stem = _doubled(base)
    return (_ending(stem, "er"), _ending(stem, "est"))


def inflections(base: str) -> tuple[str, ...]:
    """For "brighten" → ("brightens", "brightened", "brightening"), on the first word of a group."""
    first, _, rest = base.partition(" ")
    stem = _doubled(first)
    last = "es" if first.endswith(("s", "sh", "ch", "x", "z")) else "s"
    plain = first[:-1] + "ies" if first.endswith("y") and first[-2] not in "aeiou" else first + last
    found = (plain, _ending(stem, "ed"), _ending(stem, "ing"))
    return tuple(f"{form} {rest}".strip() for form in found)


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.replace("\n", " ").split(",") if word.strip()]


def rows(text: str) -> list[str]:
    """Lines of a table; an indented line continues the one before."""
    return text.strip().replace("\n    ", " ").splitlines()


def _effects(table: dict[tuple[str, ...], Term]) -> None:
    for form, lines in EFFECT_WORDS.items():
        for line in rows(lines):
            head, _, words = line.partition(":")
            name, sign = head.strip()[:-1], 1 if head.strip().endswith("+") else -1
            for word in _split(words):
                spelled = {
                    "verb": inflections,
                    "adj": comparatives,
                    "look": comparatives,
                    "flaw": comparatives,
                }.get(form)
                kept_form = "adj" if form == "look" else form
                # "warm" and "cool" are adjectives and verbs: as adjectives they can be complaints.
                put(table, word, Term("effect", name, sign, 1.0, kept_form), weak=form == "verb")
                for other in spelled(word) if spelled else ():
                    if other in NO_FORMS:
                        continue
                    # "crushed", "faded": as participles they describe a state, as adjectives do.
                    state = "comp" if form != "verb" else "adj" if other.endswith("ed") else "verb"
                    put(table, other, Term("effect", name, sign, 1.0, state), weak=True)


def put(table: dict[tuple[str, ...], Term], words: str, term: Term, weak: bool = False) -> None:
    """Enter a word or group; a `weak` (generated) form never replaces one that was written down."""
    key = tuple(words.split())
    if weak and key in table:
        return
    table[key] = term


@cache
def lexicon() -> dict[tuple[str, ...], Term]:
    """Every known word or group of words and its part in the grammar."""
    table: dict[tuple[str, ...], Term] = {}  # a later entry replaces an earlier one
    _places(table)
    _effects(table)
    _plain_words(table)
    _directions(table)
    _amounts(table)
    _names(table, v.REGION_WORDS, "region")
    _names(table, v.HUE_PLURALS, "hue")
    _names(table, v.COLOUR_WORDS, "colour")
    _names(table, v.COLOUR_COMPARATIVES, "colour", form="comp")
    _names(table, v.RATIO_WORDS, "ratio")
    return table


def _places(table: dict[tuple[str, ...], Term]) -> None:
    for name, words in LOCAL_WORDS.items():
        for word in _split(words):
            put(table, word, Term("local", name if name != "things" else word))
            if not word.endswith("s"):
                put(table, word + "s", Term("local", word + "s"), weak=True)


def _plain_words(table: dict[tuple[str, ...], Term]) -> None:
    for kind, words in PLAIN_WORDS.items():
        for word in _split(words):
            put(table, word, Term(kind, word))


def _directions(table: dict[tuple[str, ...], Term]) -> None:
    for line in rows(v.DIRECTION_WORDS):
        head, _, words = line.partition(":")
        kind, sign, factor = head.split()
        for word in _split(words):
            term = Term(kind, word, -1 if sign == "-" else 1, float(factor))
            put(table, word, term)
            for other in inflections(word) if kind in ("raise", "lower", "verb") else ():
                put(table, other, term, weak=True)


def _amounts(table: dict[tuple[str, ...], Term]) -> None:
    for line in rows(v.AMOUNT_WORDS):
        factor, _, words = line.partition(":")
        for word in _split(words):
            put(table, word, Term("amount", word, 1, float(factor)))


def _names(
    table: dict[tuple[str, ...], Term], words_of: Mapping[str, str], kind: str, form: str = ""
) -> None:
    """Enter the words for each name of a kind."""
    for name, words in words_of.items():
        for word in _split(words):
            put(table, word, Term(kind, name, form=form))


def longest() -> int:
    """Words in the longest entry."""
    return max(len(key) for key in lexicon())
