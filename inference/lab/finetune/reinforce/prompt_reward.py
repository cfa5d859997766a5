"""The reward of answers: what regressors say of the pictures, and content integrity by its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from editor.ranking.content_integrity import content_integrity
from inference.lab.finetune.preference import RewardWeights
from inference.lab.finetune.reinforce.requests import ChatRequest
from inference.lab.finetune.rewards.regressor import RewardRegressor


@dataclass(frozen=True)
class PromptReward:
    """The reward of one answer and its parts.

    Attributes:
        total: R.
        aesthetics, preference: how far above the reference prompt, in deviations of the labels.
        integrity: CI, 0..1.
    """

    total: float
    aesthetics: float
    preference: float
    integrity: float


class PromptRewards:
    """Rewards answers; scores count as far as they lie above those of the reference prompt.

    Args:
        regressor: of aesthetics and preference.
        weights: of the parts.
    """

    def __init__(self, regressor: RewardRegressor, weights: RewardWeights) -> None:
        self._regressor, self.weights = regressor, weights

    def __call__(
        self, requests: Sequence[ChatRequest], prompts: Sequence[str]
    ) -> list[PromptReward]:
        """The reward of each answer to its request."""
        wanted = [one.wanted for one in requests]
        reference = [one.reference for one in requests]
        gains = self._regressor.scores(wanted, prompts) - self._regressor.scores(wanted, reference)
        found = []
        for request, prompt, (aesthetics, preference) in zip(
            requests, prompts, gains.tolist(), strict=True
        ):
            integrity = content_integrity(prompt, request.content).score
            scores = self.weights.scores(aesthetics, preference)
            total = self.weights.reward(scores, integrity)
            found.append(PromptReward(total, aesthetics, preference, integrity))
        return found
