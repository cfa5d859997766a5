from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from inference.diffusion.guidance import Guidance

OnDenoised = Callable[[int, int, Tensor], None]
"""Step, number of steps, and the predicted clean latents (N, 4, h, w)."""


def denoise(
    scheduler: Any,
    guidance: Guidance,
    noise: Tensor,
    num_inference_steps: int,
    rows: Sequence[torch.Generator],
    on_denoised: OnDenoised,
) -> Tensor:
    """Run a diffusers scheduler from unit noise to clean latents, all rows in one batch.

    Args:
        scheduler: fresh; its `set_timesteps` is called here.
        guidance: predicts what the scheduler subtracts.
        noise: (N, 4, h, w), unit variance.
        num_inference_steps: some schedulers take one more.
        rows: the generator of each row, for schedulers that add noise on the way.
        on_denoised: after every step; what it raises ends the loop.

    Returns:
        Scaled latents, (N, 4, h, w).
    """
    scheduler.set_timesteps(num_inference_steps, device=noise.device)
    accepted = inspect.signature(scheduler.step).parameters
    options: dict[str, Any] = {"generator": list(rows)} if "generator" in accepted else {}
    latents: Tensor = noise * scheduler.init_noise_sigma
    steps = len(scheduler.timesteps)
    for number, timestep in enumerate(scheduler.timesteps, 1):
        noisy = scheduler.scale_model_input(latents, timestep)
        predicted = guidance(noisy, timestep).to(latents.dtype)
        made = scheduler.step(predicted, timestep, latents, **options)
        latents = made.prev_sample
        clean = getattr(made, "pred_original_sample", None)
        on_denoised(number, steps, latents if clean is None else clean)
    return latents
