"""Heads on CLIP's features that tell gold edits from spoiled ones: aesthetic and preference.

Both learn as reward models do (Bradley & Terry 1952; Kirstain et al. 2023, eq. 2): the gold picture
should be preferred to a spoiled one. So a difference of figures is the log of the odds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.lab.training.autoencoder import to_tensor
from inference.lab.training.clip import token_ids
from inference.lab.training.export import halved
from inference.lab.training.pairs import Pairs
from inference.lab.training.spoiled_edits import SPOILERS, spoiled
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.models.families.aesthetic_head import ROLES
from inference.models.loaded import ClipPreprocessing
from inference.models.score_head import ScoreHead, both_features
from inference.starter.captions import canonical

WIDTHS: Final = (128, 64, 32, 16, 1)
ARCHITECTURES: Final = {role: name for name, role in ROLES.items()}


class ScoreHeadLoss(nn.Module):
    """Minus log of the odds with which gold is preferred to what stands beside it.

    Args:
        head: what learns.
        clip: open_clip model with `encode_image` and `encode_text`, frozen.
        reads: whether the head sees the caption too.
    """

    def __init__(self, head: ScoreHead, clip: Any, *, reads: bool) -> None:
        super().__init__()
        self.head, self.reads = head, reads
        self.frozen = (clip,)  # in a tuple: it neither learns nor is part of the checkpoint

    def forward(self, gold: Tensor, beside: Tensor, ids: Tensor | None = None) -> dict[str, Tensor]:
        """``gold`` (N, 3, S, S) and ``beside`` (N, K, 3, S, S) as CLIP takes them."""
        clip = self.frozen[0].to(gold.device)  # the trainer moves only what learns
        count, others = beside.shape[:2]
        with torch.no_grad():
            pictures = torch.cat([gold, beside.flatten(0, 1)])
            found = nn.functional.normalize(clip.encode_image(pictures).float(), dim=-1)
            if self.reads:
                assert ids is not None, "a head that reads has captions in its batch"
                read = nn.functional.normalize(clip.encode_text(ids).float(), dim=-1)
                read = torch.cat([read, read.repeat_interleave(others, 0)])
                found = both_features(found, read)
        # In float32: the figures of similar pictures differ in digits that bf16 does not have.
        with torch.autocast(found.device.type, enabled=False):
            figures = self.head(found.float())
        lead = figures[:count, None] - figures[count:].view(count, others)
        return {
            "loss": -nn.functional.logsigmoid(lead).mean(),
            "preferred": (lead > 0).float().mean(),
        }


@dataclass(frozen=True)
class ScoreHeadRecipe:
    """Gold edits beside spoiled ones; a head that reads also sees gold of other edits.

    Attributes:
        pairs: of the training split.
        clip: the CLIP model whose features are rated, float32.
        tokenizer: of that model.
        clip_weights: digest of that model's weights.
        role: what it rates: the picture alone, or the picture for its caption.
    """

    pairs: Pairs
    clip: Any
    tokenizer: Any
    clip_weights: str
    role: Literal["aesthetic", "preference"]
    groups: int = 24
    spoilings: int = 3
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(
            steps=500, lr=1e-3, warmup=30, weight_decay=0.05, ema=0.98, precision="no"
        )
    )

    @property
    def name(self) -> str:
        """See `Recipe.name`."""
        return self.role

    @property
    def reads(self) -> bool:
        """Whether the caption is rated too."""
        return self.role == "preference"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        width = int(self.clip.visual.output_dim)
        head = ScoreHead(3 * width if self.reads else width, WIDTHS)
        return ScoreHeadLoss(head, self.clip, reads=self.reads)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Gold pictures with spoiled copies; for a head that reads also another edit's gold."""
        chosen = rng.integers(len(self.pairs), size=self.groups)
        gold = self.pairs.pictures(chosen)[:, 1]
        names = list(SPOILERS)
        beside = []
        for i, picture in enumerate(gold):
            other = gold[(i + 1) % len(gold)]
            drawn = rng.choice(len(names), self.spoilings, replace=False)
            row = [spoiled(picture, other, rng, names[int(n)]) for n in drawn]
            beside.append(np.stack([*row, other] if self.reads else row))
        made: Batch = {
            "gold": as_clip_takes(gold),
            "beside": torch.stack([as_clip_takes(row) for row in beside]),
        }
        if self.reads:
            captions = [canonical(self.pairs.edit(int(i)).target) for i in chosen]
            made["ids"] = token_ids(self.tokenizer, captions, int(self.clip.context_length))
        return made

    def export(self, network: nn.Module, folder: Path) -> None:
        """``config.json`` and ``model.safetensors``; `inference.models.score_head` reads them."""
        from safetensors.torch import save_file

        head = network.head
        assert isinstance(head, ScoreHead)
        config = {"architectures": [ARCHITECTURES[self.role]], "clip_weights": self.clip_weights}
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
        halved(head)
        save_file({n: t.contiguous() for n, t in head.to_tensors().items()},
                  folder / "model.safetensors")  # fmt: skip


def as_clip_takes(pixels: NDArray[np.uint8]) -> Tensor:
    """(N, S, S, 3) sRGB at CLIP's own size to (N, 3, S, S) with its mean and deviation."""
    values = (to_tensor(pixels) + 1) / 2
    return ClipPreprocessing((pixels.shape[1], pixels.shape[2]))(values)
