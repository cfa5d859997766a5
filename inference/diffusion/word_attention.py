"""Where in a picture a model sees each word of a caption (after DAAM; Tang et al. 2023, eq. 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from editor.model.image import Image
from inference.diffusion.attention_control import AttentionLayer
from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.diffusion.framing import Framing, frame, work_picture
from inference.diffusion.inversion import ddim_scheduler
from inference.diffusion.latents import encode_picture, generators, start_noise
from inference.diffusion.prompt_words import PromptWords, prompt_words
from inference.diffusion.text import text_states
from inference.models.loaded import LoadedDiffusion
from inference.request.cancel import CancelCheck

_NOISE = (0.3, 0.5, 0.7)
"""Shares of the noise schedule at which the model is asked: early steps place things, late ones
only refine them."""


@dataclass(frozen=True, eq=False)
class WordMaps:
    """Attention of the words of a caption.

    Attributes:
        words: as written, separated by blanks.
        maps: (N, h, w) `uint8`, one per word at the size of the latents: 255 where the word is
            attended to most; all 0 for words behind the encoder's context.
        place: left, top, width and height of the maps in pixels of the source; the model's padding
            reaches beyond the picture.
    """

    words: tuple[str, ...]
    maps: NDArray[np.uint8]
    place: tuple[float, float, float, float]


def word_attention(
    model: LoadedDiffusion, source: Image, caption: str, pause: CancelCheck
) -> WordMaps:
    """The cross-attention of each word, over all layers and heads and three amounts of noise.

    Nothing is inverted or drawn: the network sees the picture's own latents under each amount of
    noise once, which is less work than three steps of one branch.

    Args:
        model: a text-to-image model.
        source: the picture.
        caption: what is asked about; it need not be true of the picture.
        pause: called before each prediction; may raise to cancel.
    """
    framing = frame(source.bounds, None, model.side, model.multiple)
    with torch.no_grad():
        clean = encode_picture(model, work_picture(source, framing)).mode()
        clean = clean.to(model.dtype) * model.vae.config.scaling_factor
    words, maps = latents_attention(model, clean, framing, caption, pause)
    return WordMaps(words.words, maps, map_place(framing))


def latents_attention(
    model: LoadedDiffusion, clean: Tensor, framing: Framing, caption: str, pause: CancelCheck
) -> tuple[PromptWords, NDArray[np.uint8]]:
    """As `word_attention`, of scaled latents (1, C, h, w): the words of the caption and their maps.

    The maps are (N, h, w), see `WordMaps`.
    """
    words = prompt_words(model.tokenizer, caption)
    with torch.no_grad():
        noise = start_noise(model, generators((0,)), framing.work_size)
        scheduler = ddim_scheduler(model.scheduler_config)
        states = text_states(model, [caption])
        denoiser = UNetDenoiser(model, pause)
        seen = _CrossMaps(clean.shape[-2:])
        for share in _NOISE:
            timestep = torch.tensor(
                round(share * (scheduler.config.num_train_timesteps - 1)), device=clean.device
            )
            noisy = scheduler.add_noise(clean, noise, timestep[None])
            denoiser.attend(noisy, timestep, Conditioning([0], states), seen)
    return words, _maps_of_words(seen.total(), words.places)


@dataclass(eq=False)
class _CrossMaps:
    """The `AttentionHook` that adds up cross-attention at the size of the latents."""

    size: torch.Size
    _sum: Tensor | None = None

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        """See `AttentionHook`; the maps go on as they are."""
        if layer.is_cross:
            height, width = self.size
            own = probabilities.detach().float().mean(0)  # (queries, tokens), over the heads
            down = round((height * width / own.shape[0]) ** 0.5)
            grid = own.T.reshape(1, own.shape[1], -(-height // down), -(-width // down))
            large = functional.interpolate(
                grid, size=(height, width), mode="bilinear", align_corners=False
            )[0]
            self._sum = large if self._sum is None else self._sum + large
        return probabilities

    def total(self) -> NDArray[np.float32]:
        """(tokens, h, w)."""
        assert self._sum is not None
        return self._sum.cpu().numpy()


def _maps_of_words(
    tokens: NDArray[np.float32], places: tuple[tuple[int, ...], ...]
) -> NDArray[np.uint8]:
    """One map per word, from its least attention to its most."""
    found = np.zeros((len(places), *tokens.shape[1:]), np.uint8)
    for number, place in enumerate(places):
        if not place:
            continue
        own = tokens[list(place)].mean(0)
        low, high = float(own.min()), float(own.max())
        if high > low:
            found[number] = np.round((own - low) / (high - low) * 255).astype(np.uint8)
    return found


def map_place(framing: Framing) -> tuple[float, float, float, float]:
    """Left, top, width and height of maps over the whole work picture, in pixels of the source."""
    left, top, _, _ = framing.padding
    width, height = framing.work_size
    return (
        framing.crop.x - left / framing.scale,
        framing.crop.y - top / framing.scale,
        width / framing.scale,
        height / framing.scale,
    )
