"""InstructPix2Pix (Brooks et al. 2023): its UNet sees the picture's latents beside the noise."""

from __future__ import annotations

from typing import Final

from inference.models.families.stable_diffusion import StableDiffusion

FAMILY: Final = StableDiffusion(
    "instruct-pix2pix", "instruct_pix2pix", ("StableDiffusionInstructPix2PixPipeline",), (2, 0)
)
