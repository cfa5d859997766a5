"""Parts of speech of a text, by a dictionary and the words beside each word.

A small set of rules in the manner of Brill 1992 ("A simple rule-based part of speech tagger"), for
captions, prompts and plain stories. It is no parser: what it gets wrong costs a concept, not a job.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from editor.english.lexicon import PartOfSpeech, closed_part, known, listed, open_parts

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*(?:['’](?=\s|$))?|[^\w\s]")
_NUMBER: Final = re.compile(r"\d[\d.,]*(?:st|nd|rd|th|k|p|d|mm)?")
_ENDS: Final = frozenset('.!?:"“”')
"""Signs that a sentence may begin after."""

_TITLE_SHARE: Final = 0.6
"""From this share of capitalised words on, capitals tell nothing: the text is a heading."""

_LEADING: Final = ("DET", "ADJ", "NUM")
"""What stands before a noun, and so before no verb."""

_PARTICIPLES: Final = ("ing", "ed", "en")
_PREFERRED: Final[tuple[PartOfSpeech, ...]] = ("NOUN", "ADV", "ADJ", "VERB")
"""Of what a word can be, where nothing beside it decides."""


@dataclass(frozen=True)
class TaggedWord:
    """A word or sign of a text.

    Attributes:
        text: as written.
        part: its part of speech.
        start, end: characters in the text.
    """

    text: str
    part: PartOfSpeech
    start: int
    end: int


def tagged(text: str) -> tuple[TaggedWord, ...]:
    """The words and signs of a text with their parts of speech."""
    matches = list(_TOKEN.finditer(text))
    found = [match.group() for match in matches]
    names = _names(found)
    options = [
        frozenset[PartOfSpeech]({"PROPN"}) if n else _options(w)
        for w, n in zip(found, names, strict=True)
    ]
    parts: list[PartOfSpeech] = []
    for place in range(len(found)):
        parts.append(_chosen(found, options, parts, place))
    return tuple(
        TaggedWord(m.group(), part, m.start(), m.end())
        for m, part in zip(matches, parts, strict=True)
    )


def _names(found: Sequence[str]) -> list[bool]:
    """Which words are names: capitalised where nothing but a name is."""
    letters = [word for word in found if word[0].isalpha()]
    heading = len(letters) > 2 and sum(word[0].isupper() for word in letters) > (
        _TITLE_SHARE * len(letters)
    )
    names = []
    for place, word in enumerate(found):
        capital = word[0].isupper() and closed_part(word) is None
        begins = place == 0 or found[place - 1] in _ENDS
        if begins and place > 1 and found[place - 2].casefold() in listed("abbreviation"):
            begins = False  # "Dr. Grey"
        names.append(capital and not (heading and known(word)) and not (begins and known(word)))
    return names


def _options(word: str) -> frozenset[PartOfSpeech]:
    if not word[0].isalnum():
        return frozenset[PartOfSpeech]({"PUNCT"})
    if _NUMBER.fullmatch(word):
        return frozenset[PartOfSpeech]({"NUM"})
    closed = closed_part(word)
    if closed is not None:
        return frozenset({closed})
    last = word.rpartition("-")[2]
    return open_parts(word) if known(word) or last == word else open_parts(last) | {"ADJ"}


def _chosen(
    found: Sequence[str],
    options: Sequence[frozenset[PartOfSpeech]],
    parts: Sequence[PartOfSpeech],
    place: int,
) -> PartOfSpeech:
    """The part of a word, given those before it and what those after it can be."""
    possible = options[place]
    before: PartOfSpeech = parts[-1] if parts else "PUNCT"
    after = options[place + 1] if place + 1 < len(found) else frozenset[PartOfSpeech]({"PUNCT"})
    # A noun follows, or an adjective that leads to one.
    into_noun = bool(after & {"NOUN", "PROPN", "ADJ"}) and not after & {"DET", "ADP", "PUNCT"}
    if "VERB" in possible:
        if _acts(found, parts, place, possible, after):
            return "VERB"
        participle = found[place].casefold().endswith(_PARTICIPLES)
        if participle and into_noun and (before in _LEADING or possible == {"VERB"}):
            return "ADJ"  # "a running dog", "an old painted sign"
        possible = possible - {"VERB"} or possible
    if "ADJ" in possible:
        joined = before == "CONJ" and parts[-2:-1] == ["ADJ"]  # "red and small"
        if into_noun or joined or before == "AUX" or "NOUN" not in possible:
            return "ADJ"
    return next((part for part in _PREFERRED if part in possible), min(possible))


def _acts(
    found: Sequence[str],
    parts: Sequence[PartOfSpeech],
    place: int,
    possible: frozenset[PartOfSpeech],
    after: frozenset[PartOfSpeech],
) -> bool:
    """Whether a word that can be a verb is one here."""
    word = found[place].casefold()
    if not parts:
        return word in listed("instruction") and bool(after & {"DET", "PRON"})
    before = parts[-1]
    if before in ("AUX", "PRON") or found[place - 1].casefold() == "to":
        return True
    if before not in ("NOUN", "PROPN") or _has_verb(parts):
        return False
    if place + 1 < len(found) and found[place + 1].casefold() == "of":
        return False  # "castle walls of stone"
    ends = word.endswith(_PARTICIPLES) and "NOUN" not in possible and "PUNCT" in after
    return ends or bool(after & {"DET", "ADP", "PRON", "ADV"})


def _has_verb(parts: Sequence[PartOfSpeech]) -> bool:
    """Whether there is a verb since the last sign; read from the end, for stories are long."""
    return next((part for part in reversed(parts) if part in ("VERB", "PUNCT")), "") == "VERB"
