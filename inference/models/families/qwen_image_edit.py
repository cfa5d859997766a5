"""Qwen-Image-Edit (Wu et al. 2025): edits, with Qwen2.5-VL as its text encoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from inference.models.pipeline_family import PipelineFamily


class QwenImageEditFamily(PipelineFamily):
    """The text encoder sees the picture beside the words, the transformer beside the noise."""

    name = "qwen-image-edit"
    roles = ("qwen_image_edit",)
    pipeline: ClassVar[str] = "QwenImageEditPipeline"
    parts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "tokenizer": ("Qwen2Tokenizer", "Qwen2TokenizerFast"),
        "processor": ("Qwen2VLProcessor",),
        "text_encoder": ("Qwen2_5_VLForConditionalGeneration",),
        "vae": ("AutoencoderKLQwenImage",),
        "transformer": ("QwenImageTransformer2DModel",),
    }

    def assembled(self, parts: Mapping[str, Any], index: Mapping[str, Any]) -> Any:
        """See `PipelineFamily.assembled`."""
        import diffusers

        return getattr(diffusers, self.pipeline)(**parts)


FAMILY: Final = QwenImageEditFamily()
