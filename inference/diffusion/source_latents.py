from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from editor.model.image import Image
from editor.model.patch import Patch
from inference.diffusion.framing import Framing, work_picture
from inference.diffusion.full_size import full_size_patch
from inference.diffusion.latents import decode_latents, encode_picture
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.upsample import edit_upsampler
from inference.models.loaded import LoadedDiffusion

_KEPT = 8


@dataclass
class SourceLatents:
    """What a model sees of recent pictures, encoded once per picture, model and framing."""

    _kept: OrderedDict[tuple[str, str, Framing], Any] = field(default_factory=OrderedDict)

    def posterior(self, model: LoadedDiffusion, source: Image, framing: Framing) -> Any:
        """See `encode_picture`."""
        key = (source.pixel_digest, str(model.found.folder), framing)
        if key not in self._kept:
            self._kept[key] = encode_picture(model, work_picture(source, framing))
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def edit_patches(job: SamplingJob, encoded: Tensor, pictures: NDArray[np.float32]) -> list[Patch]:
    """The edits of a picture as changes of its own pixels, one patch per request.

    Args:
        job: that made them.
        encoded: the source's latents, (1, C, h, w), unscaled: what the autoencoder makes of them is
            compared with the edits.
        pictures: (N, h, w, 3) sRGB 0..1, in the order of the requests.
    """
    model, source, framing = job.model, job.source, job.framing
    if framing.scale >= 1:  # the model saw every pixel: its output is the result
        return [Patch((), picture.astype(np.float16), framing.placement) for picture in pictures]
    job.check()
    before = decode_latents(model, encoded * model.vae.config.scaling_factor)[0]
    upsample = edit_upsampler(model, source, framing, before)
    patches = []
    for request, picture in zip(job.requests, pictures, strict=True):
        job.check()
        patches.append(
            full_size_patch(source, request.instruction, before, picture, framing, upsample)
        )
    return patches
