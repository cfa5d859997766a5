"""A small UNet on a CPU, its arithmetic arranged for speed and its results those of diffusers.

Only redundant work is left out: enlarged pixels that a kernel reads twice, the text's keys and
values at every step, and rows that are equal until their texts enter.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from inference.diffusion.lean.blocks import KeysAndValues, ResidualBlock, Transformer
from inference.diffusion.lean.layers import Convolution, GroupNorm, Upsample

_OURS = {
    "attention_head_dim",
    "block_out_channels",
    "cross_attention_dim",
    "dropout",
    "flip_sin_to_cos",
    "freq_shift",
    "in_channels",
    "layers_per_block",
    "norm_eps",
    "norm_num_groups",
    "out_channels",
    "sample_size",
    "use_linear_projection",
}
"""What a UNet's config may say; all else must be diffusers' default."""
_BLOCKS = {"CrossAttnDownBlock2D", "CrossAttnUpBlock2D", "DownBlock2D", "UpBlock2D"}


@dataclass
class _Level:
    """One of diffusers' down or up blocks, or the middle one; resized at its end, if at all."""

    residual: list[ResidualBlock]
    attention: list[Transformer]
    resize: Convolution | Upsample | None = None


class LeanUNet:
    """Predictions of a `UNet2DConditionModel` of Stable Diffusion's kind, in float32 on a CPU."""

    def __init__(self, unet: Any) -> None:
        """Take the weights of a UNet that `can_be_lean`; they must not change afterwards."""
        self._time_proj, self._time_embedding = unet.time_proj, unet.time_embedding
        self._first, self._last = Convolution(unet.conv_in), Convolution(unet.conv_out)
        self._norm = GroupNorm(unet.conv_norm_out)
        self._down = [_level(block, "downsamplers", Convolution) for block in unet.down_blocks]
        self._middle = _level(unet.mid_block, "", Convolution)
        self._up = [_level(block, "upsamplers", Upsample) for block in unet.up_blocks]

    def texts(self, states: Tensor) -> list[KeysAndValues]:
        """Keys and values of text states (N, context, D) for every attention, in its order."""
        levels = (*self._down, self._middle, *self._up)
        return [each.texts(states) for level in levels for each in level.attention]

    def __call__(
        self,
        noisy: Tensor,
        timestep: Tensor,
        texts: Sequence[KeysAndValues],
        inputs: Sequence[int],
        pause: Callable[[], None],
    ) -> Tensor:
        """Predict N rows from M inputs.

        Args:
            noisy: scaled latents (M, C, h, w), sides multiples of 2 to the power of the levels
                but one; rows of the same input share what no text enters.
            timestep: the same for all rows.
            texts: the result of `texts`, for N rows.
            inputs: for each row, the index of its input; 0, 1, 2… where there are as many inputs
                as rows.
            pause: called before each block; may raise to cancel.

        Returns:
            (N, C', h, w), float32.

        Raises:
            ValueError: as many inputs as rows or more, and not in their order.
        """
        if len(noisy) >= len(inputs) and list(inputs) != list(range(len(noisy))):
            raise ValueError("inputs that are not fewer than the rows must be in their order")
        time = self._time_embedding(self._time_proj(timestep.reshape(1)).to(noisy.dtype))
        run = _Run(functional.silu(time), iter(texts), inputs, pause)
        pixels = self._first(noisy.contiguous(memory_format=torch.channels_last))
        skips = [pixels]
        for level in self._down:
            for number, block in enumerate(level.residual):
                pixels = run.attended(level, number, run.through(block, pixels))
                skips.append(pixels)
            if level.resize is not None:
                pixels = level.resize(pixels)
                skips.append(pixels)
        first, last = self._middle.residual
        pixels = run.attended(self._middle, 0, run.through(first, pixels))
        pixels = run.through(last, pixels)
        for level in self._up:
            for number, block in enumerate(level.residual):
                pixels = torch.cat([pixels, run.for_each_row(skips.pop())], 1)
                pixels = run.attended(level, number, run.through(block, pixels))
            if level.resize is not None:
                pixels = level.resize(pixels)
        return self._last(self._norm.silu(pixels))


@dataclass
class _Run:
    """What the blocks of one prediction share."""

    time: Tensor
    texts: Any
    inputs: Sequence[int]
    pause: Callable[[], None]

    def through(self, block: ResidualBlock, pixels: Tensor) -> Tensor:
        self.pause()
        return block(pixels, self.time)

    def attended(self, level: _Level, number: int, pixels: Tensor) -> Tensor:
        """Through the attention beside a residual block, where there is one."""
        if number >= len(level.attention):
            return pixels
        self.pause()
        block = level.attention[number]
        tokens = block.before_text(pixels)
        return block.under_text(
            self.for_each_row(pixels), self.for_each_row(tokens), next(self.texts)
        )

    def for_each_row(self, inputs: Tensor) -> Tensor:
        """Repeat a tensor of one entry per input to one per row."""
        if len(inputs) == len(self.inputs):
            return inputs
        return inputs[list(self.inputs)]


def can_be_lean(unet: Any) -> bool:
    """Whether diffusers' UNet is of the one kind that `LeanUNet` computes: Stable Diffusion's.

    Widths, depths, heads, and which levels attend, are free.
    Any setting that it does not know must be at diffusers' default.
    """
    if type(unet).__name__ != "UNet2DConditionModel":
        return False
    defaults = inspect.signature(type(unet).__init__).parameters
    for name, value in dict(unet.config).items():
        if name in ("down_block_types", "up_block_types"):
            if not set(value) <= _BLOCKS:
                return False
        elif name in defaults and name not in _OURS and value != defaults[name].default:
            return False
    weight = unet.conv_in.weight
    return bool(weight.device.type == "cpu" and weight.dtype == torch.float32)


def _level(block: Any, resizers: str, kind: type[Convolution | Upsample]) -> _Level:
    found = getattr(block, resizers, None) if resizers else None
    return _Level(
        [ResidualBlock(each) for each in block.resnets],
        [Transformer(each) for each in getattr(block, "attentions", None) or ()],
        kind(found[0].conv) if found else None,
    )
