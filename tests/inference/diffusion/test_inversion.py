"""DDIM inversion: against diffusers' inverse scheduler, and how exactly it draws again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook
from inference.diffusion.denoise import denoise
from inference.diffusion.denoiser import UNetDenoiser
from inference.diffusion.guidance import ClassifierFree, Guidance
from inference.diffusion.inversion import Trajectory, ddim_scheduler, invert
from inference.diffusion.latents import decode_latents, encode_picture
from inference.diffusion.start import Inverted
from inference.diffusion.text import text_states
from inference.models.libraries import prepare_libraries
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)
prepare_libraries()

STABLE_DIFFUSION: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
}


def smooth(
    noisy: Tensor,
    timestep: Tensor,
    *,
    attention: AttentionHook | None = None,
    grad: bool = False,
) -> Tensor:
    """A prediction that changes slowly with latents and time, as a trained network's does."""
    return torch.tanh(noisy.roll(1, -1) * 0.7 + float(timestep) / 1000)


@pytest.mark.parametrize("steps", [10, 50])
def test_equals_the_inverse_scheduler_of_diffusers(steps: int) -> None:
    from diffusers import DDIMInverseScheduler

    clean = torch.randn(1, 4, 16, 16, dtype=torch.float64)
    ours = invert(ddim_scheduler(STABLE_DIFFUSION), smooth, clean, steps)
    stock = DDIMInverseScheduler(**STABLE_DIFFUSION, set_alpha_to_one=False, clip_sample=False)
    stock.set_timesteps(steps)
    expected = [clean]
    for timestep in stock.timesteps:
        predicted = smooth(expected[-1], timestep)
        expected.append(stock.step(predicted, timestep, expected[-1]).prev_sample)
    assert ours.timesteps == tuple(stock.timesteps.tolist())
    assert len(ours.latents) == steps + 1
    for mine, theirs in zip(ours.latents, expected, strict=True):
        assert (mine - theirs).abs().max() <= 1e-6


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction"])
def test_fixed_point_iterations_converge_to_the_exact_inverse(kind: str) -> None:
    scheduler = ddim_scheduler({**STABLE_DIFFUSION, "prediction_type": kind})
    clean = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0)).double()
    errors = []
    for iterations in (0, 2, 30):
        trajectory = invert(scheduler, smooth, clean, 20, fixed_point=iterations)
        again = drawn_again(scheduler, smooth, trajectory)
        errors.append(float((again - clean).abs().max()))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-5


def drawn_again(scheduler: Any, guidance: Guidance, trajectory: Trajectory) -> Tensor:
    scheduler.set_timesteps(len(trajectory.timesteps))
    return denoise(
        scheduler, guidance, trajectory.latents[-1], scheduler.timesteps, [], lambda *_: None
    )


def test_several_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="one picture"):
        invert(ddim_scheduler(STABLE_DIFFUSION), smooth, torch.zeros(2, 4, 8, 8), 4)


def test_a_start_from_an_inversion(model: LoadedDiffusion) -> None:
    scheduler = ddim_scheduler(model.scheduler_config)
    trajectory = invert(scheduler, smooth, torch.ones(1, 4, 8, 8), 5)
    start = Inverted(trajectory)
    timesteps = start.timesteps(scheduler, 5)
    rows = [torch.Generator(), torch.Generator()]
    latents = start.begin(model, scheduler, timesteps, rows, (64, 64)).latents
    assert torch.equal(latents, trajectory.latents[-1].repeat(2, 1, 1, 1))
    scheduler.set_timesteps(6)
    with pytest.raises(ValueError, match="timesteps"):
        start.timesteps(scheduler, 6)


def test_storybook_pictures_are_drawn_again(starter_models: Path) -> None:
    """A sample at the size of the starter model; figures of more in docs/starter-models.md."""
    from inference.lab.storybook.render import render
    from inference.lab.storybook.samples import SAMPLES
    from inference.starter.captions import canonical

    model = ModelStore([starter_models], device="cpu").diffusion("text_to_image")
    *_, scene = SAMPLES[0]
    with torch.inference_mode():
        picture = render(scene, model.side).astype(np.float32) / np.float32(255)
        clean = encode_picture(model, picture).mode() * model.vae.config.scaling_factor
        states = text_states(model, [canonical(scene)])
        guidance = ClassifierFree(UNetDenoiser(model), states, states, [1.0])
        found = [psnr(model, guidance, clean, n) for n in (25, 50, 100)]
        assert found == sorted(found)
        assert found[-1] >= 40
        assert psnr(model, guidance, clean, 50, fixed_point=3) >= 40


def psnr(
    model: LoadedDiffusion, guidance: Guidance, clean: Tensor, steps: int, fixed_point: int = 0
) -> float:
    """Of the picture drawn again, against what the autoencoder makes of it, in dB."""
    scheduler = ddim_scheduler(model.scheduler_config)
    trajectory = invert(scheduler, guidance, clean, steps, fixed_point=fixed_point)
    again = drawn_again(scheduler, guidance, trajectory)
    error = decode_latents(model, again) - decode_latents(model, clean)
    return float(-10 * torch.log10(torch.tensor(error**2).mean()))
