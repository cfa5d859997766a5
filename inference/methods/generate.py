from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message
from editor.model.patch import Patch
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.sampling_method import SamplingMethod, text_guidance_of
from inference.request.registry import MethodInfo
from inference.request.settings import loras, negative_prompt, steps, text_guidance

INFO: Final = MethodInfo(
    name="generate",
    version=2,
    title=Message("method.generate.title"),
    summary=Message("method.generate.summary"),
    implementation=f"{__name__}:Generate",
    roles=("text_to_image",),
    begins=True,
    cost=12.0,
    settings=(
        steps(25),
        text_guidance("help_new_picture"),
        negative_prompt(),
        loras(),
    ),
)


LEAST_SIDE: Final = 512
"""Pixels a side that a new picture has at least in the window."""
_SMALL: Final = 256
"""A model of so small pictures is one of drawings, as the starter's; no model of photographs is."""


def new_picture_side(own: int) -> int:
    """The side of a new picture in pixels: the model's own, or several times a very small one."""
    return own * max(1, -(-LEAST_SIDE // own)) if own <= _SMALL else own


class Generate(SamplingMethod):
    """Draws a picture from words (Rombach et al. 2022): how a document begins without one.

    The source is a blank picture of the wanted size. Noise, guidance and scheduler are those of
    diffusers' `StableDiffusionPipeline`, so equal latents, size and steps give its pictures.
    Where a model of very small pictures is asked for one four times as large, it is enlarged with
    steep edges.
    """

    role: ClassVar[str] = "text_to_image"

    def patches(self, job: SamplingJob) -> list[Patch]:
        """The pictures themselves."""
        from inference.diffusion.sample import sample

        pictures: Iterable[NDArray[np.float32]] = sample(job, partial(text_guidance_of, job.model))
        framing = job.framing
        if job.model.side <= _SMALL:
            from editor.render.shock_filter import TIMES, enlarge  # OpenCV takes 0.1 s

            if framing.scale <= 1 / TIMES:
                framing = framing.finer(TIMES)
                pictures = [enlarge(np.asarray(one, np.float32)) for one in pictures]
        return [Patch((), one.astype(np.float16), framing.placement) for one in pictures]
