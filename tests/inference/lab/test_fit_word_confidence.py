"""The logistic regression behind the confidence in words."""

from __future__ import annotations

import numpy as np

from inference.lab.fit_word_confidence import fitted


def sigmoid(x: object) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, float))))


def test_weights_behind_drawn_examples_are_found() -> None:
    rng = np.random.default_rng(0)
    facts = rng.normal(size=(20_000, 2))
    meant = (rng.random(20_000) < sigmoid(facts @ [2.0, -1.0])).astype(float)
    bias, *weights = fitted(facts, meant)
    assert abs(bias) < 0.1
    assert np.allclose(weights, [2.0, -1.0], atol=0.15)


def test_both_kinds_count_alike_however_many_there_are() -> None:
    facts = np.array([[0.0]] * 90 + [[1.0]] * 10)
    meant = np.array([0.0] * 90 + [1.0] * 10)
    bias, weight = fitted(facts, meant)
    assert np.isclose(sigmoid(bias), 1 - sigmoid(bias + weight), atol=1e-6)


def test_facts_that_never_err_have_weights_that_end() -> None:
    facts = np.array([[0.0], [1.0]] * 50)
    found = fitted(facts, np.array([0.0, 1.0] * 50))
    assert np.isfinite(found).all()
    assert 1 < found[1] < 30
