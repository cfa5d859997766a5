from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.patch import Patch, settings_of
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.sampling_method import SamplingMethod, text_guidance_of
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import loras, negative_prompt, setting, steps, text_guidance

if TYPE_CHECKING:
    from inference.diffusion.start import Encoded
    from inference.models.store import ModelStore


def _fit(context: FitContext) -> float:
    """Carries out all words, and keeps little of the picture."""
    return 0.3 if context.exact else 0.55


INFO: Final = MethodInfo(
    name="sdedit",
    version=1,
    title=Message("method.sdedit.title"),
    summary=Message("method.sdedit.summary"),
    paper="SDEdit",
    implementation=f"{__name__}:SDEdit",
    roles=("text_to_image",),
    fit=_fit,
    spread=(("strength", (0.0, -0.15, 0.15, -0.075, 0.075)),),
    preview=settings_of({"num_inference_steps": 12}),
    cost=11.0,
    settings=(
        steps(30),
        text_guidance("help_new_picture"),
        negative_prompt(),
        setting("strength", default=0.7, minimum=0.01, maximum=1.0),
        loras(),
    ),
)


class SDEdit(SamplingMethod):
    """Draws over a picture with a text-to-image model (SDEdit; Meng et al. 2022).

    The picture gets noise, `strength` of the way, and is denoised under a description of the
    result: the instruction's target prompt, or its text where that is empty. Posterior sample,
    noise, guidance and schedule are those of diffusers' `StableDiffusionImg2ImgPipeline`, so equal
    seeds, sizes and settings give its pictures.
    """

    role: ClassVar[str] = "text_to_image"

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        from inference.diffusion.source_latents import SourceLatents

        super().__init__(models)
        self._sources = SourceLatents()

    def patches(self, job: SamplingJob) -> list[Patch]:
        """What was drawn, as changes of the source."""
        from inference.diffusion.sample import sample
        from inference.diffusion.source_latents import edit_patches
        from inference.diffusion.start import Encoded

        posterior = self._sources.posterior(job.model, job.source, job.framing)

        def start(request: EditRequest) -> Encoded:
            return Encoded(values_of(request)["strength"], posterior)

        pictures = sample(job, partial(text_guidance_of, job.model), start)
        return edit_patches(job, posterior.mode(), pictures)
