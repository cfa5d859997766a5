from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from inference.diffusion.guidance import Guidance
from inference.diffusion.noise_regularisation import NoiseRegulariser
from inference.diffusion.prediction import NoiseLevel, noise_level, prediction_type, to_epsilon


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The way of a picture's latents to noise.

    Attributes:
        latents: n + 1 tensors (1, C, h, w), scaled: the picture first, the noisiest last.
        timesteps: the n timesteps of DDIM between them, ascending.
    """

    latents: tuple[Tensor, ...]
    timesteps: tuple[int, ...]


def ddim_scheduler(config: dict[str, Any]) -> Any:
    """The `DDIMScheduler` for a model, whatever scheduler its folder names.

    "leading" timesteps without clipping, and ᾱ₀ after the last step: with these `invert` takes
    exactly the way back (Dhariwal & Nichol 2021, appendix F; as the null-text code does).

    Args:
        config: of the model's own scheduler; its noise schedule and prediction type are kept.
    """
    from diffusers import DDIMScheduler

    return DDIMScheduler.from_config(
        config, timestep_spacing="leading", set_alpha_to_one=False, clip_sample=False
    )


@dataclass(frozen=True)
class _Move:
    """One step to noise: where the network is asked, from which level to which."""

    timestep: Tensor
    source: NoiseLevel
    target: NoiseLevel


def invert(
    scheduler: Any,
    guidance: Guidance,
    latents: Tensor,
    num_inference_steps: int,
    *,
    fixed_point: int = 0,
    regulariser: NoiseRegulariser | None = None,
    as_authors: bool = False,
    seed: int = 0,
    pause: Callable[[], None] = lambda: None,
    on_step: Callable[[int, int], None] = lambda number, total: None,
) -> Trajectory:
    """DDIM inversion: the noise from which DDIM draws a picture again.

    Each DDIM step x_s = f(x_t, ε(x_t, t)) is solved for x_t (Song et al. 2021, section 4.3). As
    ε is known at x_s only, it is taken there at first; each fixed-point iteration then takes it
    at the last estimate of x_t (Pan et al. 2023, AIDI), which converges to the exact inverse.

    Args:
        scheduler: from `ddim_scheduler`; its timesteps are set here.
        guidance: usually at scale 1, where the inversion is most exact.
        latents: of the picture, (1, C, h, w), scaled.
        num_inference_steps: steps to noise; drawing must take as many.
        fixed_point: iterations at each step; each costs one more prediction.
        regulariser: moves every predicted ε (pix2pix-zero; Parmar et al. 2023, section 3.2).
        as_authors: leave out the first and the last step and take the noise levels one training
            step earlier, as the code of pix2pix-zero does. The trajectory then has two steps less,
            and drawing does not come back along it.
        seed: of the regulariser's shifts.
        pause: called before each prediction; may raise to cancel.
        on_step: called after each step with its number and how many there are.

    Raises:
        ValueError: more than one row.
    """
    if len(latents) != 1:
        raise ValueError("one picture is inverted at a time")
    scheduler.set_timesteps(num_inference_steps, device=latents.device)
    kind = prediction_type(scheduler)
    moves = _moves(scheduler, num_inference_steps, as_authors)
    generator = torch.Generator().manual_seed(seed)
    way = [latents]
    for number, move in enumerate(moves, 1):
        asked = noise_level(scheduler, float(move.timestep))
        estimate = way[-1]
        for _ in range(1 + fixed_point):
            pause()
            predicted = guidance(estimate, move.timestep).to(latents.dtype)
            epsilon = to_epsilon(predicted, estimate, kind, asked)
            if regulariser is not None:
                epsilon = regulariser(epsilon, generator)
            estimate = moved(way[-1], epsilon, move.source, move.target)
        way.append(estimate)
        on_step(number, len(moves))
    return Trajectory(tuple(way), tuple(int(move.timestep) for move in moves))


def _moves(scheduler: Any, num_inference_steps: int, as_authors: bool) -> list[_Move]:
    """All steps to noise, ascending."""
    stride = scheduler.config.num_train_timesteps // num_inference_steps
    timesteps = scheduler.timesteps.flip(0)
    if as_authors:
        return [
            _Move(
                timestep,
                noise_level(scheduler, int(timestep) - 1),
                noise_level(scheduler, int(timestep) + stride - 1),
            )
            for timestep in timesteps[1:-1]
        ]
    return [
        _Move(
            timestep,
            noise_level(scheduler, max(0, int(timestep) - stride)),
            noise_level(scheduler, float(timestep)),
        )
        for timestep in timesteps
    ]


def moved(latents: Tensor, epsilon: Tensor, source: NoiseLevel, target: NoiseLevel) -> Tensor:
    """DDIM's deterministic step in either direction (Song et al. 2021, equation 12, σ = 0).

    x_target = signal_target · x₀ + noise_target · ε with x₀ = (x_source − noise_source · ε) /
    signal_source.
    """
    clean = (latents - source.noise * epsilon) / source.signal
    return target.signal * clean + target.noise * epsilon
