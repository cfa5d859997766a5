"""Which words of an instruction an edit of the storybook accounts for, and which it does not.

The language model reads any words as some edit, because it was taught to: verbs it has never met
must not confuse it. So what it reads is checked against the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from editor.tone.spelling import ORDINARY, distance
from inference.language.verbs import ADDING, REMOVING
from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    PLACE_WORDS,
    SECOND_WORDS,
    SUBJECT_WORDS,
)
from inference.starter.effect_phrases import EFFECTS
from inference.starter.instructions import TRAINED, names
from inference.starter.lines import ParsedEdit
from inference.starter.loose_phrases import LOOSE, OTHER_NAMES
from inference.starter.scene import ATTRIBUTES
from inference.starter.world_captions import WHOLE, CaptionReading

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_STOP_WORDS: Final = frozenset(
    """a an the of in on at by to with and or as it its that this these those is are am be been was
    please pls plz thanks thank thx kindly ok okay hey hi well actually again really very quite
    could can would will shall may might should do does i i'd i'll we you your me my us our let
    let's lets wanna want like love image photo photograph scene version beside near next front
    behind under above below side one ones old new erase redo disappear which here there""".split()  # noqa: SIM905  # reads as prose
)
"""Words that carry no meaning of their own: articles, politeness, what stands around any order."""

_DESCRIBING: Final = frozenset(
    """little big old beach garden toy hot air round row white light sea sun motor wind grain
    knight's leafy rubber bouncy fruit picket wooden winding pole""".split()  # noqa: SIM905
)
"""Words of names of things that do not name the thing alone: "little" of "little apple tree"."""

_JUDGING: Final = frozenset(
    "improve better good nice nicer beautiful perfect great awful fine fair lively".split()  # noqa: SIM905
)
"""Words of effects that praise or blame: "improve the weather" names one, "improve this" none."""

_ENDS: Final = frozenset("with by into to for of in on at is and should a an be".split())  # noqa: SIM905
"""Words after which no name of a thing goes on."""

COLOURS_NAMED: Final = frozenset(name for row in COLOUR_WORDS.values() for name in row)
_COLOURED: Final = {"colour": "subject", "second_colour": "second"}
_THINGS: Final = ("subject", "second", "ground")
_EDITABLE: Final = (*_THINGS, *WHOLE)
_BETWEEN: Final = re.compile(r"\s*(?:[,;+&]|\band\b|\bthen\b|\bbut\b|\bplus\b)\s*", re.IGNORECASE)
_DEFINITE: Final = re.compile(
    r"\b(?:the|this|that|my|remove|delete|erase|without|no)\s+(?:the\s+)?((?:[\w'-]+\s+){0,3}[\w'-]+)"
)


_TURNED: Final = re.compile(
    r"\b(?:turn|change|transform|convert|swap|replace|exchange)\s+(?:the|this|that|my)\s+"
    r"((?:[\w'-]+\s+){0,3}[\w'-]+)"
)
"""What is to become, or to give way to, something else."""
_INSTEAD: Final = frozenset(("into", "for", "with", "by"))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; neighbours that are one word of this world are joined."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    joined: list[str] = []
    for word in found:
        if joined and joined[-1] + word in _single_names():
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def unknown_words(text: str, edit: ParsedEdit, reading: CaptionReading) -> tuple[str, ...]:
    """The words of an instruction that have no part in an edit, in their order, each once.

    Args:
        text: the instruction.
        edit: what was made of it.
        reading: of the caption before.
    """
    known = _frame() | _meant(edit) | _before(edit, reading)
    return tuple(dict.fromkeys(w for w in words_of(text) if not _is_one_of(w, known)))


def clauses(text: str) -> tuple[str, ...]:
    """The parts of an instruction between commas and conjunctions that say anything."""
    return tuple(part for part in _BETWEEN.split(text) if content_count(part))


def is_of_world(word: str) -> bool:
    """Whether a word names anything of this world that an edit can set."""
    return word in _world_words()


def mentions_world(text: str) -> bool:
    """Whether an instruction names anything of this world that an edit can set."""
    return any(is_of_world(word) for word in words_of(text))


def content_count(text: str) -> int:
    """How many words of an instruction are no stop words."""
    return sum(word not in _STOP_WORDS for word in words_of(text))


def named_share(text: str, edit: ParsedEdit, reading: CaptionReading) -> float:
    """How well an instruction names what an edit does: its value, or the thing that goes.

    Where it also names things of the picture, the one that the edit is about is among them; and
    nothing that is to go is what the edit would bring.

    Returns:
        1 by a name, 0.5 by an effect ("let the leaves fall"), 0 not at all.
    """
    said = words_of(text)
    attribute, value = edit.attribute, edit.changes[edit.attribute]
    removes = value in ("none", "bare", "clear")
    if ADDING.search(text) and (edit.kind == "replace" or value in ("none", "bare")):
        return 0.0
    if attribute in _THINGS and _turns_another(said, attribute, value, reading):
        return 0.0
    if REMOVING.search(text) and attribute in WHOLE and not removes:
        return 0.0
    if attribute == "weather" and not removes and "no" in said:
        return 0.0  # "no clouds"
    if value in ("none", "bare"):
        named = _noun_words(attribute, reading.values.get(attribute, ""))
        return float(any(_is_one_of(word, named) for word in said))
    names_it = _name_words if attribute in (*_COLOURED, *WHOLE) else _noun_words
    if any(_is_one_of(word, names_it(attribute, value)) for word in said):
        return float(attribute not in _COLOURED or _is_about(said, _COLOURED[attribute], reading))
    effects = _meant(edit) - _frame() - _JUDGING if attribute in WHOLE else frozenset()
    return 0.5 * any(_is_one_of(word, effects) for word in said)


