from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from editor.model.image import Image
from editor.render.color import Floats
from inference.diffusion.framing import Framing, work_picture
from inference.diffusion.full_size import UpsampledEdit
from inference.models.guided_upsampler import FACTOR, GuidedUpsampler
from inference.models.loaded import LoadedDiffusion

_LEAST_FINER = 0.75
"""Source pixels per pixel drawn, along a side, from which there are edges to learn from."""


class EditUpsampler:
    """Draws edits of one picture `FACTOR` times as fine as the model.

    Args:
        network: of the model that made the edits.
        device: where it is.
        source: the full-size picture.
        framing: how the edits lie on it.
        before: the source through the autoencoder, (h, w, 3) sRGB 0..1.
    """

    def __init__(
        self,
        network: GuidedUpsampler,
        device: torch.device,
        source: Image,
        framing: Framing,
        before: Floats,
    ) -> None:
        self._network, self._device = network, device
        self._source, self._framing, self._before = source, framing, before
        height, width = before.shape[:2]
        multiple = 2 ** (len(network.channels) - 1)
        self._rest = (-width % multiple, -height % multiple)

    def __call__(self, after: Floats) -> UpsampledEdit:
        """Draw an edit of the shape and range of `before`."""
        height, width = after.shape[:2]
        with torch.inference_mode():
            made = self._network(self._shown, self._base, self._planes(after, 1))[0]
            made = made[:, : height * FACTOR, : width * FACTOR].clamp(0, 1)
            drawn = np.ascontiguousarray(made.permute(1, 2, 0).cpu().numpy())
        return UpsampledEdit(FACTOR, self._fine, drawn)

    @cached_property
    def _fine(self) -> Floats:
        return work_picture(self._source, self._framing.finer(FACTOR))

    @cached_property
    def _shown(self) -> Tensor:
        return self._planes(self._fine, FACTOR)

    @cached_property
    def _base(self) -> Tensor:
        return self._planes(self._before, 1)

    def _planes(self, picture: Floats, times: int) -> Tensor:
        """(h, w, 3) to (1, 3, h', w') on the device, padded so that every level halves."""
        planes = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
        across, down = (times * side for side in self._rest)
        return functional.pad(planes.to(self._device), (0, across, 0, down), mode="replicate")


def edit_upsampler(
    model: LoadedDiffusion, source: Image, framing: Framing, before: Floats
) -> EditUpsampler | None:
    """What draws a model's edits of a picture finer; see `EditUpsampler`.

    None where the model has no upsampler, or the source is hardly larger than the model.
    """
    if model.upsampler is None or framing.scale * FACTOR * _LEAST_FINER > 1:
        return None
    return EditUpsampler(model.upsampler, model.device, source, framing, before)
