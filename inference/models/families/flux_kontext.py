"""FLUX.1 Kontext (Batifol et al. 2025)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from inference.models.pipeline_family import PipelineFamily


class FluxKontextFamily(PipelineFamily):
    """A flow transformer with CLIP's and T5's text encoders; it sees the picture beside the noise.

    Sizes are chosen by the method and not by the pipeline, which would snap to 17 fixed ones and
    shift what is in the picture.
    """

    name = "flux-kontext"
    roles = ("flux_kontext",)
    pipeline: ClassVar[str] = "FluxKontextPipeline"
    parts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "tokenizer": ("CLIPTokenizer", "CLIPTokenizerFast"),
        "tokenizer_2": ("T5TokenizerFast", "T5Tokenizer"),
        "text_encoder": ("CLIPTextModel",),
        "text_encoder_2": ("T5EncoderModel",),
        "vae": ("AutoencoderKL",),
        "transformer": ("FluxTransformer2DModel",),
    }

    def assembled(self, parts: Mapping[str, Any], index: Mapping[str, Any]) -> Any:
        """See `PipelineFamily.assembled`."""
        import diffusers

        return diffusers.FluxKontextPipeline(**parts)


FAMILY: Final = FluxKontextFamily()
