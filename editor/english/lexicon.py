"""What English words can be: their parts of speech and their lemmas."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Final, Literal

PartOfSpeech = Literal[
    "NOUN", "PROPN", "ADJ", "NUM", "VERB", "AUX", "ADV", "DET", "ADP", "PRON", "CONJ", "PUNCT"
]
"""Parts of speech, with the names of Universal Dependencies; ADP are prepositions."""

CLOSED: Final[dict[str, PartOfSpeech]] = {
    "determiner": "DET",
    "preposition": "ADP",
    "pronoun": "PRON",
    "conjunction": "CONJ",
    "auxiliary": "AUX",
    "adverb": "ADV",
    "number": "NUM",
}
_ADJECTIVE_ENDINGS: Final = (
    *("ous", "ful", "ic", "ical", "ive", "less", "ish", "able", "ible", "esque", "ern", "al"),
)


def closed_part(word: str) -> PartOfSpeech | None:
    """The part of speech of a word of a closed class; None for other words."""
    return _closed().get(word.casefold())


def listed(name: str) -> frozenset[str]:
    """A list of `resources/english/words.toml`, such as "instruction"."""
    return frozenset(_lists()[name].split())


def open_parts(word: str) -> frozenset[PartOfSpeech]:
    """The parts of speech that the dictionary gives a word, or that its ending suggests."""
    found = _dictionary(word.casefold())
    if found:
        return frozenset(part for part, _ in found)
    if word.casefold().endswith("ly"):
        return frozenset[PartOfSpeech]({"ADV"})
    if word.casefold().endswith(_ADJECTIVE_ENDINGS):
        return frozenset[PartOfSpeech]({"ADJ"})
    return frozenset[PartOfSpeech]({"NOUN"})


def known(word: str) -> bool:
    """Whether the dictionary or a closed class has the word."""
    return closed_part(word) is not None or bool(_dictionary(word.casefold()))


def lemma(word: str, part: PartOfSpeech) -> str:
    """The dictionary form of a word, case-folded; the word itself where none is known."""
    key = _key(word)
    for found, lemmas in _dictionary(key):
        if found == part:
            return lemmas[0]
    # Names and new words: a plural in -s is all that can be seen.
    new = part in ("NOUN", "PROPN") and not _dictionary(key) and len(key) > 3
    plural = key.endswith("s") and not key.endswith(("ss", "us", "is"))
    return key[:-1] if new and plural else key


def every_lemma(word: str) -> frozenset[str]:
    """All dictionary forms a word can have, whatever its part of speech, and the word itself."""
    key = _key(word)
    lemmas = {one for _, forms in _dictionary(key) for one in forms}
    return frozenset(lemmas | {key, lemma(key, "NOUN")})


def spellings(lemma: str) -> frozenset[str]:
    """The forms a lemma can have, case-folded, itself included."""
    import lemminflect

    found: dict[str, tuple[str, ...]] = lemminflect.getAllInflections(lemma)
    forms = {form.casefold() for group in found.values() for form in group}
    return frozenset(forms | {lemma, f"{lemma}s"})


def _key(word: str) -> str:
    """Case-folded, without a possessive ending."""
    key = word.casefold().replace("’", "'")
    return key.removesuffix("'s").removesuffix("'") or key


@cache
def _dictionary(word: str) -> tuple[tuple[PartOfSpeech, tuple[str, ...]], ...]:
    """(part, lemmas) of a case-folded word, from the SPECIALIST lexicon that lemminflect holds."""
    import lemminflect  # a third of a second

    found: dict[PartOfSpeech, tuple[str, ...]] = lemminflect.getAllLemmas(word)
    return tuple(sorted(found.items()))


@cache
def _lists() -> dict[str, str]:
    text = (resources.files("resources") / "english" / "words.toml").read_text("utf-8")
    values: dict[str, str] = tomllib.loads(text)
    return values


@cache
def _closed() -> dict[str, PartOfSpeech]:
    # The first list that names a word decides ("like" is a preposition here).
    return {w: part for name, part in reversed(CLOSED.items()) for w in _lists()[name].split()}
