"""A larger UNet that begins where a smaller one stopped (Net2WiderNet, Chen et al. 2016, eq. 3).

Every channel of the larger network copies one of the smaller network; weights that read a copied
channel share the old weight out at random, so that the copies learn different things. Copies stay
within their group of the group norm and within their attention head. Where all widths double the
function is the same to rounding; otherwise group statistics shift a little.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor


def wider(unet: Any, channels: tuple[int, ...], *, seed: int = 0) -> Any:
    """A `UNet2DConditionModel` like ``unet`` with other ``block_out_channels``.

    Args:
        unet: a trained UNet of Stable Diffusion's kind.
        channels: as many as the UNet has, none smaller, each a multiple of ``norm_num_groups``.
        seed: of the random shares.
    """
    from diffusers import UNet2DConditionModel

    config = {key: value for key, value in unet.config.items() if not key.startswith("_")}
    made = UNet2DConditionModel(**{**config, "block_out_channels": channels})
    before, after = unet.state_dict(), made.state_dict()
    maps = _Maps(unet.config, made.config, torch.Generator().manual_seed(seed))
    made.load_state_dict(
        {name: maps.tensor(name, before[name], after[name].shape) for name in after}
    )
    return made.to(next(unet.parameters()).dtype)


class _Maps:
    """Which old channel each new channel copies, for every axis of every weight."""

    def __init__(self, old: Any, new: Any, generator: torch.Generator) -> None:
        self._groups = old.norm_num_groups
        self._widths = (tuple(old.block_out_channels), tuple(new.block_out_channels))
        self._generator = generator

    def tensor(self, name: str, old: Tensor, shape: torch.Size) -> Tensor:
        """The weight of this name for the larger network."""
        value = old.float()
        rows = self._rows(name, old.shape[0], shape[0])
        if ".to_q." in name:  # copies of q·k add up, and the softmax divides by a larger root
            value = value * math.sqrt(shape[0] / old.shape[0])
            counts = torch.bincount(rows, minlength=old.shape[0])
            value = value[rows] / counts[rows][:, None]
        else:
            value = value[rows]
        if old.ndim == 1:
            return value
        if name == "time_embedding.linear_1.weight":
            return self._frequencies(value, shape[1])
        columns = self._columns(name, old.shape[1], shape[1])
        return value[:, columns] * self._shares(columns, old.shape[1], value.ndim)

    def _rows(self, name: str, old: int, new: int) -> Tensor:
        if ".ff.net.0.proj." in name:  # GEGLU: values, then gates
            return self._parts((old // 2, old // 2), (new // 2, new // 2))
        if name.startswith("up_blocks.") and ".norm1." in name and ".resnets." in name:
            return self._parts(*self._joined(name, old, new))
        return self._part(old, new)

    def _columns(self, name: str, old: int, new: int) -> Tensor:
        joined = name.startswith("up_blocks.") and (".conv1." in name or ".conv_shortcut." in name)
        return self._parts(*self._joined(name, old, new)) if joined else self._part(old, new)

    def _joined(self, name: str, old: int, new: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Channels from below and from the skip connection, of the old and the new network."""
        block, resnet = int(name.split(".")[1]), int(name.split(".")[3])
        below = []
        for widths in self._widths:
            upwards = widths[::-1]
            below.append(upwards[max(0, block - 1)] if resnet == 0 else upwards[block])
        return (below[0], old - below[0]), (below[1], new - below[1])

    def _parts(self, old: tuple[int, int], new: tuple[int, int]) -> Tensor:
        return torch.cat([self._part(old[0], new[0]), old[0] + self._part(old[1], new[1])])

    def _part(self, old: int, new: int) -> Tensor:
        if old == new:
            return torch.arange(old)
        a, b = old // self._groups, new // self._groups
        channel = torch.arange(new)
        mapped: Tensor = (channel // b) * a + (channel % b) * a // b
        return mapped

    def _shares(self, columns: Tensor, old: int, ndim: int) -> Tensor:
        """What part of the old weight each copy takes; the copies of a channel add up to one."""
        weights = 0.5 + torch.rand(len(columns), generator=self._generator)
        totals = torch.zeros(old).index_add_(0, columns, weights)
        shares: Tensor = (weights / totals[columns]).view(1, -1, *[1] * (ndim - 2))
        return shares

    @staticmethod
    def _frequencies(value: Tensor, wide: int) -> Tensor:
        """Sines and cosines of k times as many frequencies hold the old ones at every k-th."""
        narrow = value.shape[1]
        out = torch.zeros(len(value), wide)
        step = wide // narrow
        for half in range(2):
            at = half * wide // 2 + step * torch.arange(narrow // 2)
            out[:, at] = value[:, half * narrow // 2 : (half + 1) * narrow // 2]
        return out
