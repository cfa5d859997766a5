"""The numbers of PPO for language models: rewards, advantages, losses, the adaptive penalty.

Schulman et al. 2017 (arXiv 1707.06347) with generalised advantage estimation (arXiv 1506.02438), in
the form that BeautifulPrompt, DiffChat's base, trained with (trlx; Ziegler et al. 2019). All arrays
are (B, T): B rollouts, T tokens of the answer, padded at the right; `mask` is 1 on tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

DROPPED_RATIO: Final = 5.0


@dataclass(frozen=True)
class PpoSettings:
    """The base system's values.

    Attributes:
        gamma, lam: discount and λ of the advantages.
        clip, value_clip: how far ratio and value may move from those of the rollout.
        value_weight: of the value loss.
    """

    gamma: float = 1.0
    lam: float = 0.95
    clip: float = 0.2
    value_clip: float = 0.2
    value_weight: float = 0.5


def token_rewards(
    log_probs: Tensor, reference: Tensor, mask: Tensor, reward: Tensor, beta: float
) -> Tensor:
    """r_t = −β·(log π(a_t) − log π_ref(a_t)), and the reward at the last token.

    Args:
        log_probs: (B, T) of the chosen tokens by the policy.
        reference: (B, T) of the same tokens by the frozen reference.
        mask: (B, T); each rollout has at least one token.
        reward: (B,).
        beta: weight of the penalty.
    """
    rewards = -beta * (log_probs - reference) * mask
    last = mask.long().sum(1) - 1
    return rewards.scatter_add(1, last[:, None], reward[:, None].to(rewards.dtype))


def advantages_and_returns(
    values: Tensor,
    rewards: Tensor,
    mask: Tensor,
    settings: PpoSettings = PpoSettings(),
    *,
    whiten: bool = True,
) -> tuple[Tensor, Tensor]:
    """GAE: A_t = Σ (γλ)^k δ_{t+k} with δ_t = r_t + γ·V_{t+1} − V_t; returns are A + V.

    Args:
        values: (B, T).
        rewards: (B, T).
        mask: (B, T).
        settings: γ and λ.
        whiten: advantages to mean 0 and deviation 1 (unbiased) over all tokens.

    Returns:
        Advantages and returns, (B, T), both without gradient and 0 on padding.
    """
    values, rewards = values.detach() * mask, rewards.detach() * mask
    following = torch.cat([values[:, 1:], torch.zeros_like(values[:, :1])], 1)
    deltas = rewards + settings.gamma * following - values
    advantages = torch.zeros_like(values)
    running = torch.zeros_like(values[:, 0])
    for t in range(values.shape[1] - 1, -1, -1):
        running = deltas[:, t] + settings.gamma * settings.lam * running
        advantages[:, t] = running
    returns = advantages + values
    if whiten:
        chosen = advantages[mask.bool()]
        # One token alone has no deviation; its advantage becomes 0.
        spread = chosen.var(correction=min(1, chosen.numel() - 1))
        advantages = (advantages - chosen.mean()) * torch.rsqrt(spread + 1e-8)
    return advantages * mask, returns * mask


def ppo_loss(
    log_probs: Tensor,
    values: Tensor,
    *,
    behaviour: Tensor,
    old_values: Tensor,
    advantages: Tensor,
    returns: Tensor,
    mask: Tensor,
    settings: PpoSettings = PpoSettings(),
) -> Tensor:
    """Policy and value loss: mean max(−A·ρ, −A·clip(ρ, 1 ± ε)) + c·½·mean max(value errors).

    The value errors are (V − G)² and (clip(V, V_old ± ε) − G)².

    Args:
        log_probs: (B, T) of the policy now.
        values: (B, T) of the value head now.
        behaviour: (B, T) log-probabilities with which the tokens were drawn; ρ is relative to them.
        old_values: (B, T) at the rollout.
        advantages: (B, T) of `advantages_and_returns`.
        returns: (B, T) of it.
        mask: (B, T).
        settings: clips and the weight c.
    """
    count = mask.sum()
    ratio = torch.exp((log_probs - behaviour) * mask)
    clipped = ratio.clamp(1 - settings.clip, 1 + settings.clip)
    policy = (torch.max(-advantages * ratio, -advantages * clipped) * mask).sum() / count
    near = torch.clamp(values, old_values - settings.value_clip, old_values + settings.value_clip)
    errors = torch.max((values - returns) ** 2, (near - returns) ** 2)
    value = 0.5 * (errors * mask).sum() / count
    return policy + settings.value_weight * value


def usable(
    log_probs: Tensor, behaviour: Tensor, mask: Tensor, limit: float = DROPPED_RATIO
) -> Tensor:
    """(B,) bool: rollouts in which every token's ratio π/μ is at most `limit`.

    Rollouts under modified actions can be far from the policy; at the first epoch the others are
    dropped.
    """
    ratio = torch.exp((log_probs - behaviour) * mask)
    return (ratio <= limit).all(1)


@dataclass
class AdaptivePenalty:
    """β of the KL penalty, led towards a target (Ziegler et al. 2019, §2.2).

    Attributes:
        value: β now.
        target: KL in nats an answer.
        horizon: rollouts over which an error acts.
    """

    value: float = 0.05
    target: float = 6.0
    horizon: float = 10_000.0

    def update(self, divergence: float, rollouts: int) -> None:
        """β ← β·(1 + clip(KL / target − 1, ±0.2)·n / horizon)."""
        error = min(0.2, max(-0.2, divergence / self.target - 1))
        self.value *= 1 + error * rollouts / self.horizon


@dataclass
class RunningScale:
    """Clips rewards to ±`clip` and divides them by the deviation of all seen so far (Welford)."""

    clip: float = 10.0
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def __call__(self, rewards: Tensor) -> Tensor:
        """(B,) rewards, scaled; they count themselves. Unscaled while the deviation is 0."""
        for value in rewards.tolist():
            self.count += 1
            step = value - self.mean
            self.mean += step / self.count
            self.squares += step * (value - self.mean)
        deviation = (self.squares / (self.count - 1)) ** 0.5 if self.count > 1 else 0.0
        return rewards.clamp(-self.clip, self.clip) / (deviation or 1.0)


class IntegrityValue(nn.Module):
    """V_CI(s_t) = V(s_t) + w·CI(y_<t), with w learnt from 0: at first it is the plain value."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))

    def forward(self, values: Tensor, integrity: Tensor) -> Tensor:
        """``values`` (B, T) and content integrity of what was written before each token, (B, T)."""
        return values + self.weight * integrity
