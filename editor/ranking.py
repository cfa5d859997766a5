from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from editor.patch import Settings


@dataclass(frozen=True)
class Score:
    """Figures about one candidate.

    Attributes:
        key: the candidate's key.
        direction: CLIP directional similarity, −1..1; None outside the CLIP model's domain.
        image: CLIP similarity of source and candidate, −1..1, or None.
        target: CLIP similarity of candidate and caption after, −1..1, or None.
        outside: largest absolute change outside the selection, 0..1; None without a selection.
        asked: measured: share of the asked change that was achieved, 0..1 and above, or None.
        unasked: measured: change in quantities nobody asked for, 0 and up, or None.
        clipped: measured: share of pixels newly clipped, 0..1, or None.
        extra: further named scores.
        reasons: clauses in words from measured facts, what it does best first, then its cost.
    """

    key: str
    direction: float | None = None
    image: float | None = None
    target: float | None = None
    outside: float | None = None
    asked: float | None = None
    unasked: float | None = None
    clipped: float | None = None
    extra: Settings = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """One place in a ranking. `passed` is False below the artist's bar (dimmed, never hidden)."""

    key: str
    rank: int
    passed: bool
    reason: str
    score: Score | None


@dataclass(frozen=True)
class Ranking:
    """Candidates best first, each with its reason."""

    places: tuple[Ranked, ...] = ()

    def place(self, key: str) -> Ranked | None:
        """The place of a candidate."""
        return next((p for p in self.places if p.key == key), None)


@dataclass(frozen=True)
class Weights:
    """How much each side of the ranking counts (the sliders of "Why this order"); 1 = some."""

    words: float = 1.0
    picture: float = 1.0
    beauty: float = 0.0


@dataclass(frozen=True)
class Gates:
    """The bar ("your bar"): what a candidate has to reach to stand among the first.

    Attributes:
        image: CLIP similarity to the source, at least.
        direction: CLIP directional similarity, at least.
        asked: share of the asked change, at least.
        clipped: share of pixels newly clipped, at most.
        outside: change outside the selection, at most.
    """

    image: float = 0.7
    direction: float = 0.2
    asked: float = 0.15
    clipped: float = 0.05
    outside: float = 0.0


OVERSHOOT = 0.35
"""How much of the change past a usual one counts against a candidate: the words asked for the
usual strength."""

CLIPPING_COST = 20.0
"""Newly clipped pixels weigh so much against a unit of unasked change."""


def rank(
    scores: Iterable[Score], weights: Weights | None = None, gates: Gates | None = None
) -> Ranking:
    """Order candidates best first; pure, nothing is hidden, ties stay in request order.

    With CLIP scores: those with `image` and `direction` over the gates come first, by
    `direction`; the sliders, once moved, re-sort by the weighted sum. Without (parametric
    methods): by the asked change achieved per unasked change and per newly clipped pixel; the
    sliders are the exponents of that quotient.

    Args:
        scores: in request order.
        weights: the sliders; None for the documented order.
        gates: the artist's bar; None for the usual one.
    """
    listed = list(scores)
    bar = gates or Gates()
    sliders = weights or Weights()
    judged = [(one, _short_of(one, bar)) for one in listed]
    said = _said(listed)
    order = sorted(
        range(len(listed)),
        key=lambda i: (bool(judged[i][1]), -_merit(listed[i], sliders, said), i),
    )
    reasons = _reasons([judged[i] for i in order])
    return Ranking(
        tuple(
            Ranked(listed[i].key, place, not judged[i][1], reason, listed[i])
            for place, (i, reason) in enumerate(zip(order, reasons, strict=True), 1)
        )
    )


def _short_of(score: Score, bar: Gates) -> str:
    """The first gate that a candidate does not reach, in words; empty if it passes."""
    if score.outside is not None and score.outside > bar.outside:
        return f"outside changed by {max(1, round(score.outside * 255))} of 255"
    if score.image is not None and score.image < bar.image:
        return "changed more than asked"
    if score.direction is not None and score.direction < bar.direction:
        return "keeps the picture, change is weak"
    if score.asked is not None and score.direction is None:
        if score.asked < 0:
            return "goes the other way"
        if score.asked < bar.asked:
            return "hardly changes what was asked"
    if score.clipped is not None and score.clipped > bar.clipped:
        return f"{100 * score.clipped:.0f} % of the picture clips"
    return ""


