from __future__ import annotations

import pytest

from editor.survey.rating_order import rater_items
from editor.survey.survey import Survey, SurveyItem


@pytest.mark.parametrize(
    ("rater", "order"),
    [("Ada", "1 9 2 5 7 11 8 6 4 12 10 3"), ("José", "10 2 8 6 5 12 9 11 1 3 4 7")],
)
def test_the_order_is_that_of_the_page(rater: str, order: str) -> None:
    """The orders are what the page's script gives for these names."""
    items = tuple(SurveyItem(str(number), "", "", ()) for number in range(1, 13))
    survey = Survey("0123456789abcdef", "", "concept", (), items, "")
    assert " ".join(item.id for item in rater_items(survey, rater)) == order
