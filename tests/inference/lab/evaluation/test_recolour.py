from __future__ import annotations

import numpy as np
import pytest

from inference.lab.evaluation.colour_difference import delta_e_2000
from inference.lab.evaluation.recolour import evaluate_recolours, structure
from tests.editor.render.adjustments.test_paint import scene


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.441), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_difference_of_the_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], wanted: float
) -> None:
    """Sharma, Wu and Dalal 2005, table 1."""
    assert delta_e_2000(np.array(first), np.array(second)) == pytest.approx(wanted, abs=1e-4)
    assert delta_e_2000(np.array(second), np.array(first)) == pytest.approx(wanted, abs=1e-4)


def test_structure_is_one_where_only_contrast_differs() -> None:
    picture, everywhere = scene(), np.ones((200, 200), np.bool_)
    assert structure(picture, picture, everywhere) == pytest.approx(1.0)
    drawn = np.random.default_rng(0)
    one, two = (drawn.integers(60, 200, picture.shape).astype(np.uint8) for _ in range(2))
    assert structure(one, (0.5 * one).astype(np.uint8), everywhere) > 0.95
    assert structure(one, two, everywhere) < 0.3


def test_recolours_come_near_to_gold_and_leave_the_rest() -> None:
    report = evaluate_recolours(8, seed=5, size=192)
    assert report["scenes"] == 8
    for name in ("named", "exact"):
        assert report[name]["outside_equal"] == 1.0
        assert report[name]["delta_e"] < 0.6 * report["delta_e_source"]
    assert report == evaluate_recolours(8, seed=5, size=192)
