"""Self-attention that the target of a pair shares with its source."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionLayer


@dataclass(frozen=True)
class SharedSelfAttention:
    """An `AttentionHook`: targets look where their sources look, for the pairs that share.

    The maps of self-attention are copied, not those of the text: so the pairs of InstructPix2Pix
    were made (its published code), unlike Prompt-to-Prompt (Hertz et al. 2022, section 3). Copying
    scores before the softmax, as there, gives the same maps.

    Attributes:
        shares: (pairs,) bool. Rows are ordered by pair, then source and target, then the branches
            of guidance.
    """

    shares: Tensor

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        """See `AttentionHook`."""
        if layer.is_cross:
            return probabilities
        maps = probabilities.reshape(len(self.shares), 2, -1, *probabilities.shape[1:])
        source, target = maps.unbind(1)
        shared = torch.where(self.shares[:, None, None, None], source, target)
        return torch.stack([source, shared], 1).flatten(0, 2)
