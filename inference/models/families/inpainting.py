"""Stable Diffusion's inpainting models: the UNet sees mask and masked picture beside the noise."""

from __future__ import annotations

from typing import Final

from inference.models.families.stable_diffusion import StableDiffusion

FAMILY: Final = StableDiffusion(
    "stable-diffusion-inpainting", "inpaint", ("StableDiffusionInpaintPipeline",), (2, 1)
)
