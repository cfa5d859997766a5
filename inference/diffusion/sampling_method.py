"""Methods that sample with our own loop: a method file says how its network is guided."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.diffusion.sampling_job import LatentCache, SamplingJob
from inference.request.edit_region import EditRegion
from inference.request.method_progress import OnStep
from inference.request.registry import values_of

if TYPE_CHECKING:
    from inference.diffusion.denoiser import Denoiser
    from inference.diffusion.guidance import ClassifierFree
    from inference.models.loaded import LoadedDiffusion
    from inference.models.store import ModelStore


class SamplingMethod(ABC):
    """An `EditMethod` of a Stable Diffusion model; a method file gives `role` and `patches`.

    This class loads the model in a precision that holds, groups the requests, frames the picture
    and lets a cancel through.

    Attributes:
        role: of the model.
        gradients: computes some on the way, which `torch.inference_mode` does not allow.
        facts: what is recorded beside the keys of the last edit.
        request_facts: what is recorded beside single keys of it.
        regions: by key, where its words belong, of methods that know it.
    """

    role: ClassVar[str]
    gradients: ClassVar[bool] = False

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        self._models = models
        self._latents = LatentCache()
        self.facts: dict[str, Any] = {}
        self.request_facts: dict[str, dict[str, Any]] = {}
        self.regions: dict[str, EditRegion] = {}

    @abstractmethod
    def patches(self, job: SamplingJob) -> list[Patch]:
        """One patch per request, in order. Runs in `torch.inference_mode`, or without gradients."""

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """One patch per request, in order; see `EditMethod.edit`."""
        import torch

        from inference.diffusion.framing import frame
        from inference.diffusion.interrupt import interruptible
        from inference.diffusion.precision import in_safe_precision
        from inference.diffusion.sample import context_of, in_groups
        from inference.models.loaded import facts

        check = self._models.check
        self.request_facts, self.regions = {}, {}

        def ready(model: LoadedDiffusion, part: Sequence[EditRequest]) -> list[Patch]:
            first = part[0]
            framing = frame(
                source.bounds, selection, model.side, model.multiple,
                first.work_size, context_of(first),
            )  # fmt: skip
            quick = torch.no_grad() if self.gradients else torch.inference_mode()
            with quick, interruptible(model, check):
                self.facts = facts(model)
                job = SamplingJob(
                    model, part, source, framing, on_step, check, self._latents, selection
                )
                return self.patches(job)

        def make(model: LoadedDiffusion) -> list[Patch]:
            return in_groups(model, requests, ready)

        return in_safe_precision(self._models, self.role, make)


def prompt_of(request: EditRequest) -> str:
    """What a text-to-image model draws: the caption after, or the words where there is none."""
    return request.instruction.target_prompt or request.instruction.text


def text_guidance_of(
    model: LoadedDiffusion,
    denoiser: Denoiser,
    batch: Sequence[EditRequest],
    words: Callable[[EditRequest], str] = prompt_of,
) -> ClassifierFree:
    """Guidance of a text-to-image model by words of each request, against its negative prompt."""
    from inference.diffusion.guidance import ClassifierFree
    from inference.diffusion.text import text_states

    values = [values_of(request) for request in batch]
    return ClassifierFree(
        denoiser,
        text_states(model, [words(request) for request in batch]),
        text_states(model, [value["negative_prompt"] or "" for value in values]),
        [value["guidance_scale"] for value in values],
        embedded=bool(model.unet.config.time_cond_proj_dim),
    )
