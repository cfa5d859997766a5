from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from editor.render.color import Floats
from inference.models.loaded import LoadedDiffusion

_DECODED_PIXELS = 1 << 20
"""Pixels decoded at a time: the decoder's widest layers take most of a job's memory."""
_CPU_DECODED_PIXELS = 1 << 18
"""The same on a CPU, where more gains nothing and a cancel waits for one layer of them."""


def generators(seeds: Sequence[int]) -> list[torch.Generator]:
    """One generator per request, on the CPU, so that every device draws the same noise."""
    return [torch.Generator("cpu").manual_seed(seed) for seed in seeds]


def start_noise(
    model: LoadedDiffusion, rows: Sequence[torch.Generator], work_size: tuple[int, int]
) -> Tensor:
    """Unit noise, (N, 4, h / 8, w / 8): each row from its own generator, in the UNet's type.

    A row therefore never depends on its neighbours, and equals what the stock pipeline draws.
    """
    width, height = work_size
    shape = (1, model.vae.config.latent_channels, height // model.factor, width // model.factor)
    drawn = [torch.randn(shape, generator=row, dtype=model.dtype) for row in rows]
    return torch.cat(drawn).to(model.device)


def encode_picture(model: LoadedDiffusion, picture: Floats) -> Any:
    """The autoencoder's posterior for a picture (h, w, 3) 0..1, not scaled.

    Returns:
        diffusers' `DiagonalGaussianDistribution` of (1, C, h / 8, w / 8). InstructPix2Pix sees its
        source as the `mode` (Brooks et al. 2023, section 3.2, and its code); times
        `scaling_factor`, mode and samples are what the diffusion works on.
    """
    ready = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    ready = (ready * 2 - 1).to(model.device, model.vae.dtype)
    return model.vae.encode(ready).latent_dist


def sampled_latents(
    model: LoadedDiffusion, posterior: Any, rows: Sequence[torch.Generator]
) -> Tensor:
    """Samples of a posterior of (1, C, h, w), scaled, one for each generator: (N, C, h, w)."""
    drawn = torch.cat([posterior.sample(generator=row) for row in rows])
    scaled: Tensor = drawn.to(model.dtype) * model.vae.config.scaling_factor
    return scaled


def decode_latents(model: LoadedDiffusion, latents: Tensor) -> NDArray[np.float32]:
    """Pictures (N, h, w, 3) float32 0..1 of scaled latents."""
    area = latents.shape[-1] * latents.shape[-2] * model.factor**2
    pixels = _CPU_DECODED_PIXELS if latents.device.type == "cpu" else _DECODED_PIXELS
    at_once = 1 if model.plan.tiles else max(1, pixels // area)
    unscaled = latents.to(model.vae.dtype) / model.vae.config.scaling_factor
    made = [model.vae.decode(part).sample for part in unscaled.split(at_once)]
    pictures = (torch.cat(made).float() / 2 + 0.5).clamp(0, 1)
    return pictures.permute(0, 2, 3, 1).contiguous().cpu().numpy()
