"""Tells drawn pictures from made ones, patch by patch: what makes an upsampler's edges crisp.

Absolute errors are least at the mean of all that could be there, which is a blur. A critic that is
trained beside the network (Goodfellow et al. 2014) sees that no drawing looks like that mean.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

CHANNELS: Final = (32, 64, 128, 128)


class PatchCritic(nn.Module):
    """Convolutions of stride two (Isola et al. 2017, "PatchGAN"), each but the first normed.

    Args:
        shown: channels of what a picture must go with; without them, remains of the source look as
            drawn as anything, and the network learns to leave them.
        channels: after each convolution, multiples of 8; then comes one number a patch.
    """

    def __init__(self, shown: int, channels: tuple[int, ...] = CHANNELS) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Conv2d(narrow, wide, 4, 2, 1) for narrow, wide in pairwise((3 + shown, *channels))
        )
        self.norms = nn.ModuleList(nn.GroupNorm(wide // 8, wide) for wide in channels[1:])
        self.leave = nn.Conv2d(channels[-1], 1, 3, 1, 1)

    def forward(self, pictures: Tensor, shown: Tensor) -> tuple[Tensor, list[Tensor]]:
        """How drawn each patch looks, (N, 1, h, w), and what every layer saw.

        Args:
            pictures: (N, 3, H, W), 0..1.
            shown: (N, shown, H, W), 0..1.
        """
        values = 2 * torch.cat([pictures, shown], 1) - 1
        seen = []
        for layer, norm in zip(self.layers, (nn.Identity(), *self.norms), strict=True):
            values = functional.leaky_relu(norm(layer(values)), 0.2)
            seen.append(values)
        return self.leave(values), seen


class CriticLoss(nn.Module):
    """Loss of a critic, and what it says of a network's pictures, in one backward pass."""

    def __init__(self, critic: PatchCritic) -> None:
        super().__init__()
        self.critic = critic

    def forward(
        self, made: Tensor, drawn: Tensor, shown: Tensor, weight: Tensor
    ) -> dict[str, Tensor]:
        """Three means over patches; the last two do not reach the critic's weights.

        ``critic`` is the hinge loss of the critic itself (Lim and Ye 2017), ``adversarial`` what
        the network gets from it, ``features`` how far apart is what its layers saw of both (Wang
        et al. 2018, eq. 4).

        Args:
            made: (N, 3, H, W), 0..1.
            drawn: the same, as it should look.
            shown: (N, C, H, W), 0..1, what both must go with.
            weight: (N, 1, H, W) of the pixels.
        """
        real, wanted = self.critic(drawn, shown)
        fake, _ = self.critic(made.detach(), shown)
        patches = _pooled(weight, real)
        hinge = (functional.relu(1 - real) + functional.relu(1 + fake)).float() * patches
        still = {name: value.detach() for name, value in self.critic.named_parameters()}
        judged, seen = functional_call(self.critic, still, (made, shown))
        return {
            "critic": hinge.mean(),
            "adversarial": (-judged.float() * patches).mean(),
            "features": torch.stack(
                [
                    ((own - its.detach()).abs().float() * _pooled(weight, own)).mean()
                    for own, its in zip(seen, wanted, strict=True)
                ]
            ).mean(),
        }


def _pooled(weight: Tensor, like: Tensor) -> Tensor:
    """Weights at the size of another tensor, one in the mean."""
    pooled = functional.adaptive_avg_pool2d(weight, (like.shape[2], like.shape[3]))
    return pooled / pooled.mean().clamp_min(1e-6)
