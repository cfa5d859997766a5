from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from inference.diffusion.framing import frame
from inference.models.store import ModelStore
from inference.request.method_progress import OnStep
from inference.request.registry import MethodInfo
from inference.request.settings import loras, negative_prompt, setting, steps, text_guidance

if TYPE_CHECKING:
    from inference.diffusion.denoiser import Denoiser
    from inference.diffusion.guidance import ClassifierFree
    from inference.diffusion.start import Encoded
    from inference.models.loaded import LoadedDiffusion

INFO: Final = MethodInfo(
    name="sdedit",
    version=1,
    title=Message("method.sdedit.title"),
    summary=Message("method.sdedit.summary"),
    implementation=f"{__name__}:SDEdit",
    roles=("text_to_image",),
    sweep=(("strength", (0.7, 0.55, 0.85)),),
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


class SDEdit:
    """Draws over a picture with a text-to-image model (SDEdit; Meng et al. 2022).

    The picture gets noise, `strength` of the way, and is denoised under a description of the
    result. Posterior sample, noise, guidance and schedule are those of diffusers'
    `StableDiffusionImg2ImgPipeline`, so equal seeds, sizes and settings give its pictures.
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
        """One patch per request, in order; see `EditMethod.edit`.

        The description is the instruction's target prompt, or its text where that is empty.
        """
        from inference.diffusion.precision import in_safe_precision
        from inference.diffusion.sample import in_groups

        def make(model: LoadedDiffusion) -> list[Patch]:
            return in_groups(
                model,
                requests,
                lambda ready, part: self._edit(ready, part, source, selection, on_step),
            )

        return in_safe_precision(self._models, "text_to_image", make)

    def _edit(
        self,
        model: LoadedDiffusion,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        import torch

        from inference.diffusion.guidance import ClassifierFree
        from inference.diffusion.interrupt import interruptible
        from inference.diffusion.sample import facts, sample
        from inference.diffusion.source_latents import edit_patches
        from inference.diffusion.start import Encoded
        from inference.diffusion.text import text_states
        from inference.request.registry import values_of

        check = self._models.check
        size = requests[0].work_size
        framing = frame(source.bounds, selection, model.side, model.multiple, size)
        with torch.inference_mode(), interruptible(model, check):
            self.facts = facts(model)
            posterior = self._sources.posterior(model, source, framing)

            def guidance(denoiser: Denoiser, batch: Sequence[EditRequest]) -> ClassifierFree:
                texts = [r.instruction.target_prompt or r.instruction.text for r in batch]
                return ClassifierFree(
                    denoiser,
                    text_states(model, texts),
                    text_states(model, [values_of(r)["negative_prompt"] or "" for r in batch]),
                    [values_of(request)["guidance_scale"] for request in batch],
                )

            def start(request: EditRequest) -> Encoded:
                return Encoded(values_of(request)["strength"], posterior)

            pictures = sample(
                model, requests, framing, guidance, on_step, check, self._latents, start
            )
            return edit_patches(model, source, framing, posterior.mode(), requests, pictures, check)
