from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook
from inference.diffusion.guidance import Guidance

OnDenoised = Callable[[int, int, Tensor], None]
"""Step, number of steps, and the predicted clean latents (N, C, h, w)."""


@dataclass(frozen=True)
class Step:
    """One step of the loop.

    Attributes:
        number, total: from 1 to total.
        timestep: one number.
    """

    number: int
    total: int
    timestep: Tensor


class StepHook:
    """What a method does at each step besides sampling; this one does nothing.

    A method overrides what it needs. For gradients the method must not run in
    `torch.inference_mode`; `before` then calls its guidance or denoiser with `grad=True`.
    """

    def before(self, step: Step, latents: Tensor) -> Tensor:
        """The latents (N, C, h, w) that the step works on."""
        return latents

    def attention(self, step: Step) -> AttentionHook | None:
        """Is given the attention maps of the step's prediction; None costs nothing."""
        return None

    def after(self, step: Step, latents: Tensor) -> Tensor:
        """The latents (N, C, h, w) that the next step begins with."""
        return latents


def denoise(
    scheduler: Any,
    guidance: Guidance,
    latents: Tensor,
    timesteps: Tensor,
    rows: Sequence[torch.Generator],
    on_denoised: OnDenoised,
    hook: StepHook | None = None,
) -> Tensor:
    """Run a diffusers scheduler from noisy to clean latents, all rows in one batch.

    Args:
        scheduler: its timesteps are set.
        guidance: predicts what the scheduler subtracts.
        latents: (N, C, h, w) of the variance that the scheduler has at the first timestep.
        timesteps: those to run; see `Start`.
        rows: the generator of each row, for schedulers that add noise on the way.
        on_denoised: after every step; what it raises ends the loop.
        hook: sees and changes what happens at each step.

    Returns:
        Scaled latents, (N, C, h, w).
    """
    accepted = inspect.signature(scheduler.step).parameters
    options: dict[str, Any] = {"generator": list(rows)} if "generator" in accepted else {}
    acting = hook or StepHook()
    total = len(timesteps)
    for number, timestep in enumerate(timesteps, 1):
        step = Step(number, total, timestep)
        latents = acting.before(step, latents)
        noisy = scheduler.scale_model_input(latents, timestep)
        predicted = guidance(noisy, timestep, attention=acting.attention(step))
        made = scheduler.step(predicted.to(latents.dtype), timestep, latents, **options)
        latents = acting.after(step, made.prev_sample)
        clean = getattr(made, "pred_original_sample", None)
        on_denoised(number, total, latents if clean is None else clean)
    return latents
