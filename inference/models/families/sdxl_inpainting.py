"""Stable Diffusion XL's inpainting models: the UNet sees mask and masked picture too."""

from __future__ import annotations

from typing import Final

from inference.models.families.stable_diffusion import XL_PARTS, StableDiffusion

FAMILY: Final = StableDiffusion(
    "sdxl-inpainting", "inpaint", ("StableDiffusionXLInpaintPipeline",), (2, 1), XL_PARTS
)
