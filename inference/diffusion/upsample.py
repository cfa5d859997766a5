from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from editor.model.image import Image
from editor.render.color import Floats
from inference.diffusion.framing import Framing, work_picture
from inference.diffusion.full_size import UpsampledEdit
from inference.models.guided_upsampler import FACTOR
from inference.models.loaded import LoadedDiffusion
from inference.request.cancel import CancelCheck

_LEAST_FINER = 0.75
"""Source pixels per pixel drawn, along a side, from which there are edges to learn from."""


def upsampled(
    model: LoadedDiffusion,
    source: Image,
    framing: Framing,
    before: Floats,
    pictures: Sequence[Floats] | Floats,
    check: CancelCheck,
) -> list[UpsampledEdit | None]:
    """The edits drawn `FACTOR` times as fine by the model's own upsampler, in order.

    None for each where the model has no upsampler, or the source is hardly larger than the model.

    Args:
        model: see `LoadedDiffusion.upsampler`.
        source: the full-size picture.
        framing: how the pictures lie on it.
        before: the source through the autoencoder, (h, w, 3) sRGB 0..1.
        pictures: the edits, likewise.
        check: called before each.
    """
    if model.upsampler is None or framing.scale * FACTOR * _LEAST_FINER > 1:
        return [None] * len(pictures)
    fine = work_picture(source, framing.finer(FACTOR))
    height, width = before.shape[:2]
    multiple = 2 ** (len(model.upsampler.channels) - 1)
    rest = (0, -width % multiple, 0, -height % multiple)
    shown = _planes(fine, model, tuple(FACTOR * side for side in rest))
    base = _planes(before, model, rest)
    drawn: list[UpsampledEdit | None] = []
    for picture in pictures:
        check()
        made = model.upsampler(shown, base, _planes(picture, model, rest))[0]
        made = made[:, : height * FACTOR, : width * FACTOR].clamp(0, 1)
        after = np.ascontiguousarray(made.permute(1, 2, 0).cpu().numpy())
        drawn.append(UpsampledEdit(FACTOR, fine, after))
    return drawn


def _planes(picture: Floats, model: LoadedDiffusion, rest: tuple[int, ...]) -> torch.Tensor:
    """(h, w, 3) to (1, 3, h', w') on the model's device, padded so that every level halves."""
    planes = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    return functional.pad(planes.to(model.device), rest, mode="replicate")
