"""Recipe of the guided upsampler (`inference.models.guided_upsampler`) on gold edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.lab.training.patch_critic import CriticLoss, PatchCritic
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.lab.training.upsampler_crops import UpsamplerCrops
from inference.models.guided_upsampler import (
    CHANNELS,
    FACTOR,
    GuidedUpsampler,
    deepen,
    save_upsampler,
)

_OUTSIDE: Final = 0.15
"""Weight of pixels that an edit may not change, beside those that it may."""

_EDGES: Final = 1.0
"""Weight of the error of differences between neighbours; it is what makes edges crisp."""

_STRUCTURE: Final = 0.1
"""Weight of 1 − SSIM."""

_WHOLE: Final = 0.4
"""Share that is kept of the crops where everything may change: what is drawn anew is harder than
another light."""

_ADVERSARIAL: Final = 0.01
"""Weight of what the critic says of the pictures made."""

_FEATURES: Final = 0.3
"""Weight of the distance of what the critic saw."""


class UpsamplerLoss(nn.Module):
    """Absolute error of pixels and of their neighbours' differences, structure, and a critic.

    Args:
        network: to be trained.
        critic: trained beside it; None leaves the errors alone.
    """

    def __init__(self, network: GuidedUpsampler, critic: PatchCritic | None = None) -> None:
        super().__init__()
        self.upsampler = network
        self.judged = None if critic is None else CriticLoss(critic)

    def forward(
        self, source: Tensor, target: Tensor, mask: Tensor, before: Tensor, after: Tensor
    ) -> dict[str, Tensor]:
        """All uint8, (N, H, W, 3), but ``mask`` (N, H, W); see `UpsamplerCrops`."""
        wanted = _planes(target)
        made = self.upsampler(_planes(source), _planes(before), _planes(after)).float()
        weight = (mask > 0).float()[:, None]
        weight = weight / weight.mean((1, 2, 3), keepdim=True).clamp_min(0.05) + _OUTSIDE
        pixels = ((made - wanted).abs() * weight).mean()
        edges = sum(
            ((made.diff(dim=axis) - wanted.diff(dim=axis)).abs() * _cut(weight, axis)).mean()
            for axis in (2, 3)
        )
        structure = ((1 - _ssim(made, wanted)) * weight).mean()
        with torch.no_grad():
            error = ((made.clamp(0, 1) - wanted).square() * (mask > 0)[:, None]).mean((1, 2, 3))
            share = (mask > 0).float().mean((1, 2))
            psnr = (-10 * torch.log10((error / share.clamp_min(1e-4)).clamp_min(1e-6))).mean()
        loss = pixels + _EDGES * edges + _STRUCTURE * structure
        figures = {"pixels": pixels, "structure": structure, "psnr": psnr}
        if self.judged is not None:
            given = torch.cat([_planes(source), _enlarged(_planes(after))], 1)
            said = self.judged(made, wanted, given, weight)
            loss = loss + said["critic"] + _ADVERSARIAL * said["adversarial"]
            loss = loss + _FEATURES * said["features"]
            figures |= said
        return {"loss": loss, **figures}


@dataclass(frozen=True)
class GuidedUpsamplerRecipe:
    """Crops of gold edits, turned left to right at random.

    Attributes:
        crops: see `build_crops`; each set gives as many examples.
        channels: of the network's levels.
        start: a trained network to go on from, of as many levels or one fewer.
        blind: share of examples that show no source, as for a picture made from nothing.
    """

    crops: Sequence[UpsamplerCrops]
    channels: tuple[int, ...] = CHANNELS
    start: GuidedUpsampler | None = None
    blind: float = 0.2
    batch_size: int = 16
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(
            steps=6000,
            lr=3e-4,
            warmup=100,
            hold=0.75,
            ema=0.998,
            clip=20.0,
            shared=True,
            betas=(0.5, 0.99),
        )
    )
    name: str = "guided-upsampler"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        network = GuidedUpsampler(self.channels)
        if self.start is not None:
            deepen(self.start, network)
        return UpsamplerLoss(network, PatchCritic(6))

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """See the class."""
        turned = rng.random(self.batch_size) < 0.5
        sets = [self.crops[i % len(self.crops)] for i in range(self.batch_size)]
        chosen = [_chosen(crops, rng) for crops in sets]
        out = {}
        for name in ("source", "target", "mask", "before", "after"):
            values = np.stack([getattr(c, name)[i] for c, i in zip(sets, chosen, strict=True)])
            values[turned] = values[turned, :, ::-1]
            out[name] = torch.from_numpy(values)
        unseen = torch.from_numpy(rng.random(self.batch_size) < self.blind)
        return _blinded(out, unseen)

    def export(self, network: nn.Module, folder: Path) -> None:
        """``config.json`` and ``model.safetensors``."""
        assert isinstance(network, UpsamplerLoss)
        save_upsampler(network.upsampler.cpu(), folder)


def _chosen(crops: UpsamplerCrops, rng: np.random.Generator) -> int:
    """A crop at random, those of edits of the whole picture less often."""
    while True:
        index = int(rng.integers(len(crops)))
        if rng.random() < _WHOLE or not crops.mask[index, ::16, ::16].all():
            return index


def _planes(pixels: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W) float32 0..1."""
    return pixels.permute(0, 3, 1, 2).float() / 255


def _blinded(batch: Batch, unseen: Tensor) -> Batch:
    """With some examples shown as pictures made from nothing: the made one is its own source."""
    wide = unseen[:, None, None, None]
    made = batch["after"]
    enlarged = (_enlarged(_planes(made)) * 255).round().byte().permute(0, 2, 3, 1)
    return {
        "source": torch.where(wide, enlarged, batch["source"]),
        "target": batch["target"],
        "mask": torch.where(unseen[:, None, None], 255, batch["mask"]).byte(),
        "before": torch.where(wide, made, batch["before"]),
        "after": made,
    }


def _enlarged(pictures: Tensor) -> Tensor:
    """(N, 3, h, w) 0..1 at `FACTOR` times its size."""
    made = functional.interpolate(pictures, scale_factor=float(FACTOR), mode="bicubic")
    return made.clamp(0, 1)


def _cut(weight: Tensor, axis: int) -> Tensor:
    """Without its first row or column."""
    return weight.narrow(axis, 1, weight.shape[axis] - 1)


def _ssim(first: Tensor, second: Tensor) -> Tensor:
    """Structural similarity in windows of 7 pixels (Wang et al. 2004, eq. 13), of each pixel."""

    def mean(values: Tensor) -> Tensor:
        return functional.avg_pool2d(values, 7, 1, 3, count_include_pad=False)

    mean_a, mean_b = mean(first), mean(second)
    var_a = mean(first * first) - mean_a**2
    var_b = mean(second * second) - mean_b**2
    common = mean(first * second) - mean_a * mean_b
    low, lower = 0.01**2, 0.03**2
    top = (2 * mean_a * mean_b + low) * (2 * common + lower)
    return top / ((mean_a**2 + mean_b**2 + low) * (var_a + var_b + lower))
