from __future__ import annotations

import torch

from inference.diffusion.lean.network import LeanUNet, can_be_lean
from inference.models.loaded import LoadedDiffusion


def lean_unet(model: LoadedDiffusion) -> LeanUNet | None:
    """The model's UNet arranged for a CPU, made when it is first asked for.

    None where the UNet is too large to be held twice, on another device, or of another kind than
    `LeanUNet` computes: then diffusers' runs.
    """
    if not model.may_be_lean:
        return None
    if not model.lean:
        with torch.inference_mode(False):  # made inside a job, used in later ones too
            model.lean.append(LeanUNet(model.unet) if can_be_lean(model.unet) else None)
    made: LeanUNet | None = model.lean[0]
    return made
