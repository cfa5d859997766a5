from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from inference.diffusion.prediction import (
    EPSILON,
    FLOW,
    SAMPLE,
    NoiseLevel,
    V,
    noise_level,
    prediction_type,
    to_epsilon,
)
from inference.models.libraries import prepare_libraries
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)
prepare_libraries()

SCHEDULE: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
}


@pytest.mark.parametrize("kind", [EPSILON, V, SAMPLE, FLOW])
@pytest.mark.parametrize("noise", [0.05, 0.6, 0.99])
def test_epsilon_of_each_kind(kind: str, noise: float) -> None:
    rng = torch.Generator().manual_seed(0)
    clean, epsilon = (torch.randn(2, 4, 3, 5, generator=rng, dtype=torch.float64) for _ in range(2))
    level = NoiseLevel(1 - noise if kind == FLOW else (1 - noise**2) ** 0.5, noise)
    noisy = level.signal * clean + level.noise * epsilon
    predicted = {
        EPSILON: epsilon,
        V: level.signal * epsilon - level.noise * clean,
        SAMPLE: clean,
        FLOW: epsilon - clean,
    }[kind]
    assert torch.allclose(to_epsilon(predicted, noisy, kind, level), epsilon, atol=1e-12)


def test_levels_are_those_of_the_schedulers() -> None:
    from diffusers import DDIMScheduler, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler

    rng = torch.Generator().manual_seed(0)
    clean, noise = (torch.randn(1, 4, 4, 4, generator=rng) for _ in range(2))
    ddim = DDIMScheduler(**SCHEDULE)
    for timestep in (0, 500, 999):
        level = noise_level(ddim, timestep)
        expected = ddim.add_noise(clean, noise, torch.tensor([timestep]))
        assert torch.allclose(level.signal * clean + level.noise * noise, expected, atol=1e-5)

    euler = EulerDiscreteScheduler(**SCHEDULE)
    euler.set_timesteps(7)  # most lie between two training steps
    assert any(float(t) != int(t) for t in euler.timesteps)
    for timestep, sigma in zip(euler.timesteps, euler.sigmas, strict=False):
        level = noise_level(euler, float(timestep))
        assert level.noise / level.signal == pytest.approx(float(sigma), rel=1e-4)

    flow = FlowMatchEulerDiscreteScheduler(shift=3.0)
    flow.set_timesteps(5)
    for timestep in flow.timesteps:
        level = noise_level(flow, float(timestep))
        expected = flow.scale_noise(clean, timestep[None], noise)
        assert torch.allclose(level.signal * clean + level.noise * noise, expected, atol=1e-6)


def test_kinds_are_read_from_the_scheduler() -> None:
    from diffusers import DDIMScheduler, FlowMatchEulerDiscreteScheduler

    assert prediction_type(DDIMScheduler()) == EPSILON
    assert prediction_type(DDIMScheduler(prediction_type=V)) == V
    assert prediction_type(FlowMatchEulerDiscreteScheduler()) == FLOW
    with pytest.raises(ValueError, match="guess"):
        prediction_type(SimpleNamespace(config={"prediction_type": "guess"}))
    with pytest.raises(ValueError, match="guess"):
        to_epsilon(torch.zeros(1), torch.zeros(1), "guess", NoiseLevel(1.0, 0.0))
