from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from editor.messages import Message
from editor.model.edit import EditRequest
from inference.diffusion.pipeline_method import PipelineMethod, as_pil
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import loras, references, setting, steps

if TYPE_CHECKING:
    from torch import Tensor

    from inference.models.loaded import LoadedPipeline


def _fit(context: FitContext) -> float:
    """Knows every picture; a model of the picture's own world goes first."""
    return 0.6 if context.readable and not context.painted else 0.96


INFO: Final = MethodInfo(
    name="flux2_klein",
    version=1,
    title=Message("method.flux2_klein.title"),
    summary=Message("method.flux2_klein.summary"),
    implementation=f"{__name__}:Flux2Klein",
    roles=("flux2_klein",),
    fit=_fit,
    cost=20.0,
    settings=(
        steps(4),
        setting("guidance_scale", default=4.0, minimum=1.0, maximum=10.0),
        references(3),
        loras(),
    ),
)


class Flux2Klein(PipelineMethod):
    """Edits by an instruction with FLUX.2 Klein, by diffusers' pipeline.

    Guidance counts for models that are not distilled ("base") alone.
    """

    role: ClassVar[str] = "flux2_klein"

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
        guidance = {"guidance_scale": values["guidance_scale"]} if is_guided(model) else {}
        return {
            "prompt": request.instruction.text,
            "image": pictures if references else pictures[0],
            "height": height,
            "width": width,
            "num_inference_steps": values["num_inference_steps"],
            **guidance,
        }


def is_guided(model: LoadedPipeline) -> bool:
    """True for models that are not distilled; the pipeline of others may not take a scale."""
    return not model.pipeline.config.get("is_distilled", True)
