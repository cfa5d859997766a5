from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from editor.messages import Message
from editor.model.edit import EditRequest, Instruction
from editor.model.patch import Patch
from inference.diffusion.sampling_job import SamplingJob
from inference.diffusion.sampling_method import SamplingMethod
from inference.models.model_domain import domain_of_model
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import (
    keep,
    loras,
    negative_prompt,
    setting,
    steps,
    sweep_seeds,
    text_guidance,
)

if TYPE_CHECKING:
    from inference.diffusion.denoiser import Denoiser
    from inference.diffusion.guidance import ThreeBranch
    from inference.models.store import ModelStore


def _fit(context: FitContext) -> float:
    """Carries out all words, those of tone and colour less exactly than parameters."""
    return 0.9 if context.exact else 1.0


INFO: Final = MethodInfo(
    name="instruct_pix2pix",
    version=4,
    title=Message("method.instruct_pix2pix.title"),
    summary=Message("method.instruct_pix2pix.summary"),
    paper="InstructPix2Pix",
    implementation=f"{__name__}:InstructPix2Pix",
    roles=("instruct_pix2pix",),
    sweep=(("image_guidance_scale", (1.5, 1.2, 1.8)),),
    sweep_instead=(("guidance_scale", (7.5, 10.0, 15.0)),),
    grid=("image_guidance_scale", (1.2, 1.5, 1.8)),
    preview=(("num_inference_steps", 8),),
    cost=10.0,
    fit=_fit,
    settings=(
        steps(20),
        text_guidance(),
        setting(
            "image_guidance_scale",
            default=1.5,
            minimum=1.0,
            maximum=5.0,
        ),
        sweep_seeds(),
        keep(),
        negative_prompt(),
        loras(),
    ),
)


class InstructPix2Pix(SamplingMethod):
    """Edits by an instruction (Brooks et al. 2023, eq. 3), all candidates in one batch.

    The guided prediction, the order of its sums and the noise are those of diffusers'
    `StableDiffusionInstructPix2PixPipeline`, so equal latents, size and steps give its pictures.
    """

    role: ClassVar[str] = "instruct_pix2pix"

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        from inference.diffusion.source_latents import SourceLatents

        super().__init__(models)
        self._sources = SourceLatents()

    def patches(self, job: SamplingJob) -> list[Patch]:
        """The edits, as changes of the source."""
        from inference.diffusion.guidance import ThreeBranch
        from inference.diffusion.sample import sample
        from inference.diffusion.source_latents import edit_patches
        from inference.diffusion.text import text_states

        model = job.model
        image = self._sources.posterior(model, job.source, job.framing).mode()
        domain = domain_of_model(model.found)
        words = domain.rewrite if domain is not None else _as_typed

        def guidance(denoiser: Denoiser, batch: Sequence[EditRequest]) -> ThreeBranch:
            values = [values_of(request) for request in batch]
            return ThreeBranch(
                denoiser,
                text_states(model, [words(request.instruction) for request in batch]),
                text_states(model, [value["negative_prompt"] or "" for value in values]),
                image,
                [value["guidance_scale"] for value in values],
                [value["image_guidance_scale"] for value in values],
            )

        return edit_patches(job, image, sample(job, guidance))


def _as_typed(instruction: Instruction) -> str:
    return instruction.text
