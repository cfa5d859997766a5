from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.diffusion.framing import frame
from inference.models.store import ModelStore
from inference.request.method_progress import OnStep
from inference.request.registry import MethodInfo
from inference.request.settings import loras, negative_prompt, steps, text_guidance

if TYPE_CHECKING:
    from inference.diffusion.denoiser import Denoiser
    from inference.diffusion.guidance import ClassifierFree
    from inference.models.loaded import LoadedDiffusion


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


class Generate:
    """Draws a picture from words (Rombach et al. 2022): how a document begins without one.

    The source is a blank picture of the wanted size. Noise, guidance and scheduler are those of
    diffusers' `StableDiffusionPipeline`, so equal latents, size and steps give its pictures.
    """

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first picture."""
        from inference.diffusion.sample import LatentCache

        self._models = models
        self._latents = LatentCache()
        self.facts: dict[str, Any] = {}

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """One patch per request, in order; see `EditMethod.edit`.

        What is drawn is the instruction's target prompt, or its text where that is empty.
        """
        from inference.diffusion.precision import in_safe_precision
        from inference.diffusion.sample import in_groups

        def make(model: LoadedDiffusion) -> list[Patch]:
            return in_groups(
                model,
                requests,
                lambda ready, part: self._draw(ready, part, source, selection, on_step),
            )

        return in_safe_precision(self._models, "text_to_image", make)

    def _draw(
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
        from inference.diffusion.text import text_states
        from inference.request.registry import values_of

        check = self._models.check
        size = requests[0].work_size
        framing = frame(source.bounds, selection, model.side, model.multiple, size)

        def guidance(denoiser: Denoiser, batch: Sequence[EditRequest]) -> ClassifierFree:
            texts = [r.instruction.target_prompt or r.instruction.text for r in batch]
            return ClassifierFree(
                denoiser,
                text_states(model, texts),
                text_states(model, [values_of(r)["negative_prompt"] or "" for r in batch]),
                [values_of(request)["guidance_scale"] for request in batch],
            )

        with torch.inference_mode(), interruptible(model, check):
            self.facts = facts(model)
            pictures = sample(model, requests, framing, guidance, on_step, check, self._latents)
        return [Patch((), picture.astype(np.float16), framing.placement) for picture in pictures]
