"""Concepts of a text: what a picture could be of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from editor.english.noun_phrases import names, noun_phrases
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

    Phrases that differ in case alone are one, as it is written first. A text of a few words is a
    concept itself and has no summary.

    Args:
        text: a word, a prompt or a story.
        sentences: most sentences of the summary.
        senses: meanings of a head noun, given its lemma.
    """
    found: dict[str, tuple[str, ConceptKind, int, int]] = {}
    counts: Counter[str] = Counter()
    named = {phrase.text.casefold() for phrase in names(text)}
    for phrase in (*names(text), *(p for p in noun_phrases(text) if not p.name)):
        key = phrase.text.casefold()
        if len(key) < SHORTEST or not any(letter.isalpha() for letter in key):
            continue
        counts[key] += 1
        kind: ConceptKind = "name" if key in named else "phrase"
        found.setdefault(key, (phrase.text, kind, senses(phrase.head), phrase.words))
    scored = [
        Concept(written, kind, counts[key], concept_score(counts[key], meanings, words))
        for key, (written, kind, meanings, words) in found.items()
    ]
    scored.sort(key=lambda one: (-(one.score or 0.0), one.text.casefold()))
    summed = summary(text, sentences)
    told = [Concept(one, "sentence", 1, None) for one in summed if len(summed) > 1]
    return (*scored, *told)
