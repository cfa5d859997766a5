"""Figures of a survey against figures computed by hand."""

from __future__ import annotations

import pytest

from editor.survey.presets import PRESETS
from editor.survey.ratings import SurveyRating
from editor.survey.report import report
from editor.survey.report_page import raters_line, report_page
from editor.survey.survey import ShownAnswer, Survey, SurveyItem, SurveyKey

T = "2026-01-31T12:00:00Z"


def _survey(items: int, *, pairs: bool, closed: bool = False) -> Survey:
    shown = (ShownAnswer("", "x"),) * (2 if pairs else 1)
    return Survey(
        "id",
        "A <title>",
        "concept",
        PRESETS["concept"].questions(pairs=pairs)[:1],
        tuple(SurveyItem(f"{n:03d}", "text", "", shown) for n in range(1, items + 1)),
        "",
        closed,
    )


def _ratings(question: str, scores: dict[str, str], fields: dict[str, str]) -> list[SurveyRating]:
    """Rater → one letter or digit an item."""
    words = {"l": "left", "t": "tie", "r": "right"}
    return [
        SurveyRating(rater, f"{n:03d}", question, words.get(s, s), n, T, fields.get(rater, ""))
        for rater, given in scores.items()
        for n, s in enumerate(given, 1)
    ]


KEY = SurveyKey("id", "", 7, {"001": ("plain",), "002": ("tags",), "003": ("tags",)})
SCORES = _ratings("quality", {"ada": "134", "bob": "244"}, {"ada": "expert", "bob": "novice"})


def test_means_and_deviations_by_hand() -> None:
    found = report(_survey(3, pairs=False, closed=True), SCORES, KEY)
    (question,) = found.questions
    assert question.overall is not None
    assert question.overall.mean == 3.0
    # Squared distances 4, 0, 1, 1, 1, 1 over 5.
    assert question.overall.deviation == pytest.approx((8 / 5) ** 0.5)
    assert question.overall.counts == (1, 1, 1, 3)
    assert (question.overall.n, question.overall.items) == (6, 3)
    plain, tags = question.models
    assert (plain.name, plain.mean, plain.n, plain.items) == ("plain", 1.5, 2, 1)
    assert (plain.low, plain.high) == (1.5, 1.5)  # one item: nothing to resample
    assert (tags.mean, tags.deviation) == (3.75, pytest.approx(0.5))
    assert 3.5 == tags.low < tags.high == 4.0  # the means of the two items
    assert [(r.name, r.mean) for r in question.raters] == [
        ("ada", pytest.approx(8 / 3)),
        ("bob", pytest.approx(10 / 3)),
    ]
    assert [r.name for r in question.fields] == ["expert", "novice"]
    assert found.seed == 7


def test_agreement_is_given_for_pairs_their_mean_and_all() -> None:
    (question,) = report(_survey(3, pairs=False), SCORES).questions
    # Joint (1,2), (3,4), (4,4). Linear: observed (1+1)/9, chance over rows 1, 3, 4 and columns
    # 2, 4, 4: (1+3+3 + 1+1+1 + 2)/27 = 12/27. Quadratic: 2/27 and (1+9+9 + 1+1+1 + 4)/81.
    linear, quadratic = question.agreement.pairs["ada / bob"]
    assert linear == pytest.approx(1 - (2 / 9) / (12 / 27))
    assert quadratic == pytest.approx(1 - (2 / 27) / (26 / 81))
    assert question.agreement.mean == (linear, quadratic)
    # Pooled: all scores 1, 2, 3, 4, 4, 4; the same pairs, both ways round.
    # Σ |i−j| over ordered pairs of the six, by 3 · 36: 2 · (1+2+9 + 1+6 + 3) / 108.
    assert question.agreement.pooled[0] == pytest.approx(1 - (2 / 9) / (44 / 108))


def test_while_sealed_nothing_is_said_by_model() -> None:
    found = report(_survey(3, pairs=False), SCORES)
    assert found.questions[0].models == ()
    assert found.seed is None
    assert "sealed" in raters_line(found)
    assert "plain" not in report_page(found)


def test_wins_ties_and_losses_are_the_models_not_the_sides() -> None:
    key = SurveyKey(
        "id", "", 0, {f"{n:03d}": ("b", "a") if n == 2 else ("a", "b") for n in (1, 2, 3)}
    )
    ratings = _ratings("better", {"ada": "llt", "bob": "rrl"}, {})
    (question,) = report(_survey(3, pairs=True, closed=True), ratings, key).questions
    (pair,) = question.comparisons
    # ada: a, b, tie. bob: b, a, a.
    assert (pair.first, pair.second, pair.wins, pair.ties, pair.losses) == ("a", "b", 3, 1, 2)
    assert question.choices == (3, 1, 2)
    (sealed,) = report(_survey(3, pairs=True), ratings).questions
    assert sealed.comparisons == ()


def test_ratings_by_models_are_called_so_and_none_are_none() -> None:
    made = report(_survey(1, pairs=False), _ratings("quality", {"gpt": "1"}, {"gpt": "model"}))
    assert made.people == ()
    assert "1 model and no person" in raters_line(made)
    nobody = report(_survey(1, pairs=False), [])
    assert "Nobody has rated yet" in raters_line(nobody)
    assert nobody.questions[0].overall is None
    assert nobody.questions[0].agreement.pooled == (None, None)
    assert "undefined" in report_page(nobody)


def test_ratings_by_models_do_not_move_the_figures_of_people() -> None:
    mixed = SCORES + _ratings("quality", {"gpt": "111"}, {"gpt": "model"})
    (people,) = report(_survey(3, pairs=False, closed=True), SCORES, KEY).questions
    found = report(_survey(3, pairs=False, closed=True), mixed, KEY)
    (both,) = found.questions
    assert (both.overall, both.models, both.agreement) == (
        people.overall, people.models, people.agreement,
    )  # fmt: skip
    assert [row.name for row in both.raters] == ["ada", "bob", "gpt"]
    assert [row.name for row in both.fields] == ["expert", "model", "novice"]
    assert "of people's ratings alone" in raters_line(found)


def test_the_page_is_whole_and_escapes_names() -> None:
    key = SurveyKey("id", "", 0, dict.fromkeys(("001", "002", "003"), ("<b>",)))
    text = report_page(report(_survey(3, pairs=False, closed=True), SCORES, key))
    assert "A &lt;title&gt;" in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert text.count("<svg") == 1 + 2 + 2 + 1  # model, raters, fields, all
    assert "http" not in text.replace("http-equiv", "")
