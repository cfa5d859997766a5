"""Methods that call a stock pipeline of diffusers as a whole."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.models.errors import ModelDamaged
from inference.request.cancel import CancelCheck
from inference.request.method_progress import MethodProgress, OnStep
from inference.request.registry import values_of
from inference.request.settings import BadSetting

if TYPE_CHECKING:
    from torch import Tensor

    from editor.render.color import Floats
    from inference.diffusion.framing import Framing
    from inference.models.loaded import LoadedPipeline
    from inference.models.store import ModelStore


class PipelineMethod(ABC):
    """An `EditMethod` around a stock pipeline; a method file gives `role` and `arguments`.

    This class frames the picture, draws the noise of each request on the CPU, so that a seed means
    the same on every device, counts steps through `callback_on_step_end`, lets a cancel through
    between two layers, and lays the result on the source's own pixels; what a model drew a little
    aside is moved back (`alignment`). Candidates are made one by
    one: such models fill a graphics card with a single picture.

    Attributes:
        role: of the model.
        facts: what is recorded beside the keys of the last edit.
        request_facts: what is recorded beside single keys of it: where results lay.
    """

    role: ClassVar[str]

    def __init__(self, models: ModelStore) -> None:
        """Nothing is loaded before the first edit."""
        self._models = models
        self.facts: dict[str, Any] = {}
        self.request_facts: dict[str, dict[str, Any]] = {}

    @abstractmethod
    def arguments(
        self,
        model: LoadedPipeline,
        request: EditRequest,
        picture: Tensor,
        references: Sequence[Tensor] = (),
    ) -> dict[str, Any]:
        """What the pipeline is called with besides generator, callback and kind of output.

        Args:
            model: with the pipeline.
            request: with the words and settings.
            picture: (1, 3, h, w) float32 0..1 sRGB; both sides are multiples the model can take.
            references: likewise, in their own ratios; none for a method without them.
        """

    def context(self, model: LoadedPipeline, picture: Tensor) -> AbstractContextManager[None]:
        """Entered around the call of the pipeline; the arguments are as above."""
        return nullcontext()

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """One patch per request, in order; see `EditMethod.edit`.

        Raises:
            ModelDamaged: the result is not finite.
            LoraUnfit: a LoRA file does not fit the model.
        """
        from inference.diffusion.alignment import align
        from inference.diffusion.framing import frame, work_picture
        from inference.diffusion.inpainting import drawn_pixels
        from inference.models.loaded import facts

        model = self._models.pipeline(self.role)
        check = self._models.check
        self.facts, self.request_facts = facts(model), {}
        steps = _StepCount(requests, on_step)
        patches = []
        for request in requests:
            check()
            framing = frame(source.bounds, selection, model.side, model.multiple, request.work_size)
            seen = work_picture(source, framing)
            made = self._called(model, request, seen, steps, check)
            check()
            drawn = drawn_pixels(selection, framing) if selection is not None else None
            aligned = align(seen, made, drawn)
            self.request_facts[request.key] = aligned.facts
            patches.append(_patch(source, request, seen, aligned.picture, framing))
        steps.finish()
        return patches

    def _references(
        self, model: LoadedPipeline, request: EditRequest, pixels: int, check: CancelCheck
    ) -> list[Floats]:
        """The reference pictures of a request, each (h, w, 3) float32 0..1 sRGB.

        Each has about as many pixels as the source is drawn in: so much more memory it takes.

        Raises:
            BadSetting: the model sees one picture only.
            ExpectedError: a file is not there, is another one or no picture.
        """
        from inference.diffusion.framing import frame, work_picture
        from inference.models.families import families
        from inference.models.reference_pictures import open_references

        pictures = open_references(request, check)
        if pictures and not getattr(families()[model.found.family], "takes_references", False):
            reason = Message("reference.one_picture", model=model.found.id)
            raise BadSetting(reason, Message("do.take_several"))
        seen = []
        for one in pictures:
            size = _size_of(one, pixels, model.multiple)
            framing = frame(one.bounds, None, model.side, model.multiple, size)
            seen.append(work_picture(one, framing))
        return seen

    def _called(
        self,
        model: LoadedPipeline,
        request: EditRequest,
        seen: Floats,
        steps: _StepCount,
        check: CancelCheck,
    ) -> Floats:
        """(h, w, 3) float32 0..1: what the pipeline makes of a picture of that size."""
        import torch

        from inference.models.pipeline_lora import with_pipeline_loras

        picture = _tensor(seen)
        pixels = seen.shape[0] * seen.shape[1]
        references = [_tensor(one) for one in self._references(model, request, pixels, check)]
        with (
            torch.inference_mode(),
            with_pipeline_loras(model, values_of(request).get("lora") or ()),
            running(model, check),
            self.context(model, picture),
        ):
            output = model.pipeline(
                **self.arguments(model, request, picture, references),
                generator=torch.Generator("cpu").manual_seed(request.seed),
                callback_on_step_end=steps.on_step_end,
                output_type="np",
            )
        made = np.asarray(output.images[0], np.float32)
        if not np.isfinite(made).all():
            raise ModelDamaged(
                Message("model.not_finite", model=model.found.id), Message("do.other_model")
            )
        return made


@contextmanager
def running(model: LoadedPipeline, check: CancelCheck) -> Iterator[None]:
    """Have every layer of a pipeline call `check` first; what was hooked in is freed at the end.

    A pipeline that offloads leaves its last network on the device where it is interrupted: it goes
    back in any case.
    """
    from inference.models.interrupt import between_layers

    try:
        with between_layers(model.networks, check):
            yield
    finally:
        if model.offloads:
            model.pipeline.maybe_free_model_hooks()


def _size_of(picture: Image, pixels: int, multiple: int) -> tuple[int, int]:
    """Width and height of about so many pixels, in the picture's ratio and whole multiples."""
    scale = math.sqrt(pixels / (picture.width * picture.height))
    width, height = (
        max(1, round(side * scale / multiple)) * multiple
        for side in (picture.width, picture.height)
    )
    return width, height


def _tensor(picture: Floats) -> Tensor:
    """(h, w, 3) to (1, 3, h, w)."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None]


def as_pil(picture: Tensor) -> Any:
    """(1, 3, h, w) float 0..1 as Pillow's image, which some pipelines need; 8 bits a channel."""
    from PIL import Image as Pillow

    pixels = (picture[0].permute(1, 2, 0) * 255).round().byte()
    return Pillow.fromarray(pixels.numpy())


class _StepCount:
    """Counts the steps of all requests, one after the other."""

    def __init__(self, requests: Sequence[EditRequest], on_step: OnStep) -> None:
        self._on_step = on_step
        self._total = sum(int(values_of(r)["num_inference_steps"]) for r in requests)
        self._done = 0

    def on_step_end(
        self, pipeline: Any, step: int, timestep: Any, tensors: dict[str, Any]
    ) -> dict[str, Any]:
        """Diffusers' `callback_on_step_end`; the tensors stay as they are."""
        del pipeline, step, timestep
        self._done = min(self._done + 1, self._total)
        self._on_step(MethodProgress(self._done, self._total))
        return tensors

    def finish(self) -> None:
        """All pictures are decoded."""
        self._on_step(MethodProgress(self._total, self._total))


def _patch(
    source: Image, request: EditRequest, seen: Floats, made: Floats, framing: Framing
) -> Patch:
    """The result itself where the model saw every pixel, else a change of the source's own."""
    from inference.diffusion.full_size import full_size_patch

    if framing.scale >= 1:
        return Patch((), made.astype(np.float16), framing.placement)
    return full_size_patch(source, request.instruction, seen, made, framing)
