"""Rewards of rewritten prompts, and the cheap ways to learn from them: best of n, DPO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from editor.ranking.content_integrity import THRESHOLD

GAP: Final = 0.5
"""Deviations of the rewards that two prompts differ by at least to be a pair."""


@dataclass(frozen=True)
class RewardWeights:
    """R = w_a·aesthetics + w_p·preference + γ·(CI − τ).

    Attributes:
        aesthetics: w_a, the base system's 1 − α.
        preference: w_p, its α.
        integrity: γ.
        threshold: τ.
    """

    aesthetics: float = 0.3
    preference: float = 0.7
    integrity: float = 1.0
    threshold: float = THRESHOLD

    def scores(self, aesthetics: float, preference: float) -> float:
        """Both scores, on the scale of their regressors, in one figure."""
        return self.aesthetics * aesthetics + self.preference * preference

    def reward(self, scores: float, integrity: float) -> float:
        """The reward of a prompt; below τ good scores count for nothing.

        Args:
            scores: of `scores`, or how far they lie above those of another prompt.
            integrity: CI, 0..1.
        """
        earned = scores if integrity >= self.threshold else min(0.0, scores)
        return earned + self.integrity * (integrity - self.threshold)


def best_of(
    rewards: Sequence[float], integrities: Sequence[float], threshold: float = THRESHOLD
) -> int:
    """Place of the best prompt: the largest reward among those that pass the gate, else of all.

    Raises:
        ValueError: there are no prompts.
    """
    if not rewards:
        raise ValueError("nothing to choose from")
    return max(range(len(rewards)), key=lambda i: (integrities[i] >= threshold, rewards[i], -i))


def preference_pairs(
    rewards: Sequence[float],
    integrities: Sequence[float],
    threshold: float = THRESHOLD,
    gap: float = GAP,
) -> tuple[tuple[int, int], ...]:
    """(better, worse) places of prompts to one request whose rewards lie far enough apart.

    Only a prompt that passes the gate may be the better one. Farthest apart first.

    Args:
        rewards: of each prompt.
        integrities: of each prompt.
        threshold: τ.
        gap: in standard deviations (n − 1) of these rewards.
    """
    if len(rewards) < 2:
        return ()
    needed = gap * float(np.std(rewards, ddof=1))
    found = [
        (rewards[i] - rewards[j], i, j)
        for i in range(len(rewards))
        for j in range(len(rewards))
        if integrities[i] >= threshold and rewards[i] - rewards[j] >= needed > 0
    ]
    return tuple((i, j) for _, i, j in sorted(found, key=lambda one: (-one[0], one[1], one[2])))


def dpo_loss(
    better: Tensor, worse: Tensor, better_reference: Tensor, worse_reference: Tensor, beta: float
) -> Tensor:
    """−log σ(β·[(π_w − ref_w) − (π_l − ref_l)]), the mean (Rafailov et al. 2023, equation 7).

    Args:
        better: (B,) log-probabilities of whole answers by the policy.
        worse: (B,) of the other answers.
        better_reference: (B,) of the same answers by the frozen reference.
        worse_reference: (B,) of the others.
        beta: how strongly the reference holds.
    """
    margin = (better - better_reference) - (worse - worse_reference)
    return -torch.nn.functional.logsigmoid(beta * margin).mean()
