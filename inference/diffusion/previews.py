from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from inference.diffusion.finite import NotFinite
from inference.models.loaded import LoadedDiffusion

_LONGEST = 256
"""Longest side of a preview in pixels: latents hold no more detail, and each preview is sent to
the window."""

_PICTURES = 4
_SIDE = 16


def preview(
    model: LoadedDiffusion, latents: Tensor, padding: tuple[int, int, int, int]
) -> NDArray[np.uint8]:
    """What latents (N, 4, h, w) look like, (N, h', w', 3), without a decoder.

    A linear map from latents to colours, fitted once per model to its own decoder; padding (left,
    top, right, bottom, in work pixels) is left out.
    """
    matrix = colour_map(model)
    rgb = torch.einsum("nchw,cr->nrhw", latents.float(), matrix[:-1]) + matrix[-1].view(1, 3, 1, 1)
    pixels = (rgb.clamp(0, 1) * 255 + 0.5).to(torch.uint8).cpu()
    height, width = (side * model.factor for side in latents.shape[-2:])
    share = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(height * share)), max(1, round(width * share)))
    # Interleaved bytes are enlarged several times as fast as separate float planes.
    pixels = pixels.contiguous(memory_format=torch.channels_last)
    pixels = functional.interpolate(pixels, size, mode="bilinear", align_corners=False)
    left, top, right, bottom = (round(side * share) for side in padding)
    pixels = pixels[
        ..., top : max(top + 1, size[0] - bottom), left : max(left + 1, size[1] - right)
    ]
    return pixels.permute(0, 2, 3, 1).contiguous().numpy()


def colour_map(model: LoadedDiffusion) -> Tensor:
    """(5, 3): colours of the four latent channels and a constant, by least squares.

    The first call decodes a picture, which costs as much as some steps.

    Raises:
        NotFinite: the decoder gives no numbers.
    """
    cached = model.preview_map
    if not cached:
        channels = model.vae.config.latent_channels
        rng = torch.Generator("cpu").manual_seed(0)
        # Smooth fields of unit variance, as latents of pictures are.
        coarse = torch.randn(_PICTURES, channels, _SIDE // 4, _SIDE // 4, generator=rng)
        fields = functional.interpolate(coarse, (_SIDE, _SIDE), mode="bilinear")
        latents = (fields / fields.std()).to(model.device, model.vae.dtype)
        decoded = model.vae.decode(latents / model.vae.config.scaling_factor).sample
        if not bool(torch.isfinite(decoded).all()):
            raise NotFinite
        colours = functional.avg_pool2d(decoded.float() / 2 + 0.5, model.factor).clamp(0, 1)
        rows = latents.float().permute(0, 2, 3, 1).reshape(-1, channels)
        known = torch.cat([rows, torch.ones_like(rows[:, :1])], 1).cpu().double()
        wanted = colours.permute(0, 2, 3, 1).reshape(-1, 3).cpu().double()
        solution = torch.linalg.lstsq(known, wanted).solution
        cached.append(solution.float().to(model.device))
    return cached[0]
