"""PPO's numbers against figures computed by hand (systems.md §2.4, hook 11)."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from inference.lab.finetune.ppo import (
    AdaptivePenalty,
    IntegrityValue,
    PpoSettings,
    RunningScale,
    advantages_and_returns,
    ppo_loss,
    token_rewards,
    usable,
)


def _rows(*rows: list[float]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_rewards_are_a_penalty_at_each_token_and_the_score_at_the_last() -> None:
    rewards = token_rewards(
        _rows([-1.0, -2.0, -3.0], [-1.0, -1.0, 0.0]),
        _rows([-1.5, -2.0, -2.0], [-1.0, -3.0, 0.0]),
        _rows([1, 1, 1], [1, 1, 0]),
        torch.tensor([5.0, 7.0]),
        0.1,
    )
    expected = _rows([-0.05, 0.0, 5.1], [0.0, 6.8, 0.0])
    torch.testing.assert_close(rewards, expected, atol=1e-12, rtol=0)


def test_advantages_by_hand() -> None:
    # γ = 1, λ = .5: δ = (1 + 2 − 1, 0 + 4 − 2, 3 − 4) = (2, 2, −1); A₃ = −1, A₂ = 1.5, A₁ = 2.75.
    values, rewards = _rows([1.0, 2.0, 4.0]), _rows([1.0, 0.0, 3.0])
    settings = PpoSettings(gamma=1.0, lam=0.5)
    advantages, returns = advantages_and_returns(
        values, rewards, torch.ones(1, 3), settings, whiten=False
    )
    torch.testing.assert_close(advantages, _rows([2.75, 1.5, -1.0]), atol=1e-12, rtol=0)
    torch.testing.assert_close(returns, _rows([3.75, 3.5, 3.0]), atol=1e-12, rtol=0)
    whitened, _ = advantages_and_returns(values, rewards, torch.ones(1, 3), settings)
    mean, deviation = np.mean([2.75, 1.5, -1.0]), np.std([2.75, 1.5, -1.0], ddof=1)
    assert whitened[0, 0].item() == pytest.approx((2.75 - mean) / deviation, abs=1e-6)


def test_a_single_token_has_a_finite_advantage() -> None:
    found, returns = advantages_and_returns(_rows([1.0]), _rows([3.0]), torch.ones(1, 1))
    assert (found.item(), returns.item()) == (0.0, 3.0)


def test_with_lambda_one_returns_are_the_rewards_to_come() -> None:
    rng = torch.Generator().manual_seed(0)
    values, rewards = (torch.randn(4, 6, generator=rng, dtype=torch.float64) for _ in range(2))
    settings = PpoSettings(gamma=0.9, lam=1.0)
    _, returns = advantages_and_returns(values, rewards, torch.ones(4, 6), settings)
    to_come = sum(0.9**k * rewards[:, 2 + k] for k in range(4))
    torch.testing.assert_close(returns[:, 2], to_come, atol=1e-12, rtol=0)


def test_padding_changes_nothing() -> None:
    values, rewards = _rows([1.0, 2.0], [0.5, 0.25]), _rows([0.0, 1.0], [0.0, 2.0])
    mask = torch.ones(2, 2)
    padding = torch.full((2, 3), 9.0, dtype=torch.float64)
    alone = advantages_and_returns(values, rewards, mask)
    padded = advantages_and_returns(
        torch.cat([values, padding], 1),
        torch.cat([rewards, padding], 1),
        torch.cat([mask, torch.zeros(2, 3)], 1),
    )
    for one, other in zip(alone, padded, strict=True):
        torch.testing.assert_close(one, other[:, :2], atol=1e-12, rtol=0)
        assert not other[:, 2:].any()


def test_loss_by_hand() -> None:
    # Ratios 1.5 and .5. With A = 1 the first is clipped to 1.2: max(−1.5, −1.2) = −1.2; with A = −1
    # the second to .8: max(.5, .8) = .8. Policy loss −.2.
    # Values: V = 1, V_old = 0, G = 1: clipped to .2, errors 0 and .64; V = 0, V_old = .1, G = 1: 1
    # and 1. Value loss ½·(.64 + 1) / 2 = .41, weight .5.
    log_probs = torch.log(_rows([1.5, 0.5, 9.0]))
    loss = ppo_loss(
        log_probs,
        _rows([1.0, 0.0, 9.0]),
        behaviour=_rows([0.0, 0.0, 0.0]),
        old_values=_rows([0.0, 0.1, 0.0]),
        advantages=_rows([1.0, -1.0, 9.0]),
        returns=_rows([1.0, 1.0, 0.0]),
        mask=_rows([1, 1, 0]),
    )
    assert loss.item() == pytest.approx(-0.2 + 0.5 * 0.41, abs=1e-12)


def test_clipped_actions_have_no_gradient() -> None:
    log_probs = torch.log(_rows([1.5, 1.1])).requires_grad_()
    zeros = torch.zeros(1, 2, dtype=torch.float64)
    loss = ppo_loss(
        log_probs, zeros, behaviour=zeros, old_values=zeros, advantages=zeros + 1,
        returns=zeros, mask=zeros + 1,
    )  # fmt: skip
    loss.backward()
    assert log_probs.grad is not None
    assert log_probs.grad[0].tolist() == pytest.approx([0.0, -0.55])


def test_the_penalty_follows_the_divergence() -> None:
    penalty = AdaptivePenalty(value=0.05, target=6.0, horizon=10_000)
    penalty.update(6.6, 64)
    assert penalty.value == pytest.approx(0.05 * (1 + 0.1 * 64 / 10_000), abs=1e-15)
    penalty.update(60.0, 64)  # clipped to +.2
    assert penalty.value == pytest.approx(0.05 * 1.00064 * 1.00128, abs=1e-15)
    penalty.update(0.0, 10_000)  # clipped to −.2
    assert penalty.value == pytest.approx(0.05 * 1.00064 * 1.00128 * 0.8, abs=1e-15)


def test_rewards_are_clipped_and_divided_by_their_running_deviation() -> None:
    scale = RunningScale()
    assert scale(torch.tensor([2.0])).tolist() == [2.0]
    # 2, 4 and 12: mean 6, deviation √((16 + 4 + 36) / 2).
    deviation = math.sqrt(28)
    assert scale(torch.tensor([4.0, 12.0])).tolist() == pytest.approx(
        [4 / deviation, 10 / deviation]
    )


def test_rollouts_too_far_from_the_policy_are_dropped() -> None:
    behaviour = torch.log(_rows([0.2, 0.1], [0.1, 0.1], [0.1, 0.1]))
    policy = torch.log(_rows([0.4, 0.5], [0.6, 0.1], [0.1, 0.9]))
    mask = _rows([1, 1], [1, 1], [1, 0])
    assert usable(policy, behaviour, mask).tolist() == [True, False, True]


def test_integrity_enters_the_value_only_as_it_is_learnt() -> None:
    value = IntegrityValue()
    plain, integrity = torch.randn(2, 3), torch.rand(2, 3)
    assert torch.equal(value(plain, integrity), plain)
    value(plain, integrity).sum().backward()
    assert value.weight.grad is not None
    assert value.weight.grad.item() == pytest.approx(integrity.sum().item())
