"""Concepts of a text: what a picture could be of."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from editor.english.lexicon import closed_part
from editor.english.noun_phrases import NounPhrase, names, noun_phrases
from editor.english.sentences import summary

ConceptKind = Literal["phrase", "name", "sentence"]
SHORTEST: Final = 3
"""Letters; shorter words are no concepts."""

_FREE_WORDS: Final = 3
_SENSES_WEIGHT: Final = 0.5
_LENGTH_WEIGHT: Final = 0.3


@dataclass(frozen=True)
class Concept:
    """Something a picture could be of.

    Attributes:
        text: as the text has it, without a determiner.
        kind: a noun phrase, a name, or a sentence of the summary.
        count: how often the text has it; 1 for a sentence.
        score: of `concept_score`; None for a sentence.
    """

    text: str
    kind: ConceptKind
    count: int
    score: float | None


def one_sense(head: str) -> int:
    """The number of meanings where no lexicon of meanings is at hand."""
    del head
    return 1


def concept_score(count: int, senses: int, words: int) -> float:
    """log(1 + f) − 0.5·log(1 + senses) − 0.3·max(0, words − 3).

    Frequent is good, ambiguous and long are bad: the criteria of the concept lists of the
    concept-to-prompt paper (AAAI-24 student abstract) as one formula of this program.

    Args:
        count: f, how often the text has the phrase.
        senses: meanings of its head noun.
        words: of the phrase, without a determiner.
    """
    return (
        math.log1p(count)
        - _SENSES_WEIGHT * math.log1p(senses)
        - _LENGTH_WEIGHT * max(0, words - _FREE_WORDS)
    )


def concepts(
    text: str, *, sentences: int = 5, senses: Callable[[str], int] = one_sense
) -> tuple[Concept, ...]:
    """Names and noun phrases of a text, the best first, then the sentences of its summary.

    Equal scores stand in the order of the text. Phrases that differ in case alone are one, as it is
    written first, and so are a name and the name with more before it ("Mara", "old Mara"), as it is
    written most often. A text of a few words is a concept itself and has no summary.

    Args:
        text: a word, a prompt or a story.
        sentences: most sentences of the summary.
        senses: meanings of a head noun, given its lemma.
    """
    scored = [
        Concept(
            one.phrase.text,
            one.kind,
            one.count,
            concept_score(one.count, senses(one.phrase.head), one.phrase.words),
        )
        for one in _mentioned(text)
    ]
    scored.sort(key=lambda one: -(one.score or 0.0))  # stable: equal ones as in the text
    summed = summary(text, sentences)
    main = [Concept(one, "sentence", 1, None) for one in summed if len(summed) > 1]
    return (*scored, *main)


@dataclass
class _Mentioned:
    """A phrase as it is first written, and how often."""

    phrase: NounPhrase
    kind: ConceptKind
    count: int = 0


def _mentioned(text: str) -> list[_Mentioned]:
    """The different names and phrases, in the order of the text."""
    named = names(text)
    found: dict[str, _Mentioned] = {}
    all_phrases = [*named, *(one for one in noun_phrases(text) if not one.name)]
    for phrase in sorted(all_phrases, key=lambda one: one.start):
        key = phrase.text.casefold()
        if len(key) < SHORTEST or not any(letter.isalpha() for letter in key):
            continue
        kind: ConceptKind = "name" if phrase.name else "phrase"
        one = found.setdefault(key, _Mentioned(phrase, kind))
        one.count += 1
        if phrase.name:
            one.kind = "name"
    return _without_longer_names(found)


def _without_longer_names(found: dict[str, _Mentioned]) -> list[_Mentioned]:
    """A phrase that ends in a name, without a small word between ("of"), counts as that name."""
    names_of = [key for key, one in found.items() if one.kind == "name"]
    for key in sorted(found, key=len, reverse=True):
        longer = found[key]
        ends = [name for name in names_of if key.endswith(f" {name}") and name in found]
        shorter = found.get(max(ends, key=len)) if ends else None
        if shorter is None or _small_words(longer.phrase.text.removesuffix(shorter.phrase.text)):
            continue
        most = longer if longer.count > shorter.count else shorter
        first = min(longer.phrase.start, shorter.phrase.start)
        shorter.phrase = replace(most.phrase, start=first)
        shorter.count += longer.count
        del found[key]
    return sorted(found.values(), key=lambda one: one.phrase.start)


def _small_words(text: str) -> bool:
    return any(closed_part(word) not in (None, "NUM") for word in text.split())