def absent_thing(text: str, reading: CaptionReading) -> str:
    """A thing of this world that an instruction treats as present and a caption does not name.

    In the words of the instruction; "" if there is none, or if it also names one that is there.
    """
    present = {
        word
        for attribute in _THINGS
        for word in _noun_words(attribute, reading.values.get(attribute, ""))
    }
    said = words_of(text)
    if any(_is_one_of(word, present) for word in said):
        return ""
    things = (_first_thing(match[1]) for match in _DEFINITE.finditer(" ".join(said)))
    return next(filter(None, things), "")


def _first_thing(phrase: str) -> str:
    """The thing that a phrase begins with, after at most two words such as colours; else ""."""
    words = phrase.split()
    for start in range(min(3, len(words))):
        for end in range(len(words), start, -1):
            name = " ".join(words[start:end])
            if name in _thing_names():
                return name
        if words[start] in _ENDS:
            return ""
    return ""


def _turns_another(said: list[str], attribute: str, value: str, reading: CaptionReading) -> bool:
    """Whether the words turn another thing of the picture into something than an edit does.

    "turn the fence into a castle" is no castle in the place of the house, nor a fence that goes.
    """
    own = _noun_words(attribute, reading.values.get(attribute, ""))
    for match in _TURNED.finditer(" ".join(said)):
        thing = _first_thing(match[1])
        if thing and not any(_is_one_of(word, own) for word in thing.split()):
            return True
        if thing and value in ("none", "bare") and _INSTEAD.intersection(said):
            return "nothing" not in said
    return False


def _is_about(said: list[str], attribute: str, reading: CaptionReading) -> bool:
    """Whether the thing that changes colour is named, or no other thing of the picture is."""
    own = _noun_words(attribute, reading.values.get(attribute, ""))
    if any(_is_one_of(word, own) for word in said):
        return True
    other = "second" if attribute == "subject" else "subject"
    others = _noun_words(other, reading.values.get(other, "")) - _STOP_WORDS
    return not any(_is_one_of(word, others) for word in said)


def _meant(edit: ParsedEdit) -> frozenset[str]:
    """Words for everything that an edit sets, and for its effects."""
    return frozenset().union(*(_value_words(name, value) for name, value in edit.changes.items()))


def _before(edit: ParsedEdit, reading: CaptionReading) -> frozenset[str]:
    """Words for what a picture shows that an instruction may mention beside the edit."""
    now = reading.values
    own = edit.attribute
    found = set(_value_words(own, now.get(own, "")))
    beside = ["subject", "colour", "second", "second_colour", "ground"]
    if own in WHOLE:
        beside = [*WHOLE, "place", "subject"]
    elif edit.kind == "remove":
        # "remove the mountains" is no removal of the flowers in front of them.
        beside = ["subject", own, "second_colour"] if own == "second" else ["subject", own]
    elif edit.kind == "recolour":
        beside = [_COLOURED[own], own]
    elif edit.kind == "add":
        beside = ["subject", "ground"] if own == "ground" else ["subject"]
    for name in beside:
        found |= _value_words(name, now.get(name, ""))
    return frozenset(found)


@cache
def _value_words(attribute: str, value: str) -> frozenset[str]:
    """Words that name a value of an attribute or its effects."""
    return _name_words(attribute, value) | _split(EFFECTS.get((attribute, value), ()))


@cache
def _name_words(attribute: str, value: str) -> frozenset[str]:
    own = PLACE_WORDS.get(value, ()) if attribute == "place" else names(attribute, value)
    others = (other for name in own for other in OTHER_NAMES.get(name, ()))
    return (_split((*own, *others)) | {name.replace(" ", "") for name in own}) - _STOP_WORDS


@cache
def _noun_words(attribute: str, value: str) -> frozenset[str]:
    """Words for a thing or colour without those that describe it ("little", "big", "old")."""
    return _name_words(attribute, value) - _DESCRIBING


@cache
def _frame() -> frozenset[str]:
    """Words of sentences in which an edit is asked for, whatever it is."""
    patterns = (text for table in (TRAINED, LOOSE) for texts in table.values() for text in texts)
    return _split(re.sub(r"\{\w+\}", " ", text) for text in patterns) | _STOP_WORDS


@cache
def _world_words() -> frozenset[str]:
    named = (_name_words(name, value) for name in _EDITABLE for value in ATTRIBUTES[name])
    return frozenset().union(*named) - _frame()


@cache
def _thing_names() -> frozenset[str]:
    tables: tuple[Mapping[str, tuple[str, ...]], ...] = (SUBJECT_WORDS, SECOND_WORDS, GROUND_WORDS)
    own = {n.removeprefix("a ") for table in tables for row in table.values() for n in row}
    return frozenset(own | {other for name in own for other in OTHER_NAMES.get(name, ())})


@cache
def _single_names() -> frozenset[str]:
    """Names of things and colours that are one word."""
    tables = (SUBJECT_WORDS, SECOND_WORDS, COLOUR_WORDS)
    return frozenset(
        name for table in tables for row in table.values() for name in row if " " not in name
    )


def _split(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in _WORD.findall(phrase.lower()))


def _is_one_of(word: str, known: frozenset[str] | set[str]) -> bool:
    """Whether a word is a known one, its plural, or one slip of the finger away from one."""
    if word in known or (word.endswith("s") and word[:-1] in known):
        return True
    if len(word) == 3:
        return any(sorted(word) == sorted(one) for one in known)
    if len(word) < 4 or word in ORDINARY:
        return False
    allowed = 1 if len(word) < 8 else 2
    return any(
        one[0] == word[0]
        and len(one) >= 4
        and abs(len(one) - len(word)) <= allowed
        and distance(word, one, allowed + 1) <= allowed
        for one in known
    )
