"""What a survey found: means and deviations, agreement, wins, ties and losses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from editor.survey.agreement import LINEAR, QUADRATIC, mean_kappa, pooled_kappa, rater_pairs
from editor.survey.ratings import SurveyRating
from editor.survey.survey import Survey, SurveyKey, SurveyQuestion

_RESAMPLES: Final = 2000
_TAIL: Final = 0.025


@dataclass(frozen=True)
class ScoreSummary:
    """Scores of a scale.

    Attributes:
        name: whose: a model, a rater, a field or "all".
        n, items: how many ratings, of how many items.
        mean: of the scores, 1 to 4.
        deviation: standard deviation of the ratings with n − 1; None for a single one.
        low, high: 95 % interval of the mean from resampled items, which hold several ratings that
            are not independent of each other.
        counts: how often each score was given.
    """

    name: str
    n: int
    items: int
    mean: float
    deviation: float | None
    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True)
class PairSummary:
    """How often one of two models was preferred.

    Attributes:
        first, second: the models, in the order of the alphabet.
        wins, ties, losses: of `first`, in ratings.
    """

    first: str
    second: str
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True)
class Agreement:
    """Weighted κ of a question, with linear and quadratic weights.

    Attributes:
        pairs: "one / other" → (linear, quadratic); None where it is undefined.
        mean: over the pairs of raters where it is defined.
        pooled: of all raters at once (`pooled_kappa`).
    """

    pairs: Mapping[str, tuple[float | None, float | None]]
    mean: tuple[float | None, float | None]
    pooled: tuple[float | None, float | None]


@dataclass(frozen=True)
class QuestionSummary:
    """All about one question.

    Attributes:
        question: which one.
        agreement: of the raters.
        overall: all scores; None for a choice.
        raters, fields: scores by rater and by field; empty for a choice.
        models: scores by model; empty while the survey is sealed, and for a choice.
        comparisons: every two models; empty while the survey is sealed, and for a scale.
        choices: how often left, tie and right were chosen; () for a scale.
    """

    question: SurveyQuestion
    agreement: Agreement
    overall: ScoreSummary | None = None
    raters: tuple[ScoreSummary, ...] = ()
    fields: tuple[ScoreSummary, ...] = ()
    models: tuple[ScoreSummary, ...] = ()
    comparisons: tuple[PairSummary, ...] = ()
    choices: tuple[int, ...] = ()


@dataclass(frozen=True)
class SurveyReport:
    """What is known of a survey.

    Attributes:
        title, closed: of the survey.
        items, ratings: how many.
        people: raters who are people, by name.
        machines: raters of the field "model", by name.
        seed: of the order; None while the survey is sealed.
        questions: one summary each.
    """

    title: str
    closed: bool
    items: int
    ratings: int
    people: tuple[str, ...]
    machines: tuple[str, ...]
    seed: int | None
    questions: tuple[QuestionSummary, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values


def report(
    survey: Survey, ratings: Sequence[SurveyRating], key: SurveyKey | None = None
) -> SurveyReport:
    """Summarise ratings; by model only with the key.

    Where people rated, figures and agreement are of their ratings alone; those of models stand in
    the summaries by rater and by field.

    Args:
        survey: what was asked.
        ratings: of all raters, checked by `read_ratings`.
        key: which model made what; None while the survey is sealed.
    """
    machines = {one.rater for one in ratings if one.field == "model"}
    people = {one.rater for one in ratings} - machines
    counted = [one for one in ratings if not people or one.rater in people]
    return SurveyReport(
        survey.title,
        survey.closed,
        len(survey.items),
        len(ratings),
        tuple(sorted(people)),
        tuple(sorted(machines)),
        key.seed if key else None,
        tuple(
            _question(question, _of(question, counted), _of(question, ratings), key)
            for question in survey.questions
        ),
    )


def _of(question: SurveyQuestion, ratings: Sequence[SurveyRating]) -> list[SurveyRating]:
    return [one for one in ratings if one.question == question.id]


def _question(
    question: SurveyQuestion,
    ratings: Sequence[SurveyRating],
    everyone: Sequence[SurveyRating],
    key: SurveyKey | None,
) -> QuestionSummary:
    agreement = _agreement(question, ratings)
    if question.kind == "choice":
        counts = tuple(sum(r.score == level for r in ratings) for level in question.levels)
        compared = _comparisons(ratings, key) if key else ()
        return QuestionSummary(question, agreement, comparisons=compared, choices=counts)
    models = {} if key is None else {item: made[0] for item, made in key.models.items()}
    return QuestionSummary(
        question,
        agreement,
        _scores("all", ratings) if ratings else None,
        _by([r.rater for r in everyone], everyone),
        _by([r.field for r in everyone], everyone),
        _by([models[r.item] for r in ratings], ratings) if models else (),
    )


def _by(names: Sequence[str], ratings: Sequence[SurveyRating]) -> tuple[ScoreSummary, ...]:
    """A summary for each name that is not empty; `names` has one for each rating."""
    return tuple(
        _scores(name, [r for n, r in zip(names, ratings, strict=True) if n == name])
        for name in sorted({n for n in names if n})
    )


def _scores(name: str, ratings: Sequence[SurveyRating]) -> ScoreSummary:
    values = np.array([int(one.score) for one in ratings], float)
    by_item: dict[str, list[float]] = {}
    for one, value in zip(ratings, values, strict=True):
        by_item.setdefault(one.item, []).append(float(value))
    low, high = _interval(list(by_item.values()))
    return ScoreSummary(
        name,
        len(values),
        len(by_item),
        float(values.mean()),
        float(values.std(ddof=1)) if len(values) > 1 else None,
        low,
        high,
        tuple(int((values == score).sum()) for score in range(1, 5)),
    )


def _interval(items: Sequence[Sequence[float]]) -> tuple[float, float]:
    """95 % percentile interval of the mean rating, from 2,000 resamples of items, seed 0."""
    sums = np.array([sum(values) for values in items])
    counts = np.array([len(values) for values in items])
    drawn = np.random.default_rng(0).integers(len(items), size=(_RESAMPLES, len(items)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def _agreement(question: SurveyQuestion, ratings: Sequence[SurveyRating]) -> Agreement:
    levels = {level: number for number, level in enumerate(question.levels)}
    by_rater: dict[str, dict[str, int]] = {}
    for one in ratings:
        by_rater.setdefault(one.rater, {})[one.item] = levels[one.score]
    linear, quadratic = (rater_pairs(by_rater, len(levels), p) for p in (LINEAR, QUADRATIC))
    return Agreement(
        {" / ".join(pair): (linear[pair], quadratic[pair]) for pair in linear},
        (mean_kappa(linear), mean_kappa(quadratic)),
        (
            pooled_kappa(by_rater, len(levels), LINEAR),
            pooled_kappa(by_rater, len(levels), QUADRATIC),
        ),
    )


def _comparisons(ratings: Sequence[SurveyRating], key: SurveyKey) -> tuple[PairSummary, ...]:
    counts: dict[tuple[str, str], list[int]] = {}
    for one in ratings:
        left, right = key.models[one.item]
        pair = (min(left, right), max(left, right))
        side = {"left": left, "right": right}.get(one.score)
        place = 1 if side is None else 0 if side == pair[0] else 2
        counts.setdefault(pair, [0, 0, 0])[place] += 1
    return tuple(PairSummary(*pair, *counts[pair]) for pair in sorted(counts))
