"""InstructPix2Pix (Brooks et al. 2023) trained on Stable Diffusion XL."""

from __future__ import annotations

from typing import Final

from inference.models.families.stable_diffusion import XL_PARTS, StableDiffusion

FAMILY: Final = StableDiffusion(
    "sdxl-instruct-pix2pix",
    "instruct_pix2pix",
    ("StableDiffusionXLInstructPix2PixPipeline",),
    (2, 0),
    XL_PARTS,
)
