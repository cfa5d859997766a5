from __future__ import annotations

import numpy as np
import pytest

from inference.lab.evaluation.starter.figures import Findings, bootstrap, wilson


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (50, 100, 0.4038, 0.5962)],
)  # fmt: skip
def test_wilson_interval(right: int, count: int, low: float, high: float) -> None:
    # Values by hand: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
    found = wilson(right, count)
    assert found == pytest.approx((low, high), abs=2e-4)


def test_bootstrap_interval_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(0).normal(30, 3, 400)
    low, high = bootstrap(list(values))
    error = 1.96 * values.std() / 20
    assert low == pytest.approx(values.mean() - error, abs=0.05)
    assert high == pytest.approx(values.mean() + error, abs=0.05)
    assert bootstrap([2.0]) == (2.0, 2.0)


def test_rows_keep_their_order_and_say_their_interval() -> None:
    found = Findings()
    found.share("b.share", True)
    found.value("a.mean", 20.0)
    found.share("b.share", False)
    found.value("a.mean", 30.0)
    rows = found.rows()
    assert [(r.name, r.n, r.interval, r.mean) for r in rows] == [
        ("b.share", 2, "wilson", 0.5),
        ("a.mean", 2, "bootstrap", 25.0),
    ]
    assert all(r.low <= r.mean <= r.high for r in rows)


def test_one_name_cannot_be_both() -> None:
    found = Findings()
    found.share("x.y", True)
    found.value("x.y", 1.0)
    with pytest.raises(ValueError, match="at once"):
        found.rows()
