from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from editor.messages import Message
from editor.model.ranking import Ranked, Ranking
from editor.model.score import CHANGE, DIRECTION, MEASURED, Gates, Score
from editor.ranking.reasons import Judged, judge, parts_of, reasons, sentence, share_of
from editor.ranking.weights import Usual, Weights, damage_beyond_sound, sides_of, usual_of

OVERSHOOT = 0.35
"""How much a change beyond the usual one counts against a candidate: the words asked for the
usual strength."""

CLIPPING_COST = 20.0
"""Newly clipped pixels weigh so much against a unit of unasked change."""

_ORDER = (DIRECTION, MEASURED, CHANGE)
"""Bases that cannot be compared are listed one after the other, the more reliable one first."""


def rank(
    scores: Iterable[Score],
    weights: Weights | None = None,
    gates: Gates | None = None,
    *,
    same_words: bool = True,
) -> Ranking:
    """Order candidates best first; pure, nothing is hidden, ties stay in request order.

    With CLIP scores: those over the gates come first, by the weighted sum of their `Sides`: how
    well the words are followed (`direction` and, where a weight for it was measured for the CLIP
    model, the similarity with the caption after: `Score.following`), how much of the picture is
    kept, and beauty where a model rates it. Measured (parametric methods, and others
    outside the CLIP model's domain): by the asked change achieved per unasked change and per newly
    clipped pixel; the sliders are the exponents of that quotient. Where that is unknown too, the
    candidate that changes as much as most others do comes first: nothing favours an outlier.
    Candidates of several methods are all ranked by direction where all have one. Damage
    (`editor.ranking.damage`) beyond what gold edits have counts against a candidate on every basis,
    and beyond its gate puts it below the bar.

    Words of several parts ("warmer and lift the shadows") are judged by every part: a candidate
    that does all of them comes before one that leaves a part undone, and among these the part that
    is done least counts.

    A candidate that is almost the same as a better one (`Score.alike`) comes after the distinct
    ones.

    A caption that does not fit the source picture puts all candidates below the bar and leaves
    their order alone: it is not their fault.

    Args:
        scores: in request order.
        weights: the sliders, or what was learnt from the artist; None for the defaults.
        gates: the artist's bar; None for that of the CLIP model that made the scores, and for
            scores without one the usual one.
        same_words: whether all were asked for the same; the results of Explore were not.
    """
    listed = list(scores)
    sliders = weights or Weights()
    judged = [
        judge(one, basis, gates or one.gates or Gates())
        for one, basis in zip(listed, bases(listed), strict=True)
    ]
    bars = [gates or one.gates or Gates() for one in listed]
    wanted = _wanted_strengths(listed)
    usual = _Usual.of(judged)
    order = sorted(
        range(len(listed)),
        key=lambda i: (
            _shelf(judged[i]),
            -_merit(judged[i], sliders, bars[i], wanted, usual),
            i,
        ),
    )
    order, leaders = variants_last(order, listed, judged)
    found = reasons([judged[i] for i in order], same_words=same_words)
    for place, i in enumerate(order):
        if i in leaders and judged[i].passed:
            found[place] = (Message("reason.almost_same", rank=order.index(leaders[i]) + 1),)
    return Ranking(
        tuple(
            Ranked(listed[i].key, place, judged[i].passed, sentence(why), listed[i], why)
            for place, (i, why) in enumerate(zip(order, found, strict=True), 1)
        )
    )


def variants_last(
    order: Sequence[int], listed: Sequence[Score], judged: Sequence[Judged]
) -> tuple[list[int], dict[int, int]]:
    """Results that are almost the same as a better one come after the distinct ones.

    Nothing moves past the bar, nor past candidates that are ranked by something else.

    Args:
        order: indices of candidates, best first.
        listed: their scores.
        judged: the same, held to the bar.

    Returns:
        The new order, and for each repeated candidate the one that it repeats.
    """
    leaders: dict[int, int] = {}
    for place, i in enumerate(order):
        for j in order[:place]:
            pair = listed[j].key in listed[i].alike or listed[i].key in listed[j].alike
            if pair and j not in leaders and _shelf(judged[i]) == _shelf(judged[j]):
                leaders[i] = j
                break
    return sorted(order, key=lambda i: (_shelf(judged[i]), i in leaders)), leaders


def _shelf(one: Judged) -> tuple[bool, int, int]:
    """Candidates below the bar come last, those ranked by less reliable figures later.

    Then those that leave more parts of the words undone.
    """
    return one.short is not None, _ORDER.index(one.basis), len(one.missed)


def bases(listed: Sequence[Score]) -> list[str]:
    """By what each is ranked: direction for all, if some need it and all have it."""
    names = [one.ranked_by for one in listed]
    if DIRECTION in names and all(one.direction is not None for one in listed):
        return [DIRECTION] * len(listed)
    return [basis if basis in _ORDER else MEASURED for basis in names]


def _wanted_strengths(listed: Sequence[Score]) -> list[float]:
    """How strong a change each part of the words asks for: that of the first request.

    The first is the plain reading: "much darker" and "a touch darker" are both done at their own
    strength.
    """
    return [min(max(share, 0.3), 3.0) for share in _part_shares(listed[0])] if listed else []


def _part_shares(score: Score) -> list[float]:
    """How much of each part of the words was reached; the whole as one part where that is all."""
    moving = [share_of(part) for part in parts_of(score) if part[0].way]
    if len(moving) > 1:
        return moving
    return [score.asked if score.asked is not None else 1.0]


@dataclass(frozen=True)
class _Usual:
    """Medians of a run: the change of those ranked by change, and what `sides_of` compares."""

    change: float
    sides: Usual

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> _Usual:
        changes = [one.score.changed for one in judged if one.basis == CHANGE]
        return cls(
            median([change for change in changes if change] or [0.0]),
            usual_of(one.score for one in judged),
        )


def _merit(
    one: Judged, weights: Weights, bar: Gates, wanted: Sequence[float], usual: _Usual
) -> float:
    score = one.score
    damaged = damage_beyond_sound(score)
    if one.basis == CHANGE:
        return -abs((score.changed or 0.0) - usual.change) - damaged * usual.change
    sides = sides_of(score, bar, usual.sides) if one.basis == DIRECTION else None
    if sides is not None:
        return sides.total(weights)
    if score.asked is None:
        return -1.0
    achieved = _achieved(_part_shares(score), wanted, weights)
    if achieved <= 0:
        return achieved
    cost = (1.0 + (score.unasked or 0.0)) * (1.0 + CLIPPING_COST * (score.clipped or 0.0))
    cost *= 1.0 + damaged
    return float(achieved**weights.words / cost**weights.picture)


def _achieved(shares: Sequence[float], wanted: Sequence[float], weights: Weights) -> float:
    """What the part that is done least reached of its own strength; too much counts against it."""
    if len(shares) != len(wanted):  # results of other words than the first
        wanted = [1.0] * len(shares)
    reached = []
    for share, strength in zip(shares, wanted, strict=True):
        part = share / strength
        if part > 1.0:
            part = max(0.3, 1.0 - OVERSHOOT * weights.picture * (part - 1.0))
        reached.append(part)
    return min(reached)
