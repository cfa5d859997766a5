"""A small network that draws an edit at four times its size, guided by the full-size source.

Joint upsampling (Kopf et al. 2007) learnt from pairs: it is shown the source, the source through
the model's autoencoder and the edit, and draws the edit with the edges that the source has and the
autoencoder lost. It belongs to one model, whose faults it has seen.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

FOLDER: Final = "upsampler"
"""Folder beside a pipeline's own, which stock pipelines do not read."""

CONFIG: Final = "config.json"
WEIGHTS: Final = "model.safetensors"
FACTOR: Final = 4
"""Output pixels per work pixel, along a side."""

CHANNELS: Final = (64, 96, 128, 192)
_SHOWN: Final = 3 * FACTOR**2 + 9


class _Block(nn.Module):
    """Two convolutions beside a shortcut; the second starts at zero."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(_bias(self.second))

    def forward(self, values: Tensor) -> Tensor:
        """(N, channels, h, w) to the same."""
        made: Tensor = self.second(functional.silu(self.first(functional.silu(values))))
        return values + made


class GuidedUpsampler(nn.Module):
    """A U-Net on the grid of the small pictures (Ronneberger et al. 2015).

    The result is the edit enlarged, plus a learnt share of what the autoencoder lost of the source,
    plus a learnt rest. Both start at zero: an untrained network enlarges.

    Args:
        channels: of each level, the first at work size, each next at half.
    """

    def __init__(self, channels: tuple[int, ...] = CHANNELS) -> None:
        super().__init__()
        self.channels = tuple(channels)
        self.enter = nn.Conv2d(_SHOWN, channels[0], 3, padding=1)
        self.down = nn.ModuleList(_Block(width) for width in channels[:-1])
        self.halve = nn.ModuleList(
            nn.Conv2d(wide, wider, 2, stride=2) for wide, wider in pairwise(channels)
        )
        self.deep = nn.Sequential(_Block(channels[-1]), _Block(channels[-1]))
        self.enlarge = nn.ModuleList(
            nn.Conv2d(wider, wide, 1) for wide, wider in pairwise(channels)
        )
        self.up = nn.ModuleList(
            nn.Sequential(_Block(width), _Block(width)) for width in channels[:-1]
        )
        self.leave = nn.Conv2d(channels[0], 6 * FACTOR**2, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(_bias(self.leave))

    def forward(self, source: Tensor, before: Tensor, after: Tensor) -> Tensor:
        """The edit at the source's size; values 0..1, not clamped.

        Args:
            source: (N, 3, 4h, 4w), h and w multiples of 2^(levels − 1).
            before: (N, 3, h, w), the source through the model's autoencoder.
            after: (N, 3, h, w), the edit.
        """
        fine = functional.pixel_unshuffle(source, FACTOR)
        values = self.enter(torch.cat([fine, before, after, after - before], 1) - 0.5)
        kept = []
        for block, halve in zip(self.down, self.halve, strict=True):
            values = block(values)
            kept.append(values)
            values = halve(values)
        values = self.deep(values)
        for enlarge, block in zip(self.enlarge[::-1], self.up[::-1], strict=True):
            larger = functional.interpolate(enlarge(values), scale_factor=2.0, mode="nearest")
            values = block(larger + kept.pop())
        share, rest = functional.pixel_shuffle(self.leave(values), FACTOR).chunk(2, 1)
        enlarged = functional.interpolate(
            torch.cat([before, after], 1), scale_factor=float(FACTOR), mode="bicubic"
        )
        base, edit = enlarged.chunk(2, 1)
        drawn: Tensor = edit + share * (source - base) + rest
        return drawn


def deepen(shallow: GuidedUpsampler, deep: GuidedUpsampler) -> None:
    """Let a network with one level more draw exactly what a trained one draws.

    The new level starts at zero: what comes back from it adds nothing.

    Raises:
        ValueError: the levels they share are not of the same width.
    """
    level = len(shallow.channels)
    if deep.channels == shallow.channels:
        deep.load_state_dict(shallow.state_dict())
        return
    if deep.channels[:-1] != shallow.channels:
        raise ValueError(f"{deep.channels} is not {shallow.channels} and one level more")
    state = dict(deep.state_dict())
    for name, value in shallow.state_dict().items():
        state[name.replace("deep.", f"up.{level - 1}.")] = value
    state[f"enlarge.{level - 1}.weight"] = torch.zeros_like(state[f"enlarge.{level - 1}.weight"])
    state[f"enlarge.{level - 1}.bias"] = torch.zeros_like(state[f"enlarge.{level - 1}.bias"])
    deep.load_state_dict(state)


def save_upsampler(network: GuidedUpsampler, folder: Path) -> None:
    """Write ``config.json`` and ``model.safetensors`` (float16) into an existing folder."""
    from safetensors.torch import save_file

    state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    save_file(state, folder / WEIGHTS)
    text = json.dumps({"channels": list(network.channels), "factor": FACTOR})
    (folder / CONFIG).write_text(text + "\n", "utf-8")


def load_upsampler(folder: Path) -> GuidedUpsampler:
    """Read what `save_upsampler` wrote, as float32 in evaluation mode.

    Raises:
        ValueError: it is another network, or its weights do not fit its sizes.
        OSError: a file is missing.
    """
    from safetensors.torch import load_file

    config: dict[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
    channels = tuple(config.get("channels", ()))
    if config.get("factor") != FACTOR or not _sane(channels):
        raise ValueError("no upsampler of this program")
    network = GuidedUpsampler(channels)
    state = {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise ValueError("its weights do not fit its sizes") from error
    return network.eval().requires_grad_(False)


def _sane(channels: tuple[Any, ...]) -> bool:
    """Sizes a file may ask for before its weights are read."""
    return 2 <= len(channels) <= 5 and all(
        isinstance(width, int) and 0 < width <= 512 for width in channels
    )


def _bias(layer: nn.Conv2d) -> Tensor:
    """Its bias, which every layer here has."""
    assert layer.bias is not None
    return layer.bias
