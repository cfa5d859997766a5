"""Layers of a UNet for a CPU: the channels of a pixel lie together, nothing is kept for training.

Pictures are (N, C, h, w) in channels-last memory everywhere here, so that a pixel's channels are
a row of a matrix and attention needs no copies.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


class Convolution:
    """`torch.nn.Conv2d` with its weights laid out for channels-last pictures."""

    def __init__(self, module: Any) -> None:
        """Take the weights of a `Conv2d`; they must not change afterwards."""
        self._weight = module.weight.detach().contiguous(memory_format=torch.channels_last)
        self.bias = module.bias.detach()
        self._stride, self._padding = module.stride, module.padding

    def __call__(self, pixels: Tensor, bias: Tensor | None = None) -> Tensor:
        """(N, C, h, w) to (N, C', h', w'), with another bias (C',) if one is given."""
        own = self.bias if bias is None else bias
        made = functional.conv2d(pixels, self._weight, own, self._stride, self._padding)
        # NNPACK, which torch uses where there is no oneDNN, returns another layout.
        return made.contiguous(memory_format=torch.channels_last)


class Linear:
    """A `Linear`, or a `Conv2d` with a kernel of one pixel, on tokens (N, L, C)."""

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        """Take the weights, (C', C) or (C', C, 1, 1), and the bias (C',)."""
        self._weight = weight.detach().flatten(1)
        self.bias = None if bias is None else bias.detach()

    def __call__(self, tokens: Tensor) -> Tensor:
        """(N, L, C) to (N, L, C')."""
        return functional.linear(tokens, self._weight, self.bias)

    def add_to(self, sums: Tensor, tokens: Tensor) -> Tensor:
        """Add the product of tokens (N, L, C), without the bias, to `sums` (N, L, C') in place.

        A layer whose result is added to another tensor needs no memory of its own.
        """
        rows = sums.view(-1, sums.shape[-1])
        rows.addmm_(tokens.reshape(-1, tokens.shape[-1]), self._weight.t())
        return sums


def as_tokens(pixels: Tensor) -> Tensor:
    """(N, C, h, w) as (N, h·w, C); the same memory.

    Raises:
        RuntimeError: the picture is not channels-last, so the sum would go into a copy.
    """
    count, channels, height, width = pixels.shape
    return pixels.permute(0, 2, 3, 1).view(count, height * width, channels)


class Upsample:
    """Nearest-neighbour doubling, then a 3 × 3 convolution, at four ninths of the work.

    Two of the kernel's three rows always read the same small row, so each of the four new pixels
    depends on 2 × 2 small ones only. Their four summed kernels form one convolution, whose result
    is interleaved.
    """

    def __init__(self, module: Any) -> None:
        """Take the weights of the `Conv2d` (3 × 3, padding 1) that follows the doubling."""
        weight = module.weight.detach()
        self._channels = len(weight)
        self._bias = module.bias.detach().repeat(4)
        kernels = [_small_kernel(weight, down, right) for down in (0, 1) for right in (0, 1)]
        self._weight = torch.cat(kernels).contiguous(memory_format=torch.channels_last)

    def __call__(self, pixels: Tensor) -> Tensor:
        """(N, C, h, w) to (N, C', 2h, 2w)."""
        count, _, height, width = pixels.shape
        made = functional.conv2d(pixels, self._weight, self._bias, padding=1)
        large = torch.empty(
            (count, self._channels, 2 * height, 2 * width),
            dtype=pixels.dtype,
            memory_format=torch.channels_last,
        )
        for number, part in enumerate(made.chunk(4, 1)):
            down, right = divmod(number, 2)
            shifted = part[..., down : down + height, right : right + width]
            large[..., down::2, right::2] = shifted
        return large


def _small_kernel(weight: Tensor, down: int, right: int) -> Tensor:
    """(C', C, 2, 2): the kernel of one of the four new pixels over the small ones."""
    kernel = torch.zeros((*weight.shape[:2], 2, 2), dtype=torch.float64)
    for row in range(3):
        for column in range(3):
            # Index of the small pixel, counted from the first one that this new pixel reads.
            above, before = (down + row - 1) // 2 + 1 - down, (right + column - 1) // 2 + 1 - right
            kernel[..., above, before] += weight[..., row, column].double()
    return kernel.to(weight.dtype)


class GroupNorm:
    """`torch.nn.GroupNorm`, optionally followed by SiLU."""

    def __init__(self, module: Any) -> None:
        """Take the weights of a `GroupNorm`."""
        self._groups, self._eps = module.num_groups, module.eps
        self._weight, self._bias = module.weight.detach(), module.bias.detach()

    def __call__(self, pixels: Tensor) -> Tensor:
        """(N, C, h, w), normalised."""
        made = functional.group_norm(pixels, self._groups, self._weight, self._bias, self._eps)
        return made.contiguous(memory_format=torch.channels_last)

    def silu(self, pixels: Tensor) -> Tensor:
        """(N, C, h, w), normalised and through SiLU."""
        return functional.silu(self(pixels), inplace=True)
