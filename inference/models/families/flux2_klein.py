"""FLUX.2 Klein: a small FLUX.2 that edits, with a Qwen3 language model as its text encoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from inference.models.found_model import FoundModel
from inference.models.pipeline_family import PipelineFamily, index_of, lent_chat

if TYPE_CHECKING:
    from inference.models.loaded import LoadedModel

_BASE_STEPS: Final = 50
"""Of the models that are not distilled, as in diffusers' pipeline."""


class Flux2KleinFamily(PipelineFamily):
    """Distilled to four steps without guidance, or as it was trained ("base")."""

    name = "flux2-klein"
    roles = ("flux2_klein",)
    pipeline: ClassVar[str] = "Flux2KleinPipeline"
    takes_references: ClassVar[bool] = True
    lends: ClassVar[tuple[str, ...]] = ("chat",)
    parts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "tokenizer": ("Qwen2TokenizerFast", "Qwen2Tokenizer"),
        "text_encoder": ("Qwen3ForCausalLM",),
        "vae": ("AutoencoderKLFlux2",),
        "transformer": ("Flux2Transformer2DModel",),
    }

    def preferred_settings(self, model: FoundModel) -> Mapping[str, Any]:
        """Models that are not distilled need many steps."""
        distilled = index_of(model).get("is_distilled", False)
        return {} if distilled else {"num_inference_steps": _BASE_STEPS}

    def lent(self, role: str, loaded: LoadedModel) -> LoadedModel:
        """Qwen3, which reads the words, answers."""
        return lent_chat(loaded)

    def assembled(self, parts: Mapping[str, Any], index: Mapping[str, Any]) -> Any:
        """See `PipelineFamily.assembled`; the picture keeps the size that it is given in."""
        import diffusers

        distilled = bool(index.get("is_distilled", False))
        pipeline = diffusers.Flux2KleinPipeline(**parts, is_distilled=distilled)
        return keeping_sizes(pipeline)


def keeping_sizes(pipeline: Any) -> Any:
    """A pipeline of FLUX.2 that takes pictures of any size as they are.

    It draws in the size that it is called with. The stock one reduces the source alone to a
    megapixel, so that the result would lie elsewhere, and refuses sides below 64 pixels.
    """
    from diffusers.pipelines.flux2.image_processor import Flux2ImageProcessor

    class FullSize(Flux2ImageProcessor):  # type: ignore[misc]  # diffusers has no types
        @staticmethod
        def check_image_input(image: Any, *limits: int) -> Any:
            return image

        @staticmethod
        def _resize_to_target_area(image: Any, target_area: int = 0) -> Any:
            return image

    pipeline.image_processor = FullSize(vae_scale_factor=2 * pipeline.vae_scale_factor)
    return pipeline


FAMILY: Final = Flux2KleinFamily()
