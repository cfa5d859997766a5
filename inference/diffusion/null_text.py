from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from inference.diffusion.denoiser import Conditioning, Denoiser
from inference.diffusion.inversion import Trajectory

_LEARNING_RATE: Final = 1e-2
_ENOUGH: Final = 1e-5
_ENOUGH_MORE: Final = 2e-5
"""Added to what is enough at each step."""


def null_text(
    scheduler: Any,
    denoiser: Denoiser,
    trajectory: Trajectory,
    text: Tensor,
    empty: Tensor,
    guidance_scale: float,
    pause: Callable[[], None] = lambda: None,
    *,
    iterations: int = 10,
) -> list[Tensor]:
    """Fit the empty text at each step, so that guidance follows a trajectory back.

    Null-text inversion (Mokady et al. 2023, algorithm 1) with the values of its code: Adam, each
    step begins with what the one before found, and ends early once the step lands near enough.

    Args:
        scheduler: a `DDIMScheduler`; its timesteps are set here.
        denoiser: that the trajectory was found with.
        trajectory: of the picture, at guidance 1.
        text: states of the caption, (1, context, D).
        empty: states of the empty text, (1, context, D).
        guidance_scale: that will be drawn with.
        pause: called before each prediction; may raise to cancel.
        iterations: at each step, at most.

    Returns:
        One (1, context, D) for each step, the noisiest first.

    Raises:
        RuntimeError: called inside `torch.inference_mode`, which knows no gradients.
    """
    scheduler.set_timesteps(len(trajectory.timesteps), device=text.device)
    latents = trajectory.latents[-1].clone()
    fitted: list[Tensor] = []
    current = empty.clone()
    for step, timestep in enumerate(scheduler.timesteps):
        pause()
        with torch.no_grad():
            with_text = denoiser.predict(latents, timestep, Conditioning([0], text))
        walk = _Step(scheduler, denoiser, timestep, latents, with_text, guidance_scale)
        rate = max(_LEARNING_RATE * (1 - step / 100), _LEARNING_RATE / 100)
        target, enough = trajectory.latents[-2 - step], _ENOUGH + step * _ENOUGH_MORE
        current = _fitted(walk, current, target, rate, enough, iterations, pause)
        fitted.append(current)
        with torch.no_grad():
            latents = walk.taken(current)
    return fitted


@dataclass(frozen=True, eq=False)
class _Step:
    """One step of drawing, of which everything but the empty text is known."""

    scheduler: Any
    denoiser: Denoiser
    timestep: Tensor
    latents: Tensor
    with_text: Tensor
    guidance_scale: float

    def taken(self, empty: Tensor, *, grad: bool = False) -> Tensor:
        """The latents after it."""
        without = self.denoiser.predict(
            self.latents, self.timestep, Conditioning([0], empty), grad=grad
        )
        predicted = without + self.guidance_scale * (self.with_text - without)
        made: Tensor = self.scheduler.step(predicted, self.timestep, self.latents).prev_sample
        return made


def _fitted(
    step: _Step,
    empty: Tensor,
    target: Tensor,
    rate: float,
    enough: float,
    iterations: int,
    pause: Callable[[], None],
) -> Tensor:
    """States in the place of the empty text with which a step lands near its target."""
    current = empty.detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([current], lr=rate)
    for _ in range(iterations):
        pause()
        with torch.enable_grad():
            loss = functional.mse_loss(step.taken(current, grad=True), target)
            (current.grad,) = torch.autograd.grad(loss, current)
        optimiser.step()
        if loss.item() < enough:
            break
    return current.detach()
