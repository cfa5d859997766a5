"""Weighted κ against figures computed by hand (systems.md hook 13)."""

from __future__ import annotations

import numpy as np
import pytest

from editor.survey.agreement import (
    LINEAR,
    QUADRATIC,
    joint_counts,
    mean_kappa,
    pooled_kappa,
    rater_pairs,
    weighted_kappa,
)

TABLES = [
    # Two levels: agreement .7, by chance (25·30 + 25·20) / 50² = .5; weights change nothing.
    ([[20, 5], [10, 15]], 0.4, 0.4),
    # Linear: 1 − (1/6) / (16/36). Quadratic: 1 − (1/12) / (12/36).
    ([[2, 1, 0], [0, 1, 1], [0, 0, 1]], 0.625, 0.75),
    # The ends confused every time: 1 − 1 / .5.
    ([[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], -1.0, -1.0),
    # One rater says the same always: chance explains all.
    ([[0, 0, 0], [1, 2, 1], [0, 0, 0]], 0.0, 0.0),
]


@pytest.mark.parametrize(("table", "linear", "quadratic"), TABLES)
def test_kappa_by_hand(table: list[list[int]], linear: float, quadratic: float) -> None:
    counts = np.array(table, float)
    assert weighted_kappa(counts, LINEAR) == pytest.approx(linear, abs=1e-12)
    assert weighted_kappa(counts, QUADRATIC) == pytest.approx(quadratic, abs=1e-12)
    assert weighted_kappa(counts.T / 7, LINEAR) == pytest.approx(linear, abs=1e-12)


@pytest.mark.parametrize(("power", "weights"), [(LINEAR, "linear"), (QUADRATIC, "quadratic")])
def test_kappa_is_scikit_learns(power: int, weights: str) -> None:
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(0)
    for _ in range(5):
        first = rng.integers(4, size=30)
        second = np.clip(first + rng.integers(-1, 2, size=30), 0, 3)
        ours = weighted_kappa(joint_counts(first.tolist(), second.tolist(), 4), power)
        theirs = cohen_kappa_score(first, second, labels=range(4), weights=weights)
        assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("power", [LINEAR, QUADRATIC])
def test_where_nothing_can_differ_it_is_undefined(power: int) -> None:
    assert weighted_kappa(np.diag([0.0, 5.0, 0.0]), power) is None
    assert weighted_kappa(np.zeros((4, 4)), power) is None
    assert weighted_kappa(np.diag([1.0, 1.0]), power) == 1.0


@pytest.mark.parametrize("table", [np.zeros((2, 3)), np.zeros(4), np.ones((1, 1)), -np.eye(2)])
def test_what_is_no_table_of_counts_is_refused(table: np.ndarray) -> None:
    with pytest.raises(ValueError):
        weighted_kappa(table, LINEAR)


def test_pairs_of_raters_count_common_items_alone() -> None:
    ratings = {
        "a": {"1": 0, "2": 1, "3": 1},
        "b": {"1": 0, "2": 1, "4": 0},
        "c": {"1": 1, "2": 1, "3": 1},
        "d": {"9": 0},
    }
    pairs = rater_pairs(ratings, 2, LINEAR)
    # a and c: joint [[0, 1], [0, 2]]: chance 1/3, observed 1/3. b and c: the same form.
    assert pairs == {("a", "b"): 1.0, ("a", "c"): 0.0, ("b", "c"): 0.0}
    assert mean_kappa(pairs) == pytest.approx(1 / 3)
    assert mean_kappa({("a", "b"): None}) is None
    assert joint_counts([0, 1], [0, 0], 2).tolist() == [[1, 0], [1, 0]]


def test_pooled_kappa_is_fleiss_kappa() -> None:
    # Items rated (0, 0, 1) and (1, 1, 1): P̄ = (1/3 + 1) / 2, P_e = 1/9 + 4/9, κ = (1/9) / (4/9).
    ratings = {"a": {"1": 0, "2": 1}, "b": {"1": 0, "2": 1}, "c": {"1": 1, "2": 1}}
    assert pooled_kappa(ratings, 2, LINEAR) == pytest.approx(0.25, abs=1e-12)
    # An item that one rater alone rated says nothing of agreement.
    ratings["a"]["3"] = 0
    assert pooled_kappa(ratings, 2, QUADRATIC) == pytest.approx(0.25, abs=1e-12)
    assert pooled_kappa({"a": {"1": 0}}, 2, LINEAR) is None
