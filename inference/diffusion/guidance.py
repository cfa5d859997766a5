from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from inference.models_loaded import LoadedDiffusion

_CPU_LATENTS = 24 * 32 * 32
"""Latent pixels that a CPU computes at a time; more gains nothing and costs memory."""

_LARGE = 100_000_000
_LARGE_CPU_LATENTS = 64 * 64
"""The same for a UNet of so many numbers: one layer of one row takes a third of a second there,
and a cancel waits for a layer."""

_ROWS_A_THREAD = 3


class Guidance(Protocol):
    """Predicts what the scheduler subtracts, from scaled noisy latents (N, 4, h, w)."""

    def __call__(self, noisy: Tensor, timestep: Tensor) -> Tensor:
        """The guided prediction, of the same shape."""
        ...


@dataclass
class Network:
    """A UNet that is asked for any number of rows, as many at a time as fit.

    On a CPU the rows are shared out between threads that compute for themselves: small layers
    gain little from two cores at once, and wait for each other where other programs run too.

    Attributes:
        model: the UNet is its.
        pause: called before each part; may raise to cancel.
    """

    model: LoadedDiffusion
    pause: Callable[[], None] = lambda: None
    _at_once: int = field(default=0, init=False)

    def __call__(self, noisy: Tensor, timestep: Tensor, states: Tensor) -> Tensor:
        """Predictions for (N, C, h, w) noisy latents under (N, context, D) text states."""
        rows = len(noisy)
        if not self._at_once:
            self._at_once = rows
            if noisy.device.type == "cpu":
                large = self.model.found.elements >= _LARGE
                latents = _LARGE_CPU_LATENTS if large else _CPU_LATENTS
                self._at_once = max(1, latents // (noisy.shape[-1] * noisy.shape[-2]))
        made: list[Tensor] = []
        done = 0
        while done < rows:
            self.pause()
            part = slice(done, min(rows, done + self._at_once))
            try:
                made.append(self._part(noisy[part], timestep, states[part]))
            except torch.OutOfMemoryError:
                if self._at_once == 1:
                    raise
                self._at_once = -(-min(self._at_once, rows) // 2)
                torch.cuda.empty_cache()
                continue
            done = part.stop
        return torch.cat(made) if len(made) > 1 else made[0]

    def _part(self, noisy: Tensor, timestep: Tensor, states: Tensor) -> Tensor:
        threads = torch.get_num_threads()
        if noisy.device.type != "cpu" or threads == 1 or len(noisy) < _ROWS_A_THREAD * threads:
            return self._predict(noisy, timestep, states)
        pairs = zip(noisy.chunk(threads), states.chunk(threads), strict=True)
        with ThreadPoolExecutor(threads, initializer=_alone) as pool:
            tasks = [pool.submit(self._predict, x, timestep, c) for x, c in pairs]
        torch.set_num_threads(threads)  # what new threads begin with was changed by `_alone`
        return torch.cat([task.result() for task in tasks])

    def _predict(self, noisy: Tensor, timestep: Tensor, states: Tensor) -> Tensor:
        with torch.inference_mode():  # counts for each thread on its own
            predicted: Tensor = self.model.unet(
                noisy, timestep, encoder_hidden_states=states, return_dict=False
            )[0]
            return predicted


def _alone() -> None:
    """Have torch compute on this thread only."""
    torch.set_num_threads(1)


class ThreeBranch:
    """InstructPix2Pix's guidance by picture and text (Brooks et al. 2023, eq. 3).

    ε(∅,∅) + s_I·(ε(I,∅) − ε(∅,∅)) + s_T·(ε(I,T) − ε(I,∅)); scales are per row. A branch whose
    factor in that sum is zero is not computed: ε(∅,∅) at s_I = 1, ε(I,∅) at s_I = s_T, ε(I,T) at
    s_T = 0.
    """

    def __init__(
        self,
        network: Network,
        states: Tensor,
        empty: Tensor,
        image: Tensor,
        guidance_scale: Sequence[float],
        image_guidance_scale: Sequence[float],
    ) -> None:
        """Prepare.

        Args:
            network: with 8 input channels.
            states: of the instructions, (N, context, D).
            empty: of the empty text, (1, context, D).
            image: unscaled mode of the source, (1, 4, h, w), shared by all rows.
            guidance_scale: s_T of each row.
            image_guidance_scale: s_I of each row.
        """
        rows = len(states)
        self._network = network
        self._text = _column(guidance_scale, image)
        self._image = _column(image_guidance_scale, image)
        unneeded = [
            all(s == 0 for s in guidance_scale),
            all(s == i for s, i in zip(guidance_scale, image_guidance_scale, strict=True)),
            all(i == 1 for i in image_guidance_scale),
        ]
        shown = image.to(states.dtype).expand(rows, -1, -1, -1)
        silent = empty.expand(rows, -1, -1)
        branches = [(shown, states), (shown, silent), (torch.zeros_like(shown), silent)]
        self._used = [not unused for unused in unneeded]
        needed = [branch for branch, used in zip(branches, self._used, strict=True) if used]
        # All factors zero cannot be: they add up to one.
        self._sources = torch.cat([branch[0] for branch in needed])
        self._states = torch.cat([branch[1] for branch in needed])

    def __call__(self, noisy: Tensor, timestep: Tensor) -> Tensor:
        """See `Guidance`."""
        repeated = noisy.repeat(sum(self._used), 1, 1, 1)
        made = self._network(torch.cat([repeated, self._sources], 1), timestep, self._states)
        parts = iter(made.chunk(sum(self._used)))
        text, image, neither = (
            next(parts) if used else torch.zeros_like(noisy) for used in self._used
        )
        # In the order the stock pipeline adds them up.
        return neither + self._text * (text - image) + self._image * (image - neither)


class ClassifierFree:
    """Guidance by text (Ho & Salimans 2022): ε(∅) + s·(ε(T) − ε(∅)); scales are per row.

    At s = 1 the empty branch falls away.
    """

    def __init__(
        self, network: Network, states: Tensor, empty: Tensor, guidance_scale: Sequence[float]
    ) -> None:
        """Prepare; `states` and `empty` both (N, context, D), the latter of negative prompts."""
        self._network = network
        self._plain = all(scale == 1 for scale in guidance_scale)
        self._scale = _column(guidance_scale, states)
        self._states = states if self._plain else torch.cat([empty, states])

    def __call__(self, noisy: Tensor, timestep: Tensor) -> Tensor:
        """See `Guidance`."""
        if self._plain:
            return self._network(noisy, timestep, self._states)
        made = self._network(noisy.repeat(2, 1, 1, 1), timestep, self._states)
        neither, text = made.chunk(2)
        return neither + self._scale * (text - neither)


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    """(N, 1, 1, 1) on the device of `like`."""
    return torch.tensor(values, device=like.device, dtype=torch.float32).view(-1, 1, 1, 1)
