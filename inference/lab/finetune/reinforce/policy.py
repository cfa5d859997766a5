"""The policy: a causal language model with a value beside it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from inference.lab.finetune.ppo import IntegrityValue
from inference.lab.finetune.reinforce.rollouts import Rollouts
from inference.lab.finetune.suggest import blocks_of


class ChatPolicy(nn.Module):
    """Log-probabilities of answers, and the value V_CI of each state before a token.

    Args:
        model: causal language model of transformers; its last blocks and norm learn.
        blocks: how many of them; 0 for all weights.
    """

    def __init__(self, model: Any, blocks: int) -> None:
        super().__init__()
        self.model = model
        if blocks:
            model.requires_grad_(False)
            for block in blocks_of(model)[-blocks:]:
                block.requires_grad_(True)
        width = int(model.get_output_embeddings().weight.shape[1])
        self.head = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, 1))
        last: Any = self.head[-1]
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.integrity = IntegrityValue()

    def forward(self, rollouts: Rollouts) -> tuple[Tensor, Tensor]:
        """Log-probabilities of the tokens of the answers and the values before them, (B, T)."""
        hidden = answer_states(self.model, rollouts)
        values = self.head(hidden)[..., 0]
        return (
            token_log_probs(self.model, hidden, rollouts),
            self.integrity(values, rollouts.integrity),
        )


def answer_states(model: Any, rollouts: Rollouts) -> Tensor:
    """The last hidden states from which the tokens of the answers follow, (B, T, width)."""
    positions = (rollouts.mask.cumsum(1) - 1).clamp(min=0)
    found = model.base_model(
        input_ids=rollouts.ids,
        attention_mask=rollouts.mask,
        position_ids=positions,
        use_cache=False,
    )
    states: Tensor = found.last_hidden_state[:, rollouts.start - 1 : -1]
    return states


def token_log_probs(model: Any, hidden: Tensor, rollouts: Rollouts) -> Tensor:
    """Log-probabilities of the tokens of the answers, (B, T), 0 on padding."""
    logits = model.get_output_embeddings()(hidden).float()
    chosen = rollouts.ids[:, rollouts.start :, None]
    found: Tensor = logits.log_softmax(-1).gather(2, chosen)[..., 0] * rollouts.answer
    return found


@torch.no_grad()
def reference_log_probs(model: Any, rollouts: Rollouts) -> Tensor:
    """Log-probabilities of the same tokens by a frozen model, (B, T)."""
    return token_log_probs(model, answer_states(model, rollouts), rollouts)
