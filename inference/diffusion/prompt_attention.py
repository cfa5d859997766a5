"""Edits by attention maps of the source (Prompt-to-Prompt; Hertz et al. 2022, section 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from inference.diffusion.attention_control import AttentionLayer
from inference.diffusion.denoise import OnDenoised
from inference.diffusion.denoiser import Conditioning, Denoiser
from inference.diffusion.prompt_words import PromptWords, refinement, replacement
from inference.diffusion.source_branch import SourceBranch, guided

_SELF_PIXELS: Final = 32 * 32
"""Self-attention maps of more queries than these stay those of the edit."""

_BLEND_SIDE: Final = 16
"""Maps for blending have this side; the next smaller ones where a model has none such."""

_BLEND_BAR: Final = 0.3
"""Share of the strongest attention from which a pixel belongs to the words."""


@dataclass(frozen=True, eq=False)
class WordEdit:
    """What an edit does with the maps of its source.

    Attributes:
        target: the edited prompt.
        mapped: (context, context): the source's maps times this are the edit's.
        share: (context,) of them, the rest is the edit's own map.
        weights: (context,) by which the maps of tokens are multiplied.
        cross_steps: share of the steps, from the first, in which this is done.
        self_steps: share of the steps in which self-attention is the source's.
        blended: for source and edit the tokens whose pixels may change; empty for all.
        blend_from: share of the steps without blending.
    """

    target: PromptWords
    mapped: Tensor
    share: Tensor
    weights: Tensor
    cross_steps: float
    self_steps: float
    blended: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    blend_from: float = 0.2


def word_edit(
    source: PromptWords,
    target: PromptWords,
    *,
    weights: Mapping[str, float] = {},
    cross_steps: float = 0.8,
    self_steps: float = 0.4,
    blended: Sequence[str] = (),
) -> WordEdit:
    """Choose how two prompts correspond: word for word where that is possible, else by alignment.

    Args:
        source: the prompt of the picture.
        target: the edited prompt, of the same tokenizer.
        weights: of words of the target; 1 is the source's attention (section 3.2, re-weighting).
        cross_steps: see `WordEdit`; .8 in the authors' notebook.
        self_steps: see `WordEdit`; .4 there.
        blended: words of either prompt outside of which nothing may change.
    """
    context = source.context
    if len(source.words) == len(target.words):
        mapped, share = replacement(source, target), torch.ones(context)
    else:
        taken, share = refinement(source, target)
        mapped = torch.zeros(context, context)
        mapped[torch.from_numpy(taken), torch.arange(context)] = 1
    factors = torch.ones(context)
    for word, factor in weights.items():
        factors[list(target.tokens_of([word]))] = factor
    places = (source.tokens_of(blended), target.tokens_of(blended))
    return WordEdit(target, mapped, share, factors, cross_steps, self_steps, places)


@dataclass(eq=False)
class PromptAttention:
    """The `AttentionHook` of one step, over the rows (empty, text) of the source and of each edit.

    Maps of the empty text are left alone.

    Attributes:
        edits: beside the source.
        step: counted from 0.
        total: number of steps.
        cross_maps: of this step, for blending: by layer, averaged over heads, (1 + N, queries,
            context), rows of text only.
    """

    edits: Sequence[WordEdit]
    step: int
    total: int
    cross_maps: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        """See `AttentionHook`."""
        rows = probabilities.view(-1, 2, layer.heads, *probabilities.shape[1:])
        text = rows[:, 1]  # (1 + N, heads, queries, keys)
        if layer.is_cross:
            self.cross_maps[layer.name] = text.detach().mean(1)
            changed = [self._cross(text[0], own, e) for own, e in self._own(text)]
        else:
            changed = [self._self(text[0], own, e) for own, e in self._own(text)]
        made = rows.clone()
        made[1:, 1] = torch.stack(changed)
        return made.view_as(probabilities)

    def _own(self, text: Tensor) -> list[tuple[Tensor, WordEdit]]:
        return list(zip(text[1:], self.edits, strict=True))

    def _cross(self, source: Tensor, own: Tensor, edit: WordEdit) -> Tensor:
        if self.step >= int(edit.cross_steps * (self.total + 1)):
            return own
        mapped, share, weights = (v.to(own) for v in (edit.mapped, edit.share, edit.weights))
        return (source @ mapped * share + own * (1 - share)) * weights

    def _self(self, source: Tensor, own: Tensor, edit: WordEdit) -> Tensor:
        copied = self.step < int(edit.self_steps * self.total)
        return source if copied and own.shape[1] <= _SELF_PIXELS else own


def draw_beside(
    scheduler: Any,
    denoiser: Denoiser,
    source: SourceBranch,
    edits: Sequence[WordEdit],
    texts: Tensor,
    guidance_scale: Sequence[float],
    on_denoised: OnDenoised,
    pause: Callable[[], None] = lambda: None,
) -> tuple[Tensor, Tensor]:
    """Draw a source and its edits together, each step in one prediction.

    Args:
        scheduler: a `DDIMScheduler` whose timesteps are set, as many as the source has steps.
        denoiser: of the source's model.
        source: what is drawn again, or drawn for the first time.
        edits: what is done with the maps, for each edit.
        texts: states of the edited prompts, (N, context, D).
        guidance_scale: of each edit.
        on_denoised: called after every step with the predicted clean latents of the edits.
        pause: called before each prediction; may raise to cancel.

    Returns:
        Scaled latents of the source, (1, C, h, w), and of the edits, (N, C, h, w).
    """
    count = len(edits)
    latents = source.start.repeat(1 + count, 1, 1, 1)
    inputs = [row for row in range(1 + count) for _ in range(2)]
    scales = [source.guidance_scale, *guidance_scale]
    blend = _Blend(edits)
    total = len(scheduler.timesteps)
    for step, timestep in enumerate(scheduler.timesteps):
        pause()
        empty = source.empty[step].expand(1 + count, -1, -1)
        states = torch.stack([empty, torch.cat([source.text, texts])], 1).flatten(0, 1)
        hook = PromptAttention(edits, step, total)
        predicted = denoiser.predict(
            latents, timestep, Conditioning(inputs, states), attention=hook
        )
        made = scheduler.step(guided(predicted, scales), timestep, latents)
        latents = blend(step, total, hook.cross_maps, made.prev_sample)
        latents[:1] = source.after(step, latents[:1])
        on_denoised(step + 1, total, made.pred_original_sample[1:])
    return latents[:1], latents[1:]


class _Blend:
    """Keeps the source outside of what the chosen words attend to (section 3.2, local editing)."""

    def __init__(self, edits: Sequence[WordEdit]) -> None:
        self._edits = edits
        self._sums: dict[str, Tensor] = {}

    def __call__(
        self, step: int, total: int, maps: Mapping[str, Tensor], latents: Tensor
    ) -> Tensor:
        """The latents of source and edits, (1 + N, C, h, w), edits put back where they must."""
        if not any(all(edit.blended) for edit in self._edits):
            return latents
        for name, found in maps.items():
            self._sums[name] = self._sums[name] + found if name in self._sums else found
        height, width = latents.shape[-2:]
        seen = _maps_for_blending(self._sums, height, width)
        made = latents.clone()
        for row, edit in enumerate(self._edits, 1):
            if not all(edit.blended) or step < int(edit.blend_from * total):
                continue
            mask = _mask(seen[0], edit.blended[0], latents) | _mask(
                seen[row], edit.blended[1], latents
            )
            made[row] = torch.where(mask, latents[row], latents[0])
        return made


def _maps_for_blending(sums: Mapping[str, Tensor], height: int, width: int) -> Tensor:
    """(1 + N, h', w', context): the average of the layers of the finest maps that are allowed."""
    layers: dict[int, list[Tensor]] = {}
    for found in sums.values():
        layers.setdefault(found.shape[1], []).append(found)
    most = _BLEND_SIDE * _BLEND_SIDE
    queries = max((q for q in layers if q <= most), default=min(layers))
    down = round((height * width / queries) ** 0.5)
    average = torch.stack(layers[queries]).mean(0)
    return average.view(len(average), height // down, width // down, -1)


def _mask(maps: Tensor, tokens: Sequence[int], latents: Tensor) -> Tensor:
    """(h, w) bool: where some tokens of one row are attended to, at the size of the latents."""
    attended = maps[..., list(tokens)].sum(-1)[None, None]
    spread = functional.max_pool2d(attended, 3, 1, 1)
    large = functional.interpolate(spread, size=latents.shape[-2:])[0, 0]
    return large / large.max().clamp(min=float(np.finfo(np.float32).tiny)) > _BLEND_BAR
