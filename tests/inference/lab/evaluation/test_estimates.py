"""Intervals over sessions."""

from __future__ import annotations

import numpy as np
import pytest

from inference.lab.evaluation.estimates import mean_over_sessions
from inference.lab.evaluation.starter.figures import bootstrap


def test_the_mean_is_over_all_values() -> None:
    found = mean_over_sessions([[1.0, 2.0], [6.0]])
    assert found.mean == 3.0
    assert found.n == 3
    assert found.low == pytest.approx(1.5)  # only the first session drawn
    assert found.high == pytest.approx(6.0)


def test_sessions_of_one_value_are_the_usual_bootstrap() -> None:
    values = list(np.random.default_rng(1).normal(size=40))
    found = mean_over_sessions([[value] for value in values])
    assert (found.low, found.high) == pytest.approx(bootstrap(values))


def test_values_that_depend_on_each_other_make_the_interval_wider() -> None:
    drawn = np.random.default_rng(2).normal(size=30)
    found = mean_over_sessions([[value] * 3 for value in drawn])
    alone = bootstrap([value for value in drawn for _ in range(3)])
    assert found.high - found.low > 1.5 * (alone[1] - alone[0])


def test_sessions_without_a_value_count_for_nothing() -> None:
    assert mean_over_sessions([[2.0], [], [4.0]]).mean == 3.0
