"""Both pictures of a pair, drawn together: the picture stage of InstructPix2Pix's data.

Euler ancestral on Stable Diffusion's noise levels. The two pictures begin with the same noise and
get the same fresh noise at every step; while i / (n − 1) < p at step i of n, the target shares the
source's self-attention (Brooks et al. 2023, section 3.1.2, and its published code).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from editor.model.image import Image, Pixels
from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.diffusion.latents import decode_latents
from inference.diffusion.text import text_states
from inference.lab.editing_pairs.shared_attention import SharedSelfAttention
from inference.models.loaded import LoadedDiffusion

_LATENTS_AT_ONCE: Final = 24 * 32 * 32
"""Latent pixels of all rows of a batch; maps of attention are their square."""

_ROWS: Final = 4
"""Of a pair: source and target, each without text and with it."""

Predict = Callable[[Tensor, Tensor, Tensor], Tensor]
"""From scaled latents (2 · pairs, C, h, w), timestep and shares (pairs,) bool to the guided
prediction, of the latents' shape."""


@dataclass(frozen=True)
class DrawnRanges:
    """What is drawn for each seed, evenly: the share of steps with shared attention, guidance."""

    least_share: float = 0.1
    most_share: float = 0.9
    least_guidance: float = 7.5
    most_guidance: float = 15.0


@dataclass(frozen=True)
class PairSeed:
    """All that is random of a pair.

    Attributes:
        seed: of noise, share and guidance.
        share: of the steps whose self-attention is shared, p.
        guidance: scale of classifier-free guidance.
        noise: (1, C, h, w), what both pictures begin with.
        rows: generators of source and target, in the same state: both get the same fresh noise.
    """

    seed: int
    share: float
    guidance: float
    noise: Tensor
    rows: tuple[torch.Generator, torch.Generator]

    @classmethod
    def drawn(cls, seed: int, shape: Sequence[int], ranges: DrawnRanges) -> PairSeed:
        """From a generator of its own, in the published order: noise, share, guidance.

        Args:
            seed: 0 to 2³² − 1.
            shape: of the latents, (C, h, w).
            ranges: of share and guidance.
        """
        first, second = (torch.Generator().manual_seed(seed) for _ in range(2))
        noise = torch.randn((1, *shape), generator=first)
        share, guidance = (float(torch.rand((), generator=first)) for _ in range(2))
        second.set_state(first.get_state())
        return cls(
            seed,
            ranges.least_share + share * (ranges.most_share - ranges.least_share),
            ranges.least_guidance + guidance * (ranges.most_guidance - ranges.least_guidance),
            noise,
            (first, second),
        )


@dataclass(frozen=True)
class DrawnPair:
    """A pair of pictures, and what was drawn for it."""

    seed: int
    share: float
    guidance: float
    source: Pixels
    target: Pixels

    @property
    def images(self) -> tuple[Image, Image]:
        """Source and target."""
        return Image.from_array(self.source), Image.from_array(self.target)


def ancestral_scheduler(model: LoadedDiffusion, steps: int) -> Any:
    """Euler ancestral on the model's noise levels, evenly spaced from the last to the first."""
    from diffusers import EulerAncestralDiscreteScheduler

    names = (
        "num_train_timesteps",
        "beta_start",
        "beta_end",
        "beta_schedule",
        "prediction_type",
        "rescale_betas_zero_snr",
    )
    config = {
        name: model.scheduler_config[name] for name in names if name in model.scheduler_config
    }
    scheduler = EulerAncestralDiscreteScheduler(**config, timestep_spacing="linspace")
    scheduler.set_timesteps(steps, device=model.device)
    return scheduler


def denoise_pairs(scheduler: Any, predict: Predict, seeds: Sequence[PairSeed]) -> Tensor:
    """The finished latents, (2 · pairs, C, h, w): source and target of each pair in turn.

    Args:
        scheduler: `EulerAncestralDiscreteScheduler` with its timesteps set.
        predict: the guided prediction.
        seeds: of the pairs.
    """
    device, last = scheduler.timesteps.device, len(scheduler.timesteps) - 1
    rows = [generator for one in seeds for generator in one.rows]
    begun = torch.cat([one.noise for one in seeds]).repeat_interleave(2, 0)
    latents: Tensor = begun.to(device) * scheduler.init_noise_sigma
    for i, timestep in enumerate(scheduler.timesteps):
        shares = torch.tensor([one.share > i / max(1, last) for one in seeds], device=device)
        scaled = scheduler.scale_model_input(latents, timestep)
        predicted = predict(scaled, timestep, shares)
        latents = scheduler.step(predicted, timestep, latents, rows, return_dict=False)[0]
    return latents


def draw_pairs(
    model: LoadedDiffusion,
    captions: tuple[str, str],
    seeds: Sequence[int],
    steps: int,
    ranges: DrawnRanges,
) -> Iterator[DrawnPair]:
    """A pair of pictures for each seed, of the side that the model was made for.

    Args:
        model: text to image.
        captions: of source and target.
        seeds: one for each pair; a pair does not depend on which others are drawn, up to rounding.
        steps: of the sampler.
        ranges: what is drawn for each seed.
    """
    side = model.side // model.factor
    shape = (int(model.vae.config.latent_channels), side, side)
    at_once = max(1, _LATENTS_AT_ONCE // (_ROWS * side * side))
    for start in range(0, len(seeds), at_once):
        drawn = [PairSeed.drawn(seed, shape, ranges) for seed in seeds[start : start + at_once]]
        with torch.inference_mode():
            latents = denoise_pairs(
                ancestral_scheduler(model, steps), _Guided(model, captions, drawn), drawn
            )
            pictures = decode_latents(model, latents.to(model.dtype))
        pixels = (pictures * 255).round().astype(np.uint8)
        for one, source, target in zip(drawn, pixels[::2], pixels[1::2], strict=True):
            yield DrawnPair(one.seed, one.share, one.guidance, source, target)


class _Guided:
    """A `Predict` by classifier-free guidance (Ho & Salimans 2022), each pair with its scale."""

    def __init__(
        self, model: LoadedDiffusion, captions: tuple[str, str], seeds: Sequence[PairSeed]
    ) -> None:
        nothing, before, after = text_states(model, ["", *captions])
        states = torch.stack([nothing, before, nothing, after] * len(seeds))
        inputs = [row // 2 for row in range(_ROWS * len(seeds))]
        self._conditioning = Conditioning(inputs, states)
        self._denoiser = UNetDenoiser(model)
        scales = [one.guidance for one in seeds]
        self._scales = torch.tensor(scales, device=model.device).repeat_interleave(2)
        self._dtype = model.dtype

    def __call__(self, scaled: Tensor, timestep: Tensor, shares: Tensor) -> Tensor:
        attention = SharedSelfAttention(shares) if bool(shares.any()) else None
        predicted = self._denoiser.predict(
            scaled.to(self._dtype), timestep, self._conditioning, attention=attention
        )
        without, with_text = predicted.float()[::2], predicted.float()[1::2]
        guided: Tensor = without + self._scales[:, None, None, None] * (with_text - without)
        return guided
