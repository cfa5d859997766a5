"""The order in which one rater sees the items: as the page for raters has it."""

from __future__ import annotations

from editor.survey.survey import Survey, SurveyItem

_MASK = 0xFFFFFFFF


def rater_items(survey: Survey, rater: str) -> tuple[SurveyItem, ...]:
    """The items in the order of a rater; the same as in `PAGE`, so both can be mixed.

    Args:
        survey: the survey.
        rater: the name of the rater, without spaces around it.
    """
    found = list(survey.items)
    random = _Mulberry(survey.id + rater)
    for place in range(len(found) - 1, 0, -1):
        other = int(random.next() * (place + 1))
        found[place], found[other] = found[other], found[place]
    return tuple(found)


class _Mulberry:
    """mulberry32, seeded with the FNV-1a digest of the words, as in the page's script."""

    def __init__(self, words: str) -> None:
        seed = 0x811C9DC5
        for one in words.encode("utf-8"):
            seed = (seed ^ one) * 0x01000193 & _MASK
        self._state = seed

    def next(self) -> float:
        """The next number, 0 .. 1, without 1."""
        self._state = (self._state + 0x6D2B79F5) & _MASK
        mixed = (self._state ^ self._state >> 15) * (1 | self._state) & _MASK
        mixed = (mixed + ((mixed ^ mixed >> 7) * (61 | mixed) & _MASK) & _MASK) ^ mixed
        return ((mixed ^ mixed >> 14) & _MASK) / 4294967296
