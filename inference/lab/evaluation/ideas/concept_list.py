"""The concepts that arms write about, from captions or from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from editor.english.concepts import SHORTEST, concept_score, one_sense
from editor.english.noun_phrases import noun_phrases

_LEAST: Final = 2
"""How often a phrase occurs at least: once is no concept of a set of captions."""


def concept_list(captions: Sequence[str], count: int) -> tuple[str, ...]:
    """The best first noun phrases of some captions by `concept_score`, equal ones as they come.

    The paper chooses by hand what can be the main subject of a picture; here that is what captions
    begin with, for modifiers ("flat illustration") are the most frequent phrases of all.

    Args:
        captions: that no arm was trained on.
        count: most concepts.
    """
    counts: Counter[str] = Counter()
    words: dict[str, tuple[int, str]] = {}
    for caption in captions:
        phrases = noun_phrases(caption)
        if phrases and len(phrases[0].text) >= SHORTEST:
            key = phrases[0].text.casefold()
            counts[key] += 1
            words.setdefault(key, (phrases[0].words, phrases[0].head))
    known = [key for key, number in counts.items() if number >= _LEAST]
    scores = {
        key: concept_score(counts[key], one_sense(words[key][1]), words[key][0]) for key in known
    }
    return tuple(sorted(known, key=lambda key: -scores[key])[:count])
