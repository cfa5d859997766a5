"""Stable Diffusion XL (Podell et al. 2023): two text encoders, pictures of about a megapixel."""

from __future__ import annotations

from typing import Final

from inference.models.families.stable_diffusion import XL_PARTS, StableDiffusion

FAMILY: Final = StableDiffusion(
    "stable-diffusion-xl", "text_to_image", ("StableDiffusionXLPipeline",), (1, 0), XL_PARTS
)
