"""Recipe 1: the judge, a small conv net with one head per attribute of a scene.

It reads scenes for the figures and nothing else: it never trains, filters or ranks another model.
It must forgive what an autoencoder does to a picture and nothing more, so it learns from renders,
from renders under noise, blur and a shift of brightness, and, once there is an autoencoder, from
round trips.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.lab.training.autoencoder import to_tensor
from inference.lab.training.export import halved
from inference.lab.training.pairs import Pairs
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.starter.scene import ATTRIBUTES

IGNORED: Final = -1


def _stage(inner: int, outer: int) -> nn.Sequential:
    """Half the resolution, then a residual-free pair of convolutions with group norm."""
    return nn.Sequential(
        nn.Conv2d(inner, outer, 3, stride=2, padding=1, bias=False),
        nn.GroupNorm(8, outer),
        nn.SiLU(inplace=True),
        nn.Conv2d(outer, outer, 3, padding=1, groups=8, bias=False),
        nn.Conv2d(outer, outer, 1, bias=False),
        nn.GroupNorm(8, outer),
        nn.SiLU(inplace=True),
    )


class Judge(nn.Module):
    """Which attributes a picture shows.

    Args:
        classes: number of values per attribute, in the order of the heads.
        channels: of the stages; each halves the side.
    """

    def __init__(
        self, classes: Mapping[str, int], channels: tuple[int, ...] = (24, 48, 96, 192)
    ) -> None:
        super().__init__()
        self.classes, self.channels = dict(classes), channels
        sides = (3, *channels)
        self.stages = nn.Sequential(*(_stage(a, b) for a, b in pairwise(sides)))
        # Attributes are about places in the picture: a 4 × 4 grid keeps what a mean would lose.
        self.squeeze = nn.Conv2d(channels[-1], 64, 1)
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(64 * 16, 32), nn.SiLU(), nn.Linear(32, count))
                for name, count in classes.items()
            }
        )

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """(N, 3, H, W) in −1..1, H = W = 128, to (N, values) logits per attribute."""
        cells = nn.functional.silu(
            self.squeeze(nn.functional.adaptive_avg_pool2d(self.stages(image), 4))
        ).flatten(1)
        return {name: head(cells) for name, head in self.heads.items()}

    @torch.no_grad()
    def read(self, pixels: NDArray[np.uint8]) -> dict[str, NDArray[np.int64]]:
        """(N, 128, 128, 3) uint8 to the index of the likeliest value per attribute, (N,)."""
        logits = self(to_tensor(pixels).to(next(self.parameters()).device))
        return {name: value.argmax(-1).cpu().numpy() for name, value in logits.items()}


def degrade(image: Tensor, rng: np.random.Generator) -> Tensor:
    """Half of the pictures stay; the others lose detail, gain noise or change brightness."""
    out = image.clone()
    for i, kind in enumerate(rng.random(len(image))):
        if kind < 0.5:
            continue
        picture = out[i : i + 1]
        if kind < 0.75:
            side = picture.shape[-1]
            small = int(side * rng.uniform(0.4, 0.9))
            picture = nn.functional.interpolate(picture, size=small, mode="area")
            picture = nn.functional.interpolate(
                picture, size=side, mode="bilinear", align_corners=False
            )
        if kind > 0.65:
            noise = rng.standard_normal(picture.shape, np.float32)
            picture = picture + float(rng.uniform(0.01, 0.1)) * torch.from_numpy(noise)
            picture = picture * float(rng.uniform(0.92, 1.08)) + float(rng.uniform(-0.05, 0.05))
        out[i] = picture[0].clamp(-1, 1)
    return out


class JudgeLoss(nn.Module):
    """Cross entropy, averaged over the heads.

    Args:
        judge: the judge.
        vae: once there is one, a quarter of the pictures go through it first.
    """

    def __init__(self, judge: Judge, vae: Any = None) -> None:
        super().__init__()
        self.judge = judge
        # In a tuple, so that it is no part of the checkpoint: a judge may begin before there is an
        # autoencoder and go on with one.
        self.frozen = (vae,)

    def forward(self, image: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """``labels`` (N, A) int64, −1 where a picture has no value of the attribute."""
        (vae,) = self.frozen
        if vae is not None:
            image = image.clone()
            image[::4] = round_trip(vae.to(image.device), image[::4])
        logits = self.judge(image)
        losses, right = [], []
        for i, values in enumerate(logits.values()):
            wanted = labels[:, i]
            labelled = wanted != IGNORED
            if labelled.any():
                losses.append(
                    nn.functional.cross_entropy(
                        values, wanted, ignore_index=IGNORED, label_smoothing=0.02
                    )
                )
                right.append((values.argmax(-1) == wanted)[labelled].float().mean())
        accuracy = torch.stack(right)
        return {
            "loss": torch.stack(losses).mean(),
            "accuracy": accuracy.mean(),
            "worst": accuracy.min(),
        }


@dataclass(frozen=True)
class JudgeRecipe:
    """Both sides of every pair, labelled by their attributes.

    Attributes:
        vae: a frozen trained autoencoder, or None before there is one.
        unseen: pairs that no model under test learns from, a third of each batch: a ruler must be
            true there too (learnt without them, it took one unseen subject in four for another).
    """

    pairs: Pairs
    vae: Any = None
    unseen: Pairs | None = None
    batch_size: int = 48
    channels: tuple[int, ...] = (24, 48, 96, 192)
    plan: TrainingPlan = field(default_factory=lambda: TrainingPlan(steps=2100, lr=2e-3))
    name: str = "judge"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        classes = {name: len(values) for name, values in ATTRIBUTES.items()}
        # A copy of the autoencoder: the trainer moves it to its device.
        return JudgeLoss(Judge(classes, self.channels), copy.deepcopy(self.vae))

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Both pictures of ``batch_size / 2`` pairs; they differ in what matters."""
        count = self.batch_size // 2
        parts = [(self.pairs, count)]
        if self.unseen is not None:
            parts = [(self.pairs, count - count // 3), (self.unseen, count // 3)]
        drawn = [(pairs, rng.integers(len(pairs), size=share)) for pairs, share in parts]
        pixels = np.concatenate([pairs.pictures(indices) for pairs, indices in drawn])
        attributes = np.concatenate([pairs.attributes(indices) for pairs, indices in drawn])
        image = degrade(to_tensor(pixels.reshape(-1, *pixels.shape[2:])), rng)
        labels = torch.from_numpy(attributes.reshape(len(image), -1))
        return {"image": image, "labels": labels.long()}

    def export(self, network: nn.Module, folder: Path) -> None:
        """``judge.json`` and ``judge.safetensors``; `load_judge` is the way back."""
        from safetensors.torch import save_file

        judge = network.judge
        assert isinstance(judge, Judge)
        config = {"values": ATTRIBUTES, "channels": judge.channels, "side": 128}
        (folder / "judge.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
        save_file(halved(judge).state_dict(), folder / "judge.safetensors")


@torch.no_grad()
def round_trip(vae: Any, image: Tensor) -> Tensor:
    """What the autoencoder makes of pictures (N, 3, H, W) in −1..1, clamped."""
    made: Tensor = vae.decode(vae.encode(image).latent_dist.mode()).sample
    return made.clamp(-1, 1)


def load_judge(folder: Path) -> Judge:
    """A trained judge in float32, in evaluation mode."""
    from safetensors.torch import load_file

    config = json.loads((folder / "judge.json").read_text(encoding="utf-8"))
    counts = {name: len(values) for name, values in config["values"].items()}
    judge = Judge(counts, tuple(config["channels"]))
    judge.load_state_dict(load_file(folder / "judge.safetensors"))
    return judge.float().eval()
