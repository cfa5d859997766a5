from __future__ import annotations

import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook, AttentionLayer
from inference.diffusion.denoise import Step, StepHook, denoise
from inference.diffusion.denoiser import UNetDenoiser
from inference.diffusion.guidance import ClassifierFree
from inference.diffusion.inversion import ddim_scheduler
from inference.diffusion.text import text_states
from inference.models.loaded import LoadedDiffusion
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def ended(model: LoadedDiffusion, hook: StepHook | None, steps: int = 4) -> Tensor:
    """What DDIM makes of fixed noise."""
    states, empty = text_states(model, ["a boat"]), text_states(model, [""])
    guidance = ClassifierFree(UNetDenoiser(model), states, empty, [3.0])
    scheduler = ddim_scheduler(model.scheduler_config)
    scheduler.set_timesteps(steps)
    noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    return denoise(scheduler, guidance, noise, scheduler.timesteps, [], lambda *_: None, hook)


class Watching(StepHook):
    """Changes nothing and writes down all it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []
        self.maps = 0

    def before(self, step: Step, latents: Tensor) -> Tensor:
        self.asked.append(("before", step.number, int(step.timestep)))
        return latents

    def attention(self, step: Step) -> AttentionHook | None:
        def count(probabilities: Tensor, layer: AttentionLayer) -> Tensor:
            self.maps += 1
            return probabilities

        return count if step.number == 2 else None

    def after(self, step: Step, latents: Tensor) -> Tensor:
        self.asked.append(("after", step.number, int(step.timestep)))
        return latents


def test_a_hook_is_asked_before_and_after_every_step(model: LoadedDiffusion) -> None:
    hook = Watching()
    made = ended(model, hook)
    assert hook.asked == [
        (when, number, timestep)
        for number, timestep in ((1, 751), (2, 501), (3, 251), (4, 1))
        for when in ("before", "after")
    ]
    assert hook.maps == len(model.unet.attn_processors)  # at the second step only
    assert torch.allclose(made, ended(model, None), atol=1e-5)


def test_what_a_hook_returns_goes_on(model: LoadedDiffusion) -> None:
    class Replacing(StepHook):
        def after(self, step: Step, latents: Tensor) -> Tensor:
            return torch.full_like(latents, 7.0) if step.number == step.total else latents

    class Moving(StepHook):
        def before(self, step: Step, latents: Tensor) -> Tensor:
            return latents + 0.1

    assert (ended(model, Replacing()) == 7.0).all()
    assert (ended(model, Moving()) - ended(model, None)).abs().max() > 0.01
