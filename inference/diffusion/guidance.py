from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from inference.diffusion.attention_control import AttentionHook
from inference.diffusion.denoiser import Conditioning, Denoiser


class Guidance(Protocol):
    """Predicts what the scheduler subtracts, from scaled noisy latents (N, C, h, w)."""

    def __call__(
        self,
        noisy: Tensor,
        timestep: Tensor,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """The guided prediction, of the same shape.

        `attention` and `grad` are passed on to `Denoiser.predict`. There the rows of each latents
        are neighbours, in the order that the guidance gives for its branches.
        """
        ...


class ThreeBranch:
    """InstructPix2Pix's guidance by picture and text (Brooks et al. 2023, eq. 3).

    ε(∅,∅) + s_I·(ε(I,∅) − ε(∅,∅)) + s_T·(ε(I,T) − ε(I,∅)); scales are per row. A branch whose
    factor in that sum is zero is not computed: ε(∅,∅) at s_I = 1, ε(I,∅) at s_I = s_T, ε(I,T) at
    s_T = 0. Branches are in the order (I,T), (I,∅), (∅,∅).
    """

    def __init__(
        self,
        denoiser: Denoiser,
        states: Tensor,
        empty: Tensor,
        image: Tensor,
        guidance_scale: Sequence[float],
        image_guidance_scale: Sequence[float],
    ) -> None:
        """Prepare.

        Args:
            denoiser: takes the source's latents beside the noisy ones, along channels.
            states: of the instructions, (N, context, D).
            empty: of the empty text or of negative prompts, (1 or N, context, D).
            image: unscaled mode of the source, (1, 4, h, w), shared by all rows.
            guidance_scale: s_T of each row.
            image_guidance_scale: s_I of each row.
        """
        rows = len(states)
        self._denoiser = denoiser
        self._text = _column(guidance_scale, image)
        self._image = _column(image_guidance_scale, image)
        unneeded = [
            all(s == 0 for s in guidance_scale),
            all(s == i for s, i in zip(guidance_scale, image_guidance_scale, strict=True)),
            all(i == 1 for i in image_guidance_scale),
        ]
        shown = image.to(states.dtype).expand(rows, -1, -1, -1)
        self._used = [not unused for unused in unneeded]
        text, picture, neither = self._used
        # All factors zero cannot be: they add up to one.
        self._shown = [shown] * (text or picture) + [torch.zeros_like(shown)] * neither
        silent = empty.expand(rows, -1, -1)
        first = rows * (len(self._shown) - 1)  # of the inputs without a picture
        inputs = zip(
            *([range(rows)] * (text + picture) + [range(first, first + rows)] * neither),
            strict=True,
        )
        branch_states = torch.stack([states] * text + [silent] * (picture + neither), 1)
        self._conditioning = Conditioning(
            [number for each in inputs for number in each], branch_states.flatten(0, 1)
        )

    def __call__(
        self,
        noisy: Tensor,
        timestep: Tensor,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """See `Guidance`."""
        inputs = torch.cat([torch.cat([noisy, shown], 1) for shown in self._shown])
        made = self._denoiser.predict(
            inputs, timestep, self._conditioning, attention=attention, grad=grad
        )
        parts = iter(made.view(len(noisy), -1, *made.shape[1:]).unbind(1))
        text, image, neither = (
            next(parts) if used else torch.zeros_like(noisy) for used in self._used
        )
        # In the order the stock pipeline adds them up.
        return neither + self._text * (text - image) + self._image * (image - neither)


class ClassifierFree:
    """Guidance by text (Ho & Salimans 2022): ε(∅) + s·(ε(T) − ε(∅)); scales are per row.

    At s = 1 the empty branch is not computed. Branches are in the order ∅, T.
    """

    def __init__(
        self,
        denoiser: Denoiser,
        states: Tensor,
        empty: Tensor,
        guidance_scale: Sequence[float],
        *,
        embedded: bool = False,
    ) -> None:
        """Prepare.

        Args:
            denoiser: predicts.
            states: of the texts, (N, context, D).
            empty: of the negative prompts, (N, context, D).
            guidance_scale: s of each row.
            embedded: the network was distilled to be given s, and needs no empty branch.
        """
        self._denoiser = denoiser
        self._plain = embedded or all(scale == 1 for scale in guidance_scale)
        self._scale = _column(guidance_scale, states)
        branches = [states] if self._plain else [empty, states]
        inputs = [number for number in range(len(states)) for _ in branches]
        given = torch.tensor(guidance_scale, device=states.device) if embedded else None
        self._conditioning = Conditioning(inputs, torch.stack(branches, 1).flatten(0, 1), given)

    def __call__(
        self,
        noisy: Tensor,
        timestep: Tensor,
        *,
        attention: AttentionHook | None = None,
        grad: bool = False,
    ) -> Tensor:
        """See `Guidance`."""
        made = self._denoiser.predict(
            noisy, timestep, self._conditioning, attention=attention, grad=grad
        )
        if self._plain:
            return made
        neither, text = made.view(-1, 2, *made.shape[1:]).unbind(1)
        return neither + self._scale * (text - neither)


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    """(N, 1, 1, 1) on the device of `like`."""
    return torch.tensor(values, device=like.device, dtype=torch.float32).view(-1, 1, 1, 1)
