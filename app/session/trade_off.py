"""How well the results follow the words against how much they keep of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.session.results import Results
from editor.model.score import Gates, Score


@dataclass(frozen=True)
class TradeOffPoint:
    """A result as a point; both figures are of one kind for all results of a plot.

    Attributes:
        key: of the result.
        number: its place in the list, from 1.
        kept: how much of the picture is kept, 1 for all of it.
        followed: how well the words are followed.
        passed: it reached the bar.
    """

    key: str
    number: int
    kept: float
    followed: float
    passed: bool = True


@dataclass(frozen=True)
class TradeOff:
    """The results of a run as points.

    Attributes:
        points: in the order of the list.
        least_kept, least_followed: the bar; None where these figures have none.
    """

    points: tuple[TradeOffPoint, ...]
    least_kept: float | None = None
    least_followed: float | None = None

    @property
    def best(self) -> tuple[TradeOffPoint, ...]:
        """The results that no other one beats in both figures, from least kept to most."""
        return pareto_front(self.points)


def trade_off(results: Results | None) -> TradeOff:
    """The points of all results that were measured; none where fewer than two were.

    CLIP's direction against its similarity with the source, as in figure 8 of InstructPix2Pix
    (Brooks et al. 2023), where all results have both. Else the share of the change asked for
    against how little else changed.
    """
    if results is None:
        return TradeOff(())
    measured = [
        (number, slot.score)
        for number, slot in enumerate(results.ordered, 1)
        if slot.candidate is not None and slot.score is not None
    ]
    scores = [score for _, score in measured]
    by_clip = bool(scores) and all(_by_clip(score) for score in scores)
    figures = [(number, score, *_figures(score, by_clip=by_clip)) for number, score in measured]
    points = []
    for number, score, kept, followed in figures:
        if kept is not None and followed is not None:
            place = results.place(score.key)
            points.append(
                TradeOffPoint(score.key, number, kept, followed, place is None or place.passed)
            )
    if len(points) < 2:
        return TradeOff(())
    bar = scores[0].gates or Gates()
    if by_clip:
        return TradeOff(tuple(points), bar.image, bar.direction)
    return TradeOff(tuple(points), None, bar.asked)


def pareto_front(points: Sequence[TradeOffPoint]) -> tuple[TradeOffPoint, ...]:
    """Those that no other beats in one figure and equals in the other, from least kept to most.

    Of equal ones the first stays.
    """
    front: list[TradeOffPoint] = []
    for one in sorted(points, key=lambda p: (-p.kept, -p.followed, p.number)):
        if not front or one.followed > front[-1].followed:
            front.append(one)
    return tuple(reversed(front))


def _by_clip(score: Score) -> bool:
    return not score.is_by_effect and score.direction is not None and score.image is not None


def _figures(score: Score, *, by_clip: bool) -> tuple[float | None, float | None]:
    """How much is kept, and how well the words are followed."""
    if by_clip:
        return score.image, score.direction
    kept = None if score.unasked is None else 1.0 / (1.0 + score.unasked)
    return kept, score.asked
