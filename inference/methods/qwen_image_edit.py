from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final

from editor.messages import Message
from editor.model.edit import EditRequest
from inference.diffusion.pipeline_method import PipelineMethod, as_pil
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import loras, negative_prompt, references, steps, text_guidance

if TYPE_CHECKING:
    from torch import Tensor

    from inference.models.loaded import LoadedPipeline

_MEGAPIXEL: Final = 1024 * 1024
_NOTHING: Final = " "
"""What guidance leads away from, as in the model's own examples."""


def _fit(context: FitContext) -> float:
    """Knows every picture, and is slow: a model of the picture's own world goes first."""
    return 0.6 if context.readable and not context.painted else 0.94


INFO: Final = MethodInfo(
    name="qwen_image_edit",
    version=1,
    title=Message("method.qwen_image_edit.title"),
    summary=Message("method.qwen_image_edit.summary"),
    implementation=f"{__name__}:QwenImageEdit",
    roles=("qwen_image_edit",),
    fit=_fit,
    preview=(("num_inference_steps", 8),),
    cost=120.0,
    settings=(steps(40), text_guidance(default=4.0), negative_prompt(), references(2), loras()),
)


class QwenImageEdit(PipelineMethod):
    """Edits by an instruction with Qwen-Image-Edit (Wu et al. 2025), by diffusers' pipelines."""

    role: ClassVar[str] = "qwen_image_edit"

    def arguments(
        self,
        model: LoadedPipeline,
        request: EditRequest,
        picture: Tensor,
        references: Sequence[Tensor] = (),
    ) -> dict[str, Any]:
        """The artist's words, and the picture at the size that it is drawn in, first of several."""
        height, width = picture.shape[-2:]
        values = values_of(request)
        pictures = [as_pil(picture), *map(as_pil, references)]
        guidance = values["guidance_scale"]
        return {
            "prompt": request.instruction.text,
            "negative_prompt": (values["negative_prompt"] or _NOTHING) if guidance > 1 else None,
            "true_cfg_scale": guidance,
            "image": pictures if references else pictures[0],
            "height": height,
            "width": width,
            "num_inference_steps": values["num_inference_steps"],
        }

    @contextmanager
    def context(self, model: LoadedPipeline, picture: Tensor) -> Iterator[None]:
        """The source keeps its size.

        The pipelines draw in the size that they are called with, but give the network the source in
        a size of a megapixel with sides in steps of 32, so that its pixels lie elsewhere than those
        that are drawn. That size comes from a function of their module, in whose place another one
        stands here during the call.
        """
        module: Any = sys.modules[type(model.pipeline).__module__]
        own = module.calculate_dimensions
        height, width = picture.shape[-2:]

        def calculate_dimensions(target_area: int, ratio: float) -> tuple[Any, ...]:
            # Smaller areas are of the picture that goes with the words, which may lie anyhow; other
            # ratios are of reference pictures, which are as large as the source.
            is_drawn = target_area == _MEGAPIXEL
            computed: tuple[Any, ...] = own(width * height if is_drawn else target_area, ratio)
            is_source = is_drawn and ratio == width / height
            return (width, height, *computed[2:]) if is_source else computed

        module.calculate_dimensions = calculate_dimensions
        try:
            yield
        finally:
            module.calculate_dimensions = own
