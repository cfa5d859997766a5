"""Edits that hold the layout of their source (pix2pix-zero; Parmar et al. 2023, section 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionLayer
from inference.diffusion.denoise import OnDenoised
from inference.diffusion.denoiser import AttendingDenoiser, Conditioning
from inference.diffusion.source_branch import SourceBranch, guided


@dataclass(frozen=True, eq=False)
class GuidedEdits:
    """What is drawn beside a source.

    Attributes:
        texts: states of the edited captions, (N, context, D).
        guidance_scale: of each.
        amounts: of each, how far a step moves the latents so that the attention maps stay those
            of the source (λ_xa of the paper); 0 is without.
        as_authors: the code of pix2pix-zero moves the latents of the two branches of guidance
            apart and goes on with those of the empty text, which the edit does not touch. Without
            it both branches see the same latents, which both gradients move.
        at_once: how many are computed together; each takes the memory of a backward pass.
    """

    texts: Tensor
    guidance_scale: Sequence[float]
    amounts: Sequence[float]
    as_authors: bool = False
    at_once: int = 8


def draw_guided(
    scheduler: Any,
    denoiser: AttendingDenoiser,
    source: SourceBranch,
    edits: GuidedEdits,
    on_denoised: OnDenoised,
    pause: Callable[[], None] = lambda: None,
) -> tuple[Tensor, Tensor]:
    """Draw a picture again and its edits beside it, in lockstep.

    The authors draw the source first and keep the attention maps of all its steps (13 GB for 100
    steps of Stable Diffusion 1). As no step of the source needs anything of the edits, both can
    go on together, and only the maps of one step are held. The result is the same.

    Args:
        scheduler: a `DDIMScheduler` whose timesteps are set, as many as the source has steps.
        denoiser: of the model that inverted the source.
        source: what is drawn again.
        edits: what is drawn beside it.
        on_denoised: called after every step with the predicted clean latents of the edits.
        pause: called before each prediction; may raise to cancel.

    Returns:
        Scaled latents of the source, (1, C, h, w), and of the edits, (N, C, h, w).

    Raises:
        RuntimeError: called inside `torch.inference_mode`, which knows no gradients.
    """
    drawn = source.start.clone()
    latents = source.start.repeat(len(edits.texts), 1, 1, 1)
    total = len(scheduler.timesteps)
    for step, timestep in enumerate(scheduler.timesteps):
        pause()
        empty = source.empty[step]
        maps = _Maps()
        with torch.no_grad():
            drawn = _source_drawn(scheduler, denoiser, source, step, timestep, drawn, maps)
        clean = []
        for first in range(0, len(latents), edits.at_once):
            part = slice(first, first + edits.at_once)
            pause()
            moved, made = _edited(denoiser, latents[part], timestep, empty, edits, part, maps)
            stepped = scheduler.step(made, timestep, moved)
            latents[part] = stepped.prev_sample
            clean.append(stepped.pred_original_sample)
        on_denoised(step + 1, total, torch.cat(clean))
    return drawn, latents


def _source_drawn(
    scheduler: Any,
    denoiser: AttendingDenoiser,
    source: SourceBranch,
    step: int,
    timestep: Tensor,
    drawn: Tensor,
    maps: _Maps,
) -> Tensor:
    """The source's latents after a step, (1, C, h, w); its maps are kept on the way.

    Where the caption stands in the place of the empty text, both branches are one and it is
    computed once. A source that is put back on its trajectory needs the maps only.
    """
    empty = source.empty[step]
    one = torch.equal(empty, source.text)
    states = source.text if one else torch.cat([empty, source.text])
    maps.repeated = 2 if one else 1
    conditioning = Conditioning([0] * len(states), states)
    if source.exact:
        denoiser.attend(drawn, timestep, conditioning, maps)
        return source.after(step, drawn)
    predicted = denoiser.predict(drawn, timestep, conditioning, attention=maps)
    made = predicted if one else guided(predicted, [source.guidance_scale])
    return source.after(step, scheduler.step(made, timestep, drawn).prev_sample)


def _edited(
    denoiser: AttendingDenoiser,
    latents: Tensor,
    timestep: Tensor,
    empty: Tensor,
    edits: GuidedEdits,
    part: slice,
    maps: _Maps,
) -> tuple[Tensor, Tensor]:
    """The latents moved towards the source's attention, and the guided prediction there."""
    texts, amounts = edits.texts[part], edits.amounts[part]
    count = len(latents)
    states = torch.stack([empty.expand_as(texts), texts], 1).flatten(0, 1)
    pairs = [number for number in range(count) for _ in range(2)]
    inputs = list(range(2 * count)) if edits.as_authors else pairs
    seen = latents.repeat_interleave(2, 0) if edits.as_authors else latents.clone()
    if any(amounts):
        seen = seen.detach().clone().requires_grad_()
        distance = _Distance(maps)
        denoiser.attend(seen, timestep, Conditioning(inputs, states), distance, grad=True)
        (gradient,) = torch.autograd.grad(distance.total, seen)
        rates = torch.tensor(amounts, device=seen.device, dtype=seen.dtype)
        rates = rates.repeat_interleave(len(seen) // count).view(-1, 1, 1, 1)
        seen = (seen - rates * gradient).detach()
    with torch.no_grad():
        predicted = denoiser.predict(seen, timestep, Conditioning(inputs, states))
    kept = seen[::2] if edits.as_authors else seen
    return kept, guided(predicted, edits.guidance_scale[part])


class _Maps:
    """An `AttentionHook` that keeps the cross-attention maps of a prediction.

    Attributes:
        by_layer: (2 · heads, queries, keys), of the empty text and of the caption.
        repeated: copies that are kept of each map: 2 where one prediction serves both texts.
    """

    def __init__(self) -> None:
        self.by_layer: dict[str, Tensor] = {}
        self.repeated = 1

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        if layer.is_cross:
            self.by_layer[layer.name] = probabilities.detach().repeat(self.repeated, 1, 1)
        return probabilities


class _Distance:
    """An `AttentionHook` that adds up how far maps are from those of the source.

    For each edit the sum, over layers, of the squared distance, averaged over the heads of both
    branches.
    """

    def __init__(self, maps: _Maps) -> None:
        self._maps = maps
        self.total: Tensor = torch.zeros(())

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        if layer.is_cross:
            own = self._maps.by_layer[layer.name]  # (2 · heads, queries, keys)
            apart = probabilities.view(-1, *own.shape) - own
            self.total = self.total.to(apart) + apart.square().sum((2, 3)).mean(1).sum()
        return probabilities
