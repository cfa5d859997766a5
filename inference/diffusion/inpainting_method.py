"""Methods that draw a part of a picture anew: a method file says which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from editor.model.edit import EditRequest
from editor.model.patch import Patch
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.sampling_method import SamplingMethod, prompt_of, text_guidance_of
from inference.request.registry import values_of

if TYPE_CHECKING:
    from inference.diffusion.denoiser import Denoiser
    from inference.diffusion.guidance import Guidance
    from inference.models.loaded import LoadedDiffusion
    from inference.models.store import ModelStore


class InpaintingMethod(SamplingMethod):
    """Draws what is selected and leaves the rest, with whichever model serves `inpaint`.

    An inpainting UNet sees what is around; with a plain text-to-image UNet the known latents are
    put back after each step. Noise, guidance, schedule and blending are those of diffusers'
    `StableDiffusionInpaintPipeline`, but that an inpainting UNet sees the mode of the masked
    picture, not a sample: it is the same for all candidates.
    """

    role: ClassVar[str] = "inpaint"

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        from inference.diffusion.source_latents import SourceLatents

        super().__init__(models)
        self._sources = SourceLatents()

    def words(self, request: EditRequest) -> str:
        """What is drawn, in words."""
        return prompt_of(request)

    def patches(self, job: SamplingJob) -> list[Patch]:
        """What was drawn; nothing of the old content in the selection is kept."""
        from inference.diffusion.framing import work_picture
        from inference.diffusion.inpainting import (
            BesideMask,
            PartlyNoise,
            drawn_latents,
            drawn_pixels,
            fitted_to_surroundings,
            masked_picture,
        )
        from inference.diffusion.latents import encode_picture
        from inference.diffusion.sample import sample

        model, selection = job.model, job.selection
        assert selection is not None
        where = drawn_pixels(selection, job.framing)
        seen = work_picture(job.source, job.framing)
        mask = drawn_latents(where, model.factor)
        posterior = self._sources.posterior(model, job.source, job.framing)
        sees_mask = is_inpainting(model)
        masked = None
        if sees_mask:
            masked = encode_picture(model, masked_picture(seen, where)).mode()
            masked = masked * model.vae.config.scaling_factor

        def guidance(denoiser: Denoiser, batch: Sequence[EditRequest]) -> Guidance:
            by_text = text_guidance_of(model, denoiser, batch, self.words)
            return by_text if masked is None else BesideMask(by_text, mask, masked)

        def start(request: EditRequest) -> PartlyNoise:
            strength = float(values_of(request)["strength"])
            return PartlyNoise(strength, posterior, mask, blends=not sees_mask)

        fitted = (fitted_to_surroundings(one, seen, where) for one in sample(job, guidance, start))
        placement = job.framing.placement
        return [Patch((), picture.astype(np.float16), placement) for picture in fitted]


def is_inpainting(model: LoadedDiffusion) -> bool:
    """True if the UNet sees a mask and the masked picture beside the noise."""
    return bool(model.unet.config.in_channels == 2 * model.vae.config.latent_channels + 1)
