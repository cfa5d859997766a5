"""How much a network needs besides its weights while it computes.

Counted from its config: the tensors that are alive together where most are. What libraries hold for
themselves is not in it (`prediction.SLACK`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inference.models.memory.parts import NetworkPart

_ALIVE_IN_DECODER: Final = 3
"""Tensors of an autoencoder's residual block that are alive together: its input, the normed input
and the activation of that."""

_ALIVE_IN_UNET: Final = 12
"""The same for a UNet's feed-forward layer, in tensors of the block's width: input, norm, the eight
of a gated projection, and two more of its halves."""

_ALIVE_IN_TRANSFORMER: Final = 16
"""The same for a block of FLUX: query, key and value, the four of its hidden layer, both joined,
and their residuals."""

_LARGEST: Final = 1 << 16
"""More channels, heads or layers than any network has."""
_MOST_BLOCKS: Final = 1000

_TEXT_TOKENS: Final = 512
_PATCH: Final = 2
"""Latents along a side of one token of a transformer."""


def activation_elements(
    part: NetworkPart, width: int, height: int, rows: int, references: int = 0
) -> int:
    """Numbers of the activations that a network holds at its peak.

    Args:
        part: the network; of a kind that is not known here 0.
        width: of the picture in pixels.
        height: of it.
        rows: pictures and branches that are computed in one batch.
        references: pictures of that size that a transformer sees beside the one it edits. An
            autoencoder encodes one after the other.

    Raises:
        ValueError: its config has a size that no network has.
    """
    if part.is_autoencoder:
        return rows * _autoencoder(part.config, width, height)
    if part.kind == "UNet2DConditionModel":
        return rows * _unet(part.config, width, height)
    if part.kind.endswith("Transformer2DModel"):
        return rows * _transformer(part.config, width, height, references)
    return 0


def _autoencoder(config: Mapping[str, Any], width: int, height: int) -> int:
    """The level where channels times pixels are most; the block before it has the wider input."""
    channels = _sizes(config, "block_out_channels", 128)
    inputs = [*channels[1:], channels[-1]]
    levels = (
        max(one, before) * (width >> level) * (height >> level)
        for level, (one, before) in enumerate(zip(channels, inputs, strict=True))
    )
    return int(_ALIVE_IN_DECODER * max(levels))


def _unet(config: Mapping[str, Any], width: int, height: int) -> int:
    """What the skip connections hold, and the widest layer of the first level."""
    channels = _sizes(config, "block_out_channels", 320)
    layers = max(_sizes(config, "layers_per_block", 2))
    area = (width // 8) * (height // 8)
    skips = channels[0] * area
    for level, count in enumerate(channels):
        pixels = area >> (2 * level)
        skips += layers * count * pixels
        if level + 1 < len(channels):
            skips += count * (pixels >> 2)
    return int(skips + _ALIVE_IN_UNET * channels[0] * area)


def _transformer(config: Mapping[str, Any], width: int, height: int, references: int) -> int:
    """Tokens of the picture that is drawn, of the one edited, of the references, of the words."""
    heads = max(_sizes(config, "num_attention_heads", 24))
    size = max(_sizes(config, "attention_head_dim", 128))
    tokens = (2 + references) * (width // (8 * _PATCH)) * (height // (8 * _PATCH)) + _TEXT_TOKENS
    return int(_ALIVE_IN_TRANSFORMER * tokens * heads * size)


def _sizes(config: Mapping[str, Any], name: str, usual: int) -> list[int]:
    """One or several sizes of a foreign config; the usual one where it names none.

    Raises:
        ValueError: they are no whole numbers, or such as no network has.
    """
    value = config.get(name) or usual
    sizes = value if isinstance(value, list) else [value]
    if len(sizes) > _MOST_BLOCKS or not all(type(n) is int and 0 < n <= _LARGEST for n in sizes):
        raise ValueError(f"{name} of a config is no size")
    return sizes
