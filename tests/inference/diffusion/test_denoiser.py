"""Attention maps and gradients of a UNet, beside the predictions that need neither."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionLayer
from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.diffusion.guidance import ClassifierFree
from inference.diffusion.lean.choice import lean_unet
from inference.models.loaded import LoadedDiffusion
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

TIMESTEP = torch.tensor(500)


def drawn(rows: int) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(0)
    latents = torch.randn(rows, 4, 8, 8, generator=rng)
    return latents, torch.randn(rows, 77, 16, generator=rng)


class Maps:
    """Keeps what a hook is given."""

    def __init__(self) -> None:
        self.seen: list[tuple[AttentionLayer, Tensor]] = []

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        self.seen.append((layer, probabilities.detach()))
        return probabilities


def test_attention_maps_of_every_layer_and_row(model: LoadedDiffusion) -> None:
    latents, states = drawn(3)
    maps = Maps()
    denoiser = UNetDenoiser(model)
    plain = denoiser.predict(latents, TIMESTEP, Conditioning([0, 1, 2], states))
    hooked = denoiser.predict(latents, TIMESTEP, Conditioning([0, 1, 2], states), attention=maps)
    assert lean_unet(model) is not None  # which computed the first of the two
    assert (hooked - plain).abs().max() < 1e-5 * plain.abs().max()
    cross = [(layer, made) for layer, made in maps.seen if layer.is_cross]
    assert len(maps.seen) == 2 * len(cross) == len(model.unet.attn_processors)
    assert {layer.place for layer, _ in maps.seen} == {"down", "mid", "up"}
    for layer, made in cross:
        assert layer.name.endswith("attn2")
        assert made.shape[0] == 3 * layer.heads
        assert made.shape[2] == 77
        assert torch.allclose(made.sum(-1), torch.ones_like(made[..., 0]))


@pytest.mark.parametrize("grad", [False, True])
def test_maps_alone_are_those_of_a_prediction(model: LoadedDiffusion, grad: bool) -> None:
    """And they end with the last of the text; the UNet is as it was."""
    latents, states = drawn(2)
    processors = model.unet.attn_processors
    whole, alone = Maps(), Maps()
    denoiser, conditioning = UNetDenoiser(model), Conditioning([0, 1], states)
    denoiser.predict(latents, TIMESTEP, conditioning, attention=whole)
    denoiser.attend(latents, TIMESTEP, conditioning, alone, grad=grad)
    assert alone.seen[-1][0].is_cross
    assert sum(layer.is_cross for layer, _ in alone.seen) == sum(
        layer.is_cross for layer, _ in whole.seen
    )
    for (layer, made), (expected, map_) in zip(alone.seen, whole.seen, strict=False):
        assert layer == expected
        assert torch.equal(made, map_)
    assert model.unet.attn_processors == processors


def test_a_hook_changes_the_prediction_and_leaves_the_unet_as_it_was(
    model: LoadedDiffusion,
) -> None:
    latents, states = drawn(2)
    before = model.unet.attn_processors

    def even(probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        if not layer.is_cross:
            return probabilities
        return torch.full_like(probabilities, 1 / probabilities.shape[-1])

    def failing(probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        raise ValueError("stop")

    denoiser, conditioning = UNetDenoiser(model), Conditioning([0, 1], states)
    plain = denoiser.predict(latents, TIMESTEP, conditioning)
    changed = denoiser.predict(latents, TIMESTEP, conditioning, attention=even)
    assert (changed - plain).abs().max() > 1e-3 * plain.abs().max()
    with pytest.raises(ValueError, match="stop"):
        denoiser.predict(latents, TIMESTEP, conditioning, attention=failing)
    assert model.unet.attn_processors == before
    again = denoiser.predict(latents, TIMESTEP, conditioning)
    assert torch.equal(again, plain)


def test_gradients_reach_the_latents_through_guidance(model: LoadedDiffusion) -> None:
    """Against differences of the prediction itself, along one direction."""
    latents, states = drawn(2)
    guidance = ClassifierFree(UNetDenoiser(model), states, torch.zeros_like(states), [3.0, 1.5])
    weights = torch.randn(latents.shape, generator=torch.Generator().manual_seed(1))
    leaf = latents.clone().requires_grad_(True)
    (guidance(leaf, TIMESTEP, grad=True) * weights).sum().backward()
    assert leaf.grad is not None
    direction = torch.randn(latents.shape, generator=torch.Generator().manual_seed(2))
    step = 1e-2
    ends = [
        (guidance(latents + sign * step * direction, TIMESTEP) * weights).sum() for sign in (1, -1)
    ]
    slope = (ends[0] - ends[1]) / (2 * step)
    assert torch.isclose((leaf.grad * direction).sum(), slope, rtol=1e-2)


def test_gradients_with_texts_that_another_method_left_in_the_cache(
    model: LoadedDiffusion,
) -> None:
    from inference.diffusion.text import text_states

    with torch.inference_mode():
        states = text_states(model, ["a boat"])
    assert states.is_inference()
    leaf = drawn(1)[0].requires_grad_(True)
    made = UNetDenoiser(model).predict(leaf, TIMESTEP, Conditioning([0], states), grad=True)
    made.sum().backward()
    assert leaf.grad is not None


def test_gradients_inside_inference_mode_are_refused(model: LoadedDiffusion) -> None:
    latents, states = drawn(1)
    with torch.inference_mode(), pytest.raises(RuntimeError, match="inference_mode"):
        UNetDenoiser(model).predict(latents, TIMESTEP, Conditioning([0], states), grad=True)


@pytest.mark.parametrize("options", [{"grad": True}, {"attention": Maps()}])
def test_a_pause_comes_before_a_prediction_with_access(
    model: LoadedDiffusion, options: dict[str, Any]
) -> None:
    latents, states = drawn(1)
    calls: list[int] = []
    UNetDenoiser(model, lambda: calls.append(1)).predict(
        latents, TIMESTEP, Conditioning([0], states), **options
    )
    assert calls == [1]
