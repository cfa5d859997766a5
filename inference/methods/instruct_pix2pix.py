from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from editor.messages import Message
from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.diffusion.framing import frame
from inference.models.model_domain import domain_of_model
from inference.models.store import ModelStore
from inference.request.fit import FitContext
from inference.request.method_progress import OnStep
from inference.request.registry import MethodInfo
from inference.request.settings import loras, negative_prompt, setting, steps, text_guidance

if TYPE_CHECKING:
    from inference.diffusion.denoiser import Denoiser
    from inference.diffusion.guidance import ThreeBranch
    from inference.models.loaded import LoadedDiffusion


def _fit(context: FitContext) -> float:
    """Carries out all words; of pictures that its model does not know little is to be expected."""
    if context.foreign:
        return 0.0 if context.readable else 0.2
    return 0.9 if context.readable and not context.painted else 1.0


INFO: Final = MethodInfo(
    name="instruct_pix2pix",
    version=3,
    title=Message("method.instruct_pix2pix.title"),
    summary=Message("method.instruct_pix2pix.summary"),
    implementation=f"{__name__}:InstructPix2Pix",
    roles=("instruct_pix2pix",),
    sweep=(("image_guidance_scale", (1.5, 1.2, 1.8)),),
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
        negative_prompt(),
        loras(),
    ),
)


class InstructPix2Pix:
    """Edits by an instruction (Brooks et al. 2023, eq. 3), all candidates in one batch.

    The guided prediction, the order of its sums and the noise are those of diffusers'
    `StableDiffusionInstructPix2PixPipeline`, so equal latents, size and steps give its pictures.
    """

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        from inference.diffusion.sample import LatentCache
        from inference.diffusion.source_latents import SourceLatents

        self._models = models
        self._latents = LatentCache()
        self._sources = SourceLatents()
        self.facts: dict[str, Any] = {}

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """One patch per request, in order; see `EditMethod.edit`."""
        from inference.diffusion.precision import in_safe_precision
        from inference.diffusion.sample import in_groups

        def make(model: LoadedDiffusion) -> list[Patch]:
            return in_groups(
                model,
                requests,
                lambda ready, part: self._edit(ready, part, source, selection, on_step),
            )

        return in_safe_precision(self._models, "instruct_pix2pix", make)

    def _edit(
        self,
        model: LoadedDiffusion,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        import torch

        from inference.diffusion.guidance import ThreeBranch
        from inference.diffusion.interrupt import interruptible
        from inference.diffusion.sample import facts, sample
        from inference.diffusion.source_latents import edit_patches
        from inference.diffusion.text import text_states
        from inference.request.registry import values_of

        check = self._models.check
        size = requests[0].work_size
        framing = frame(source.bounds, selection, model.side, model.multiple, size)
        with torch.inference_mode(), interruptible(model, check):
            self.facts = facts(model)
            image = self._sources.posterior(model, source, framing).mode()
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

            pictures = sample(model, requests, framing, guidance, on_step, check, self._latents)
            return edit_patches(model, source, framing, image, requests, pictures, check)


def _as_typed(instruction: Instruction) -> str:
    return instruction.text
