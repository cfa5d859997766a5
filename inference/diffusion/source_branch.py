"""The way back from noise to a picture, which edits by captions are drawn beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from editor.model.prompt_edit.prompt_tokens import key_of
from inference.diffusion.denoiser import Conditioning, Denoiser
from inference.diffusion.inversion import Trajectory, invert
from inference.diffusion.noise_regularisation import NoiseRegulariser
from inference.diffusion.null_text import null_text

DDIM, REGULARISED, NEGATIVE_PROMPT, NULL_TEXT, DIRECT = STRATEGIES = (
    "ddim", "regularised", "negative-prompt", "null-text", "direct",
)  # fmt: skip
"""How a picture is inverted and drawn again.

- ddim: plain (Song et al. 2021); guidance above 1 leads away from the picture.
- regularised: with noise kept like noise; pix2pix-zero (Parmar et al. 2023) has the caption in the
  place of the empty text.
- negative-prompt: the caption in the place of the empty text (Miyake et al. 2023), where guidance
  leads nowhere and the picture comes back at no cost.
- null-text: the empty text is fitted at each step so that guidance comes back (Mokady et al. 2023).
- direct: the source is put back on its trajectory at each step (PnP inversion; Ju et al. 2024):
  exact, and edits keep their own way.
"""

GUIDANCE_MATTERS: Final = (DDIM, NULL_TEXT)
"""Strategies whose source branch depends on the scale of guidance."""

NOT_BY_AUTHORS: Final = (NULL_TEXT, DIRECT)
"""Strategies that need an inversion which can be drawn back along; that of the authors cannot."""


def fitting_strategy(before: str, after: str) -> str:
    """The strategy for an edit of a caption, by what `evaluate inversions` found.

    `DIRECT` brings the picture back best and costs no more than the others. Where words are only
    taken away, maps held near a source that comes back exactly hold the thing too: there plain
    `DDIM` inversion did what was asked in 7 of 10 edits, and the others in none
    (docs/starter-models.md, "Inversions").

    Args:
        before: the caption of the picture.
        after: that of the edit.
    """
    old, new = key_of(before), key_of(after)
    left = iter(old)
    only_less = len(new) < len(old) and all(word in left for word in new)
    return DDIM if only_less else DIRECT


@dataclass(frozen=True, eq=False)
class SourceBranch:
    """A picture's way from noise, step by step beside its edits.

    Attributes:
        trajectory: of the inversion.
        text: states of the caption, (1, context, D).
        empty: states in the place of the empty text, one of (1, context, D) for each step, the
            noisiest first.
        guidance_scale: that it is drawn again with.
        exact: put back on the trajectory after each step.
    """

    trajectory: Trajectory
    text: Tensor
    empty: Sequence[Tensor]
    guidance_scale: float
    exact: bool

    @property
    def start(self) -> Tensor:
        """The noisiest latents, (1, C, h, w)."""
        return self.trajectory.latents[-1]

    def after(self, step: int, drawn: Tensor) -> Tensor:
        """The latents after a step, counted from 0 at the noisiest, (1, C, h, w)."""
        return self.trajectory.latents[-2 - step] if self.exact else drawn


def invert_source(
    strategy: str,
    scheduler: Any,
    denoiser: Denoiser,
    latents: Tensor,
    text: Tensor,
    empty: Tensor,
    guidance_scale: float,
    num_inference_steps: int,
    *,
    as_authors: bool = False,
    seed: int = 0,
    pause: Callable[[], None] = lambda: None,
    on_step: Callable[[int, int], None] = lambda number, total: None,
) -> SourceBranch:
    """Invert a picture with one of the strategies.

    Args:
        strategy: one of `STRATEGIES`.
        scheduler: from `ddim_scheduler`.
        denoiser: of a text-to-image model.
        latents: of the picture, (1, C, h, w), scaled.
        text: states of its caption, (1, context, D).
        empty: states of what guidance leads away from: the empty text, what to avoid, or the
            caption itself; (1, context, D).
        guidance_scale: that it will be drawn again with.
        num_inference_steps: steps of the inversion and of drawing.
        as_authors: invert as the code of pix2pix-zero does (see `invert`); not for what puts the
            source back on its trajectory.
        seed: of the regulariser.
        pause: called before each prediction; may raise to cancel.
        on_step: called after each step of the inversion with its number and how many there are.

    Raises:
        ValueError: the strategy is unknown, or cannot go with `as_authors`.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown inversion {strategy}")
    if as_authors and strategy in NOT_BY_AUTHORS:
        raise ValueError(f"the authors' inversion has no {strategy}")

    def captioned(noisy: Tensor, timestep: Tensor, **access: Any) -> Tensor:
        return denoiser.predict(noisy, timestep, conditioning, **access)

    conditioning = Conditioning([0], text)
    trajectory = invert(
        scheduler,
        captioned,
        latents,
        num_inference_steps,
        regulariser=NoiseRegulariser() if strategy == REGULARISED else None,
        as_authors=as_authors,
        seed=seed,
        pause=pause,
        on_step=on_step,
    )
    if strategy == NULL_TEXT:
        fitted = null_text(scheduler, denoiser, trajectory, text, empty, guidance_scale, pause)
    else:
        fitted = [empty] * num_inference_steps
    return SourceBranch(trajectory, text, fitted, guidance_scale, strategy == DIRECT)


def guided(predicted: Tensor, scales: Sequence[float]) -> Tensor:
    """Guidance by text over neighbouring rows (empty, text): (2·N, …) to (N, …)."""
    empty, text = predicted.view(-1, 2, *predicted.shape[1:]).unbind(1)
    column = torch.tensor(scales, device=predicted.device, dtype=predicted.dtype)
    return empty + column.view(-1, 1, 1, 1) * (text - empty)
