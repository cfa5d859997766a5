"""Keeps the noise of an inversion like noise that was drawn (pix2pix-zero; Parmar et al. 2023)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional

DrawShift = Callable[[int], int]
"""A shift for maps of a side."""

_SMALLEST_SIDE = 8
_TINY = 1e-7


def autocorrelation_gradient(noise: Tensor, shift: DrawShift) -> Tensor:
    """The gradient of how much noise repeats itself (section 3.2 of the paper, equation 3).

    The measure is the sum, over channels and over halved sizes down to 8, of the squared mean
    product of the noise and itself moved along rows, and along columns. Its gradient is known in
    closed form: autograd takes twenty times as long for so many small maps.

    Args:
        noise: (1, C, h, w).
        shift: drawn for each channel and size, in this order.

    Returns:
        Of the shape of `noise`.
    """
    levels = list(_halved(noise[0]))
    amounts = torch.tensor(
        [[shift(level.shape[1]) for level in levels] for _ in range(noise.shape[1])],
        device=noise.device,
    )
    gradient = _level_gradient(levels[-1], amounts[:, -1])
    for number in range(len(levels) - 2, -1, -1):
        own = _level_gradient(levels[number], amounts[:, number])
        gradient = own + _pooled_back(gradient, *levels[number].shape[1:])
    return gradient[None]


def divergence_gradient(noise: Tensor) -> Tensor:
    """The gradient of how far mean and variance of noise are from 0 and 1.

    The measure of the authors' code: σ² + μ² − 1 − ln(σ² + 10⁻⁷) over the whole tensor, with the
    unbiased variance; twice the Kullback-Leibler divergence of a Gaussian.
    """
    count = noise.numel()
    variance, mean = torch.var_mean(noise)
    by_variance = (1 - 1 / (variance + _TINY)) * 2 / (count - 1)
    return by_variance * (noise - mean) + 2 * mean / count


@dataclass(frozen=True)
class NoiseRegulariser:
    """Gradient steps on a predicted noise that lower both measures above.

    Attributes:
        rounds: each lowers the autocorrelation `rolls` times and then the divergence.
        rolls: see above.
        autocorrelation_weight, divergence_weight: sizes of the steps.
        smallest_shift: of the autocorrelation. The authors' code draws from 1; diffusers draws
            from 0, which compares noise with itself.
    """

    rounds: int = 5
    rolls: int = 5
    autocorrelation_weight: float = 20.0
    divergence_weight: float = 20.0
    smallest_shift: int = 1

    def __call__(self, epsilon: Tensor, generator: torch.Generator) -> Tensor:
        """The noise, moved.

        Args:
            epsilon: predicted noise, (1, C, h, w).
            generator: draws the shifts, on the CPU.

        Raises:
            ValueError: more than one row: the measures hold for one picture.
        """
        if len(epsilon) != 1:
            raise ValueError("the noise of one picture is regularised at a time")

        def shift(side: int) -> int:
            high = max(side // 2, self.smallest_shift + 1)
            return int(torch.randint(self.smallest_shift, high, (1,), generator=generator))

        moved = epsilon.to(torch.promote_types(epsilon.dtype, torch.float32))
        for _ in range(self.rounds):
            if self.autocorrelation_weight:
                for _ in range(self.rolls):
                    step = self.autocorrelation_weight / self.rolls
                    moved = moved - step * autocorrelation_gradient(moved, shift)
            if self.divergence_weight:
                moved = moved - self.divergence_weight * divergence_gradient(moved)
        return moved.to(epsilon.dtype)


def _halved(level: Tensor) -> Iterator[Tensor]:
    """(C, h, w) at full size, then at half of the size before, until h is at most 8."""
    yield level
    while level.shape[1] > _SMALLEST_SIDE:
        level = functional.avg_pool2d(level[None], 2)[0]
        yield level


def _level_gradient(level: Tensor, amounts: Tensor) -> Tensor:
    """Of one size: for each channel m² along both axes, m the mean product with the moved self."""
    channels, height, width = level.shape
    own = level.reshape(channels, 1, height * width)
    places = _moved_places(height, width, level.device)[amounts]
    back, forth = own.expand(-1, 4, -1).gather(2, places).chunk(2, 1)  # (C, 2, h·w), both axes
    mean = (own * back).mean(2, keepdim=True)
    gradient = (mean * (back + forth)).sum(1) * (2 / (height * width))
    return gradient.view_as(level)


@lru_cache(maxsize=16)
def _moved_places(height: int, width: int, device: torch.device) -> Tensor:
    """Where each pixel comes from, (shifts, 4, h·w), for every shift that can be drawn.

    Moved back along rows and along columns, then forth along rows and along columns.
    """
    places = torch.arange(height * width, device=device).view(height, width)
    return torch.stack(
        [
            torch.stack([places.roll(sign * shift, axis) for sign in (1, -1) for axis in (0, 1)])
            for shift in range(max(2, height // 2))
        ]
    ).flatten(2)


def _pooled_back(gradient: Tensor, height: int, width: int) -> Tensor:
    """What `avg_pool2d(…, 2)` hands back to a level of this size."""
    channels, high, wide = gradient.shape
    quarter = (gradient / 4)[:, :, None, :, None].expand(channels, high, 2, wide, 2)
    whole = quarter.reshape(channels, 2 * high, 2 * wide)
    if whole.shape[1:] == (height, width):
        return whole
    return functional.pad(whole, (0, width - 2 * wide, 0, height - 2 * high))
