"""One round of PPO: answers are drawn and rewarded, then the policy learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from inference.lab.finetune.action_modification import RolloutPlan, TokenWords
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.ppo import (
    AdaptivePenalty,
    PpoSettings,
    RunningScale,
    advantages_and_returns,
    ppo_loss,
    token_rewards,
    usable,
)
from inference.lab.finetune.reinforce.policy import ChatPolicy, reference_log_probs
from inference.lab.finetune.reinforce.prompt_reward import PromptReward, PromptRewards
from inference.lab.finetune.reinforce.requests import drawn_requests
from inference.lab.finetune.reinforce.rollouts import Rollouts, draw_rollouts

NEW_TOKENS: Final = 72


@dataclass(frozen=True)
class RoundSettings:
    """How a round goes.

    Attributes:
        rollouts: answers that are drawn.
        batch_size: answers an optimiser step.
        epochs: passes over the answers.
        new_tokens: most tokens of an answer.
        modify: whether half of the rollouts are led to, or kept from, required words (ADM).
        clip: largest gradient norm.
        ppo: the settings of the losses.
    """

    rollouts: int = 64
    batch_size: int = 8
    epochs: int = 4
    new_tokens: int = NEW_TOKENS
    modify: bool = True
    clip: float = 1.0
    ppo: PpoSettings = field(default_factory=PpoSettings)


@dataclass
class Learner:
    """What learns in the rounds, and what it is measured by.

    Attributes:
        policy: learns; always in evaluation mode, so that no dropout changes its probabilities.
        reference: the frozen model that it began as.
        optimiser: of the policy's weights.
        tokenizer, words: of the model.
        rewards: rates the answers.
        penalty, scale: go on from round to round.
    """

    policy: ChatPolicy
    reference: Any
    optimiser: torch.optim.Optimizer
    tokenizer: Any
    words: TokenWords
    rewards: PromptRewards
    penalty: AdaptivePenalty = field(default_factory=AdaptivePenalty)
    scale: RunningScale = field(default_factory=RunningScale)


@dataclass(frozen=True)
class _Drawn:
    """Rollouts with what they are learnt from, all (B, T)."""

    rollouts: Rollouts
    values: Tensor
    advantages: Tensor
    returns: Tensor


def ppo_round(
    learner: Learner,
    records: Sequence[InstructPrompt],
    settings: RoundSettings,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Draw, reward and learn; returns the means that the log shows.

    Args:
        learner: changed in place.
        records: that requests are drawn from.
        settings: of the round.
        rng: of requests, plans and batches; tokens are drawn by torch's own generator.
    """
    requests = drawn_requests(records, settings.rollouts, rng)
    plans = [
        RolloutPlan.draw(one.content.required, rng)
        if settings.modify
        else RolloutPlan("free", one.content.required)
        for one in requests
    ]
    rollouts, texts = draw_rollouts(
        learner.policy.model, learner.words, learner.tokenizer, requests, plans, settings.new_tokens
    )
    rewards = learner.rewards(requests, texts)
    drawn, divergence = _advantages(learner, rollouts, rewards, settings.ppo)
    loss, dropped = _learn(learner, drawn, settings, rng)
    learner.penalty.update(divergence, settings.rollouts)
    return {
        "loss": loss,
        "divergence": divergence,
        "penalty": learner.penalty.value,
        "dropped": dropped,
        "integrity_weight": float(learner.policy.integrity.weight.detach()),
        "tokens": float(rollouts.answer.sum(1).float().mean()),
        **_means(rewards, plans),
    }


def _advantages(
    learner: Learner, rollouts: Rollouts, rewards: Sequence[PromptReward], ppo: PpoSettings
) -> tuple[_Drawn, float]:
    """Advantages of the drawn tokens, and the KL of an answer from the reference, in nats."""
    with torch.no_grad():
        log_probs, values = learner.policy(rollouts)
    reference = reference_log_probs(learner.reference, rollouts)
    divergence = float(((log_probs - reference) * rollouts.answer).sum(1).mean())
    scaled = learner.scale(torch.tensor([one.total for one in rewards]))
    each = token_rewards(log_probs, reference, rollouts.answer, scaled, learner.penalty.value)
    advantages, returns = advantages_and_returns(values, each, rollouts.answer, ppo)
    return _Drawn(rollouts, values, advantages, returns), divergence


def _learn(
    learner: Learner, drawn: _Drawn, settings: RoundSettings, rng: np.random.Generator
) -> tuple[float, float]:
    """The mean loss, and the share of answers that were dropped as too far from the policy."""
    count = len(drawn.values)
    kept = torch.ones(count, dtype=torch.bool)
    trained = [p for p in learner.policy.parameters() if p.requires_grad]
    losses = []
    for epoch in range(settings.epochs):
        order = torch.from_numpy(rng.permutation(count))
        for at in range(0, count, settings.batch_size):
            rows = order[at : at + settings.batch_size]
            rows = rows[kept[rows]]
            if not len(rows):
                continue
            chosen = drawn.rollouts.rows(rows)
            log_probs, values = learner.policy(chosen)
            good = torch.ones(len(rows), dtype=torch.bool)
            if epoch == 0:
                good = usable(log_probs.detach(), chosen.behaviour, chosen.answer)
                kept[rows[~good]] = False
            if not good.any():
                continue
            loss = ppo_loss(
                log_probs[good],
                values[good],
                behaviour=chosen.behaviour[good],
                old_values=drawn.values[rows][good],
                advantages=drawn.advantages[rows][good],
                returns=drawn.returns[rows][good],
                mask=chosen.answer[good],
                settings=settings.ppo,
            )
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, settings.clip)
            learner.optimiser.step()
            learner.optimiser.zero_grad(set_to_none=True)
            losses.append(float(loss.detach()))
    return float(np.mean(losses)) if losses else 0.0, 1 - float(kept.float().mean())


def _means(rewards: Sequence[PromptReward], plans: Sequence[RolloutPlan]) -> dict[str, float]:
    """Means of the rewards over the answers that were drawn freely, and over all by mode."""
    free = [r for r, plan in zip(rewards, plans, strict=True) if plan.mode == "free"]
    found = {
        f"{name}": float(np.mean([getattr(one, name) for one in free]))
        for name in ("total", "aesthetics", "preference", "integrity")
        if free
    }
    for mode in ("positive", "negative"):
        of_mode = [r for r, plan in zip(rewards, plans, strict=True) if plan.mode == mode]
        if of_mode:
            found[f"total_{mode}"] = float(np.mean([one.total for one in of_mode]))
            found[f"integrity_{mode}"] = float(np.mean([one.integrity for one in of_mode]))
    return found
