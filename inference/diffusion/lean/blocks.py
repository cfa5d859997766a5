"""Blocks of Stable Diffusion's UNet from lean layers: what diffusers' blocks compute, no more."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from inference.diffusion.lean.layers import Convolution, GroupNorm, Linear, as_tokens

KeysAndValues = tuple[Tensor, Tensor]
"""Keys and values of the text for one attention: (N, heads, context, D / heads) each."""


class ResidualBlock:
    """diffusers' `ResnetBlock2D`; the time is the same for all rows, so it is added to a bias."""

    def __init__(self, module: Any) -> None:
        """Take the weights of a `ResnetBlock2D`."""
        self._norm1, self._norm2 = GroupNorm(module.norm1), GroupNorm(module.norm2)
        self._conv1, self._conv2 = Convolution(module.conv1), Convolution(module.conv2)
        self._time = module.time_emb_proj
        self._bias2, self._shortcut = self._conv2.bias, None
        if module.conv_shortcut is not None:
            self._shortcut = _product(module.conv_shortcut)
            self._bias2 = self._bias2 + module.conv_shortcut.bias.detach()

    def __call__(self, pixels: Tensor, time: Tensor) -> Tensor:
        """(N, C, h, w) to (N, C', h, w); `time` is SiLU of its embedding, (1, E)."""
        bias = self._conv1.bias + self._time(time)[0]
        made = self._conv1(self._norm1.silu(pixels), bias)
        made = self._conv2(self._norm2.silu(made), self._bias2)
        if self._shortcut is None:
            return made.add_(pixels)
        self._shortcut.add_to(as_tokens(made), as_tokens(pixels))
        return made


class Transformer:
    """diffusers' `Transformer2DModel` of one layer, in two halves.

    The first half does not see the text, so rows that differ by their text alone share it.
    """

    def __init__(self, module: Any) -> None:
        """Take the weights of a `Transformer2DModel` with one `BasicTransformerBlock`."""
        (block,) = module.transformer_blocks
        self._norm = GroupNorm(module.norm)
        self._inwards, self._outwards = _product(module.proj_in), _product(module.proj_out)
        self._norms = (block.norm1, block.norm2, block.norm3)
        own, text = block.attn1, block.attn2
        self._heads = own.heads
        self._own = Linear(torch.cat([own.to_q.weight, own.to_k.weight, own.to_v.weight]))
        self._own_out, self._text_out = _product(own.to_out[0]), _product(text.to_out[0])
        self._query = Linear(text.to_q.weight)
        self._text = Linear(torch.cat([text.to_k.weight, text.to_v.weight]))
        wide, narrow = block.ff.net[0].proj, block.ff.net[2]
        # One after the other: half as wide, they stay in the processor's cache.
        parts = zip(wide.weight.chunk(2), wide.bias.chunk(2), strict=True)
        self._value, self._gate = (Linear(*part) for part in parts)
        self._narrow = _product(narrow)

    def texts(self, states: Tensor) -> KeysAndValues:
        """Keys and values of text states (N, context, D): they are the same at every step."""
        keys, values = self._text(states).chunk(2, -1)
        return self._split(keys).contiguous(), self._split(values).contiguous()

    def before_text(self, pixels: Tensor) -> Tensor:
        """(N, C, h, w) to tokens (N, h·w, C), after self-attention."""
        tokens = self._inwards(as_tokens(self._norm(pixels)))
        inner = self._own(self._norms[0](tokens)).chunk(3, -1)
        query, key, value = (self._split(part) for part in inner)
        attended = functional.scaled_dot_product_attention(query, key, value)
        return _added(self._own_out, tokens, _joined(attended))

    def under_text(self, pixels: Tensor, tokens: Tensor, text: KeysAndValues) -> Tensor:
        """The block's result (N, C, h, w) from its input and from what `before_text` made of it.

        Both are overwritten.
        """
        query = self._split(self._query(self._norms[1](tokens)))
        attended = functional.scaled_dot_product_attention(query, *text)
        tokens = _added(self._text_out, tokens, _joined(attended))
        normed = self._norms[2](tokens)
        wide = functional.gelu(self._gate(normed)).mul_(self._value(normed))
        _added(self._outwards, as_tokens(pixels), _added(self._narrow, tokens, wide))
        return pixels

    def _split(self, tokens: Tensor) -> Tensor:
        """(N, L, D) to (N, heads, L, D / heads)."""
        return tokens.view(*tokens.shape[:2], self._heads, -1).transpose(1, 2)


def _joined(heads: Tensor) -> Tensor:
    """(N, heads, L, D / heads) to (N, L, D)."""
    return heads.transpose(1, 2).flatten(2)


def _product(module: Any) -> Linear:
    """Of a `Linear`, or of a `Conv2d` with a kernel of one pixel."""
    return Linear(module.weight, module.bias)


def _added(layer: Linear, sums: Tensor, tokens: Tensor) -> Tensor:
    """What a layer makes of tokens, and its bias, added to `sums` in place."""
    made = layer.add_to(sums, tokens)
    return made if layer.bias is None else made.add_(layer.bias)
