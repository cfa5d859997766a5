from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

import numpy as np

from editor.messages import Message
from editor.model.patch import Patch
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.sampling_method import SamplingMethod, text_guidance_of
from inference.request.registry import MethodInfo
from inference.request.settings import loras, negative_prompt, steps, text_guidance

INFO: Final = MethodInfo(
    name="generate",
    version=1,
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


class Generate(SamplingMethod):
    """Draws a picture from words (Rombach et al. 2022): how a document begins without one.

    The source is a blank picture of the wanted size. Noise, guidance and scheduler are those of
    diffusers' `StableDiffusionPipeline`, so equal latents, size and steps give its pictures.
    """

    role: ClassVar[str] = "text_to_image"

    def patches(self, job: SamplingJob) -> list[Patch]:
        """The pictures themselves."""
        from inference.diffusion.sample import sample

        placement = job.framing.placement
        pictures = sample(job, partial(text_guidance_of, job.model))
        return [Patch((), picture.astype(np.float16), placement) for picture in pictures]
