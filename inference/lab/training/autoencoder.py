"""Recipe 3: the autoencoder of Stable Diffusion's layout, f = 4, at 1/120 of its size.

Four times smaller, not eight: 16 × 16 × 4 numbers cannot hold a 128-px scene (23 dB after 4,600
steps, rising by 0.2 a thousand). In 235 CPU seconds from nothing f = 4 reaches 20.8 dB; f = 8 with
eight channels is at 17.1 after 266.

Illustrations are flat colours and edges. L1 keeps colours, squares hurry the large errors of the
beginning (L1 alone had learnt no green after 8,000 crops), a second L1 on finite differences keeps
edges where the others would blur them, and a faint KL keeps the latents in bounds (Rombach et al.
2022, section 3.1; their adversarial and perceptual terms are left out: both invent texture).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.lab.training.export import save_pretrained
from inference.lab.training.pairs import Pictures
from inference.lab.training.trainer import Batch, TrainingPlan

CHANNELS: Final = (16, 32, 64)
LATENT_CHANNELS: Final = 4


def to_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W) float32 in −1..1."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0).contiguous()


def to_pixels(images: Tensor) -> NDArray[np.uint8]:
    """(N, 3, H, W) float in −1..1 to (N, H, W, 3) uint8, rounded."""
    scaled = images.detach().float().add(1.0).mul(127.5).round().clamp(0, 255)
    pixels: NDArray[np.uint8] = scaled.byte().permute(0, 2, 3, 1).cpu().numpy()
    return pixels


def edge_loss(made: Tensor, wanted: Tensor) -> Tensor:
    """Mean absolute difference of the horizontal and vertical finite differences."""
    difference = made - wanted
    across = (difference[..., :, 1:] - difference[..., :, :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return across + down


def new_autoencoder(
    channels: tuple[int, ...], side: int, latent_channels: int = LATENT_CHANNELS
) -> Any:
    """An untrained stock `AutoencoderKL`."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        block_out_channels=channels,
        layers_per_block=1,
        norm_num_groups=min(8, channels[0]),
        latent_channels=latent_channels,
        sample_size=side,
    )


class AutoencoderLoss(nn.Module):
    """Encodes, samples, decodes and compares; see `AutoencoderRecipe` for the weights."""

    def __init__(self, vae: Any, square: float, kl: float) -> None:
        super().__init__()
        self.vae, self.square, self.kl = vae, square, kl

    def forward(self, image: Tensor, edge_weight: Tensor) -> dict[str, Tensor]:
        """``image`` (N, 3, H, W) in −1..1; the KL is the mean over latent numbers, in nats."""
        posterior = self.vae.encode(image).latent_dist
        made = self.vae.decode(posterior.sample()).sample.float()
        l1 = (made - image).abs().mean()
        edges = edge_loss(made, image)
        kl = posterior.kl().float().mean() / posterior.mean[0].numel()
        square = (made - image).square().mean()
        return {
            "loss": l1 + self.square * square + edge_weight * edges + self.kl * kl,
            "l1": l1,
            "edges": edges,
            "kl": kl,
            "psnr": 10 * torch.log10(4 / square.detach().clamp_min(1e-8)),
        }


@dataclass(frozen=True)
class AutoencoderRecipe:
    """Crops of half the side first, four to a picture's cost, then whole pictures.

    Attributes:
        whole_from: share of the steps after which batches are whole pictures.
        square, kl: weights of the squared error and of the KL; L1 counts 1.
        edges: weight of `edge_loss` on whole pictures, ``early_edges`` on crops: while an edge may
            still be anywhere, the likeliest difference of two neighbours is none, which blurs
            (60 steps from the same weights: 21.16 dB with 0.5, 21.25 with 0.1, 21.29 with none).
    """

    pictures: Pictures
    side: int = 128
    channels: tuple[int, ...] = CHANNELS
    batch_size: int = 2
    whole_from: float = 0.6
    square: float = 1.0
    edges: float = 0.5
    early_edges: float = 0.1
    kl: float = 2e-5
    plan: TrainingPlan = field(default_factory=lambda: TrainingPlan(steps=6_000, lr=2e-3))
    name: str = "autoencoder"

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        return AutoencoderLoss(new_autoencoder(self.channels, self.side), self.square, self.kl)

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Half of all pictures are mirrored: a second world of layouts for nothing."""
        whole = step >= self.whole_from * self.plan.steps
        count = self.batch_size if whole else 4 * self.batch_size
        indices = rng.integers(len(self.pictures), size=count)
        pixels = self.pictures.take(indices)
        if not whole:
            half = self.side // 2
            corners = rng.integers(self.side - half + 1, size=(count, 2))
            pixels = np.stack(
                [p[y : y + half, x : x + half] for p, (y, x) in zip(pixels, corners, strict=True)]
            )
        mirrored = rng.random(count) < 0.5
        pixels[mirrored] = pixels[mirrored, :, ::-1]
        edges = self.edges if whole else self.early_edges
        return {"image": to_tensor(pixels), "edge_weight": torch.tensor(edges)}

    def export(self, network: nn.Module, folder: Path) -> None:
        """Stock diffusers folder; ``scaling_factor`` makes the latents' deviation one."""
        vae: Any = network.vae
        rng = np.random.default_rng(self.plan.seed)
        modes = []
        with torch.no_grad():
            for _ in range(16):
                sample = to_tensor(self.pictures.take(rng.integers(len(self.pictures), size=16)))
                modes.append(vae.encode(sample).latent_dist.mode())
        vae.register_to_config(scaling_factor=round(1 / float(torch.cat(modes).std()), 5))
        save_pretrained(vae, folder)
