from __future__ import annotations

from app.panels.survey.rating_view import level_text
from app.panels.survey.survey_panel import figure_lines
from editor.survey.report import Agreement, PairSummary, QuestionSummary, ScoreSummary
from editor.survey.survey import SurveyQuestion

UNKNOWN = Agreement({}, (None, None), (None, None))


def test_figures_are_those_of_models_where_they_are_known() -> None:
    question = SurveyQuestion("quality", "How good?", "scale", "bad", "good")
    whole = ScoreSummary("all", 4, 2, 2.5, 1.0, 2.0, 3.0, (1, 1, 1, 1))
    model = ScoreSummary("first", 2, 2, 3.0, None, 3.0, 3.0, (0, 0, 2, 0))
    sealed = figure_lines(QuestionSummary(question, UNKNOWN, whole))
    assert sealed == [
        "all: mean 2.50, from 2.00 to 3.00, 4 ratings",
        "Agreement of the raters, weighted κ: undefined linear, undefined quadratic",
    ]
    opened = figure_lines(QuestionSummary(question, UNKNOWN, whole, models=(model,)))
    assert opened[0] == "first: mean 3.00, from 3.00 to 3.00, 2 ratings"


def test_pairs_say_wins_ties_and_losses() -> None:
    question = SurveyQuestion("better", "Which is better?", "choice")
    pair = PairSummary("first", "second", 3, 1, 2)
    agreed = Agreement({}, (0.5, 0.25), (0.5, 0.25))
    lines = figure_lines(QuestionSummary(question, agreed, comparisons=(pair,), choices=(2, 1, 3)))
    assert lines == [
        "first against second: 3 wins, 1 ties, 2 losses",
        "Left 2, no difference 1, right 3",
        "Agreement of the raters, weighted κ: 0.500 linear, 0.250 quadratic",
    ]


def test_levels_are_shown_in_words() -> None:
    assert [level_text(one) for one in ("left", "tie", "right", "4")] == [
        "Left", "No difference", "Right", "4",
    ]  # fmt: skip
