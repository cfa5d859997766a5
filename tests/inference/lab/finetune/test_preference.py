from __future__ import annotations

import math

import pytest
import torch

from inference.lab.finetune.preference import RewardWeights, best_of, dpo_loss, preference_pairs


def test_reward_by_hand() -> None:
    weights = RewardWeights()
    assert weights.scores(5.0, 20.0) == pytest.approx(15.5)  # .3·5 + .7·20
    assert weights.reward(15.5, 0.9) == pytest.approx(15.6)
    assert weights.reward(15.5, 0.75) == pytest.approx(-0.05)  # below τ: no reward for scores
    assert weights.reward(-2.0, 0.75) == pytest.approx(-2.05)
    assert RewardWeights(integrity=2.0, threshold=1.0).reward(1.0, 1.0) == 1.0


def test_best_of_n_prefers_what_passes_the_gate() -> None:
    assert best_of([1.0, 3.0, 2.0], [0.9, 0.5, 0.8]) == 2
    assert best_of([1.0, 3.0, 2.0], [0.1, 0.5, 0.2]) == 1
    assert best_of([1.0, 1.0], [1.0, 1.0]) == 0
    with pytest.raises(ValueError):
        best_of([], [])


def test_pairs_are_half_a_deviation_apart() -> None:
    # Deviation of 0, 1, 4 with n − 1: √(13/3) = 2.08; pairs need 1.04.
    assert preference_pairs([0.0, 1.0, 4.0], [1.0, 1.0, 1.0]) == ((2, 0), (2, 1))
    assert preference_pairs([0.0, 1.0, 4.0], [1.0, 1.0, 0.7]) == ()
    assert preference_pairs([0.0, 1.0, 4.0], [1.0, 1.0, 0.7], gap=0.1) == ((1, 0),)
    assert preference_pairs([2.0, 2.0], [1.0, 1.0]) == ()
    assert preference_pairs([2.0], [1.0]) == ()


def test_dpo_loss_by_hand() -> None:
    # Margins (1 − 0) − (−1 − 0) = 2 and 0; β = .5: −log σ(1) and log 2.
    loss = dpo_loss(
        torch.tensor([-1.0, -3.0]),
        torch.tensor([-4.0, -3.0]),
        torch.tensor([-2.0, -1.0]),
        torch.tensor([-3.0, -1.0]),
        0.5,
    )
    assert loss.item() == pytest.approx((math.log(1 + math.exp(-1)) + math.log(2)) / 2, abs=1e-6)
