"""How much more of one figure at an equal level of the other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.lab.evaluation.equal_level import best_line, estimate_more, more_at_equal_level

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def points(level: list[float], figure: list[float], edits: int = 5) -> Pair:
    return np.array([level] * edits), np.array([figure] * edits)


def test_the_best_line_leaves_out_what_is_beaten_in_both_figures() -> None:
    level, figure = best_line(np.array([0.1, 0.3, 0.2, 0.3]), np.array([30.0, 26.0, 25.0, 24.0]))
    assert level.tolist() == [0.1, 0.3]
    assert figure.tolist() == [30.0, 26.0]


def test_lines_are_compared_where_both_are() -> None:
    first = points([0.6, 0.7, 0.8], [0.3, 0.2, 0.1])
    second = points([0.7, 0.8, 0.9], [0.1, 0.05, 0.0])
    # At 0.7 it is 0.2 to 0.1, at 0.8 it is 0.1 to 0.05, and straight between.
    assert more_at_equal_level(first, second) == pytest.approx(0.075)
    found = estimate_more(first, second)
    assert found is not None
    assert found.low == pytest.approx(0.075) == found.high


def test_lines_that_share_no_level_are_not_compared() -> None:
    assert estimate_more(points([0.1, 0.2], [1.0, 0.5]), points([0.5, 0.6], [1.0, 0.5])) is None


def test_edits_are_drawn_for_both_at_once() -> None:
    rng = np.random.default_rng(0)
    level = np.tile([0.6, 0.7, 0.8], (30, 1))
    figure = np.tile([0.3, 0.2, 0.1], (30, 1)) + rng.normal(0, 0.2, (30, 1))
    paired = estimate_more((level, figure), (level, figure - 0.01))
    assert paired is not None
    assert paired.high - paired.low < 1e-9  # the noise is the same in both