def _said(listed: Sequence[Score]) -> float:
    """How strong a change the words ask for: that of the first request, the plain reading.

    "Much darker" and "a touch darker" are both done at their own strength.
    """
    first = listed[0].asked if listed else None
    return min(max(first, 0.3), 3.0) if first is not None else 1.0


def _merit(score: Score, weights: Weights, said: float = 1.0) -> float:
    beauty = dict(score.extra).get("beauty")
    if score.direction is not None:
        if weights == Weights():
            return score.direction
        kept = score.image if score.image is not None else 0.0
        # Direction lives in about 0..0.4, similarity in 0.5..1: brought to one scale first.
        total = weights.words * score.direction / 0.4 + weights.picture * (kept - 0.5) / 0.5
        return total + weights.beauty * _unit(beauty)
    if score.asked is None:
        return weights.beauty * _unit(beauty) - 1.0
    achieved = score.asked / said
    if achieved <= 0:
        return achieved
    if achieved > 1.0:
        achieved = max(0.3, 1.0 - OVERSHOOT * weights.picture * (achieved - 1.0))
    cost = (1.0 + (score.unasked or 0.0)) * (1.0 + CLIPPING_COST * (score.clipped or 0.0))
    gained = achieved**weights.words / cost**weights.picture
    return float(gained) + weights.beauty * _unit(beauty)


def _unit(beauty: object) -> float:
    """An aesthetic score of 1..10 on the scale 0..1; 0 where there is none."""
    return float(beauty) / 10.0 if isinstance(beauty, (int, float)) else 0.0


def _reasons(judged: list[tuple[Score, str]]) -> list[str]:
    """One reason each, at most two short clauses: what it does best, then what it costs."""
    clipping = [
        (s.direction, s.image) for s, short in judged if s.direction is not None and not short
    ]
    texts = []
    for place, (score, short) in enumerate(judged):
        if score.direction is not None:
            clauses = _clip_clauses(score, short, clipping)
        else:
            clauses = [*score.reasons[:2]]
            if short and short not in clauses:
                clauses = [clauses[0], short] if clauses else [short]
        if not clauses:
            clauses = ["no figures for this one"]
        if place == 0 and not short and len(judged) > 1 and score.direction is None:
            clauses = _best_first(clauses)
        texts.append(_sentence(clauses))
    return _told_apart(texts, [score for score, _ in judged])


def _best_first(clauses: list[str]) -> list[str]:
    if len(clauses) > 1 and clauses[1] == "the rest stays":
        return [clauses[0], "keeps the rest best"]
    return clauses


def _clip_clauses(
    score: Score, short: str, others: Sequence[tuple[float | None, float | None]]
) -> list[str]:
    if short:
        return [short]
    directions = [d for d, _ in others if d is not None]
    images = [i for _, i in others if i is not None]
    clauses = []
    if directions and score.direction == max(directions):
        clauses.append("follows the request best")
    if images and score.image == max(images):
        clauses.append("keeps the picture best")
    elif score.image is not None and score.image >= 0.9:
        clauses.append("keeps the picture")
    if not clauses:
        clauses.append("follows the request")
    if len(clauses) < 2 and score.image is not None and score.image < 0.8:
        clauses.append("the picture changes more")
    return clauses


def _sentence(clauses: list[str]) -> str:
    text = "; ".join(clauses[:2])
    return text[:1].upper() + text[1:]


def _told_apart(texts: list[str], scores: list[Score]) -> list[str]:
    """Where two reasons read alike though the figures differ, the strength is said in words."""
    told = list(texts)
    for text in {t for t, count in Counter(texts).items() if count > 1}:
        alike = [i for i, other in enumerate(texts) if other == text]
        alike.sort(key=lambda i: _strength(scores[i]))
        if _strength(scores[alike[0]]) == _strength(scores[alike[-1]]):
            continue
        if len(alike) == 2:
            words = ["a gentler take", "a stronger take"]
        else:
            between = ["in between"] * (len(alike) - 2)
            words = ["a gentler take", *between, "a stronger take"]
        for i, word in zip(alike, words, strict=True):
            told[i] = f"{text}; {word}"
        middle = alike[1:-1]
        if len(middle) > 1:
            for i in middle:
                told[i] = f"{told[i]} ({round(100 * _strength(scores[i]))} of 100)"
    return told


def _strength(score: Score) -> float:
    """How strong the asked change is, for telling like reasons apart."""
    return (score.direction if score.direction is not None else score.asked) or 0.0
