from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

EPSILON, V, SAMPLE, FLOW = "epsilon", "v_prediction", "sample", "flow_prediction"
"""What a network may be trained to predict, in diffusers' words (`prediction_type`)."""


@dataclass(frozen=True)
class NoiseLevel:
    """How noisy latents are made of a picture x₀ and noise ε: x = signal · x₀ + noise · ε.

    Variance-preserving models (DDPM; Ho et al. 2020) have signal² + noise² = 1, rectified flows
    (Liu et al. 2023) signal + noise = 1.
    """

    signal: float
    noise: float


def prediction_type(scheduler: Any) -> str:
    """What the network behind a diffusers scheduler predicts; one of the four above.

    Raises:
        ValueError: the scheduler names another kind.
    """
    if "FlowMatch" in type(scheduler).__name__:
        return FLOW
    kind = str(scheduler.config.get("prediction_type", EPSILON))
    if kind not in (EPSILON, V, SAMPLE, FLOW):
        raise ValueError(f"unknown prediction type {kind}")
    return kind


def noise_level(scheduler: Any, timestep: float) -> NoiseLevel:
    """The noise level of a timestep.

    Between two training steps σ = √((1 − ᾱ) / ᾱ) is interpolated, as the Euler schedulers do.

    Args:
        scheduler: of diffusers; one for flows must have its timesteps set.
        timestep: 0 to the number of training steps, less 1.
    """
    if prediction_type(scheduler) == FLOW:
        nearest = int((scheduler.timesteps.float().cpu() - float(timestep)).abs().argmin())
        sigma = float(scheduler.sigmas[nearest])
        return NoiseLevel(1.0 - sigma, sigma)
    products = scheduler.alphas_cumprod.double().cpu()
    sigmas = ((1 - products) / products).sqrt()
    below = int(timestep)
    above = min(below + 1, len(sigmas) - 1)
    sigma = float(torch.lerp(sigmas[below], sigmas[above], float(timestep) - below))
    signal = (1 + sigma * sigma) ** -0.5
    return NoiseLevel(signal, sigma * signal)


def to_epsilon(predicted: Tensor, noisy: Tensor, kind: str, level: NoiseLevel) -> Tensor:
    """The noise ε that a prediction implies, of the same shape.

    Args:
        predicted: of the network, (N, C, h, w).
        noisy: the latents that the network saw.
        kind: what it predicts: ε; v = signal · ε − noise · x₀ (Salimans & Ho 2022, appendix D);
            x₀; or the flow ε − x₀ (Lipman et al. 2023; Liu et al. 2023).
        level: of `noisy`.

    Raises:
        ValueError: the kind is not known.
    """
    if kind == EPSILON:
        return predicted
    if kind == V:
        return level.noise * noisy + level.signal * predicted
    if kind == SAMPLE:
        return (noisy - level.signal * predicted) / level.noise
    if kind == FLOW:
        return noisy + level.signal * predicted
    raise ValueError(f"unknown prediction type {kind}")
