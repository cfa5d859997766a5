"""By what each result stands apart from all others of its run.

A difference is a figure in which one result is above, or below, every other by enough to be seen.
Reasons are made from these alone, so that each can be checked against the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from editor.model.score import Score

FOLLOWS, IMAGE, UNASKED, CHANGED = "follows", "image", "unasked", "changed"
"""Figures of every score: how well it follows the words by CLIP, CLIP's similarity to the source,
what changed that nobody asked for, how much changed at all. Asked quantities go by their names."""

SHADES: Final = {"shade_lightness": "lightness", "shade_chroma": "chroma"}
"""Of recolours, whose words ask for no direction: changes of these, from `Score.extra`."""

LEAST: Final = {
    FOLLOWS: 0.03, IMAGE: 0.02, UNASKED: 0.3, CHANGED: 0.01, **dict.fromkeys(SHADES, 1.0),
}  # fmt: skip
"""The least difference that is named, in the unit of each figure."""

LEAST_ASKED: Final = 0.15
"""The same for asked quantities, in usual changes: about 1 CIELAB unit of warmth."""

LEAST_SHARE: Final = 0.1
"""Of changes, which have no upper end, a difference is also this share of the larger value."""


@dataclass(frozen=True)
class Difference:
    """One result against all others of its run.

    Attributes:
        figure: one of the names above, or a quantity that the words name.
        highest: True where it has the highest value of all, False for the lowest.
        lead: how far the next result is, in least differences that are named; at least 1.
    """

    figure: str
    highest: bool
    lead: float


def differences(
    scores: Sequence[Score], follows: Sequence[float | None], *, same_words: bool
) -> list[tuple[Difference, ...]]:
    """By what each result stands apart, the widest lead first; () for most that lie in between.

    Args:
        scores: of all results of a run; a figure that one of them lacks is not compared.
        follows: `Score.following` of each.
        same_words: whether all were asked for the same. How well different words are followed is
            no difference between the results.
    """
    found: list[list[Difference]] = [[] for _ in scores]
    if len(scores) < 2:
        return [() for _ in scores]
    figures: dict[str, list[float | None]] = {
        IMAGE: [one.image for one in scores],
        CHANGED: [one.changed for one in scores],
    }
    if same_words:
        figures |= {FOLLOWS: list(follows), UNASKED: [one.unasked for one in scores]}
        figures |= _asked(scores) or _shades(scores)
    for name, values in figures.items():
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            share = 0.0 if name in (FOLLOWS, IMAGE) else LEAST_SHARE
            for i, highest, lead in _ends(known, LEAST.get(name, LEAST_ASKED), share):
                found[i].append(Difference(name, highest, lead))
    return [tuple(sorted(one, key=lambda d: -d.lead)) for one in found]


def _asked(scores: Sequence[Score]) -> Mapping[str, list[float | None]]:
    """Each quantity that should move, as its signed change in every result."""
    changes: list[Mapping[str, float]] = [
        {one.quantity: one.way * one.share for one in score.parts if one.way} for score in scores
    ]
    return {name: [one.get(name) for one in changes] for name in changes[0]}


def _shades(scores: Sequence[Score]) -> Mapping[str, list[float | None]]:
    """In CIELAB units."""
    noted = [dict(score.extra) for score in scores]
    return {name: [one.get(quantity) for one in noted] for name, quantity in SHADES.items()}


def _ends(values: Sequence[float], least: float, share: float) -> list[tuple[int, bool, float]]:
    """The places of the highest and lowest value that stand apart: index, highest, lead."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = []
    for one, other, highest in ((order[-1], order[-2], True), (order[0], order[1], False)):
        gap = abs(values[one] - values[other])
        lead = gap / max(least, share * max(abs(values[one]), abs(values[other])))
        if lead >= 1.0:
            found.append((one, highest, lead))
    return found
