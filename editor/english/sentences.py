"""Sentences of a text, and the ones that sum it up."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from editor.english.lexicon import listed
from editor.english.noun_phrases import content_lemmas

_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[^\W_])|\n\s*\n")
_SHORTEST: Final = 4
"""Words; shorter ones are calls and headings, not sentences of a summary."""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; Markdown's signs at the beginning of lines are left out."""
    plain = re.sub(r"(?m)^\s*(?:#+|[*\-+>]|\d+\.)\s+", "", text)
    found: list[str] = []
    begin = 0
    for match in _END.finditer(plain):
        before = plain[begin : match.start()].rstrip()
        last = before.rpartition(" ")[2].rstrip(".").lstrip("(\"'“").casefold()
        if last in listed("abbreviation") and "\n" not in match.group():
            continue
        found.append(before + match.group().rstrip())
        begin = match.end()
    found.append(plain[begin:])
    tidy = (" ".join(one.split()) for one in found)
    return tuple(one for one in tidy if one)


def summary(text: str, count: int) -> tuple[str, ...]:
    """At most `count` sentences that hold what the text speaks of most, in its order.

    SumBasic (Nenkova and Vanderwende 2005): a sentence scores the mean probability of its content
    lemmas; those of a chosen sentence count less afterwards (squared), so that the next one says
    something else.
    """
    found = [one for one in sentences(text) if len(one.split()) >= _SHORTEST]
    lemmas = [content_lemmas(one) for one in found]
    counts = Counter(one for group in lemmas for one in group)
    total = sum(counts.values())
    share = {one: number / total for one, number in counts.items()}
    chosen: list[int] = []
    while len(chosen) < min(count, len(found)):
        rest = [i for i in range(len(found)) if i not in chosen and lemmas[i]]
        if not rest:
            break
        best = max(rest, key=lambda i: (sum(share[w] for w in lemmas[i]) / len(lemmas[i]), -i))
        chosen.append(best)
        for word in lemmas[best]:
            share[word] **= 2
    return tuple(found[i] for i in sorted(chosen))
