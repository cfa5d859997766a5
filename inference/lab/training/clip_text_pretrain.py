"""Recipe: the text tower of CLIP alone, until its one embedding holds all that a caption names.

The contrast with pictures has a plateau: while the vision does not distinguish small second
things, nothing rewards the text tower for distinguishing their words, and the other way round. On
the first CLIP, captions that name another second thing were 0.9996 alike. Text alone is cheap
(two hundred steps, two minutes of one core), so the text tower leaves the plateau first.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inference.lab.training.clip import (
    ClipSize,
    attribute_heads,
    named_loss,
    save_clip,
    token_ids,
    told_labels,
)
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter.captions import random_caption
from inference.starter.scene import sample_scene


class ReadingLoss(nn.Module):
    """Every attribute a caption names, read from its embedding by a linear head.

    Args:
        clip: an open_clip `CLIP`; its vision and its scale are left alone.
        hard: see `named_loss`.
    """

    def __init__(self, clip: Any, embed: int, hard: Sequence[str]) -> None:
        super().__init__()
        self.clip, self.hard = clip, tuple(hard)
        clip.visual.requires_grad_(False)
        clip.logit_scale.requires_grad_(False)
        self.heads = attribute_heads(embed)

    def forward(self, ids: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """``ids`` (N, context) int64; ``labels`` (N, A) int64, -1 where the caption is silent."""
        read = nn.functional.normalize(self.clip.encode_text(ids), dim=-1)
        return {"loss": named_loss(self.heads, read, labels, self.hard)}


@dataclass(frozen=True)
class ReaderRecipe:
    """Captions of fresh scenes of the training split; it needs no pictures.

    Attributes:
        start: the open_clip `CLIP` to go on from.
    """

    tokenizer: Any
    start: Any
    size: ClipSize = field(default_factory=ClipSize)
    batch_size: int = 96
    hard: tuple[str, ...] = ("second",)
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(
            steps=240, lr=1e-3, warmup=30, weight_decay=0.02, betas=(0.9, 0.98), ema=0.95
        )
    )
    name: str = "reader"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        return ReadingLoss(copy.deepcopy(self.start), self.size.embed, self.hard)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Half of the captions in full, half in part."""
        del step
        scenes = [sample_scene(rng) for _ in range(self.batch_size)]
        texts = [random_caption(s, rng, complete=bool(rng.random() < 0.5)) for s in scenes]
        labels = [told_labels(text, scene) for text, scene in zip(texts, scenes, strict=True)]
        return {
            "ids": token_ids(self.tokenizer, texts, self.size.context),
            "labels": torch.tensor(labels),
        }

    def export(self, network: nn.Module, folder: Path) -> None:
        """An open_clip ``local-dir:`` folder, as `ClipRecipe.export`."""
        save_clip(network.clip, self.tokenizer, self.size, folder)
