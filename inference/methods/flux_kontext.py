from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from editor.messages import Message
from editor.model.edit import EditRequest
from inference.diffusion.pipeline_method import PipelineMethod
from inference.request.fit import FitContext
from inference.request.registry import MethodInfo, values_of
from inference.request.settings import loras, setting, steps

if TYPE_CHECKING:
    from torch import Tensor

    from inference.models.loaded import LoadedPipeline


def _fit(context: FitContext) -> float:
    """Knows every picture, and is slow: a model of the picture's own world goes first."""
    return 0.6 if context.readable and not context.painted else 0.95


INFO: Final = MethodInfo(
    name="flux_kontext",
    version=2,
    title=Message("method.flux_kontext.title"),
    summary=Message("method.flux_kontext.summary"),
    implementation=f"{__name__}:FluxKontext",
    roles=("flux_kontext",),
    fit=_fit,
    preview=(("num_inference_steps", 6),),
    cost=60.0,
    settings=(
        steps(28),
        setting("guidance_scale", default=2.5, minimum=1.0, maximum=10.0),
        loras(),
    ),
)


class FluxKontext(PipelineMethod):
    """Edits by an instruction with FLUX.1 Kontext (Batifol et al. 2025), by diffusers' pipeline."""

    role: ClassVar[str] = "flux_kontext"

    def arguments(
        self,
        model: LoadedPipeline,
        request: EditRequest,
        picture: Tensor,
        references: Sequence[Tensor] = (),
    ) -> dict[str, Any]:
        """The artist's words, and the picture at the size that it is drawn in."""
        height, width = picture.shape[-2:]
        values = values_of(request)
        return {
            "prompt": request.instruction.text,
            "image": picture,
            "height": height,
            "width": width,
            "max_area": height * width,
            "_auto_resize": False,  # it would snap to one of 17 sizes, and shift the picture
            "num_inference_steps": values["num_inference_steps"],
            "guidance_scale": values["guidance_scale"],
        }
