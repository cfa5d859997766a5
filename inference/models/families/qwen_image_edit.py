"""Qwen-Image-Edit (Wu et al. 2025): edits, with Qwen2.5-VL as its text encoder."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from inference.models.pipeline_family import PipelineFamily, lent_chat
from inference.models.vision_language_family import QUESTION

if TYPE_CHECKING:
    from inference.models.loaded import LoadedModel

_ASKED: Final = (
    f"<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>{QUESTION}<|im_end|>\n"
    "<|im_start|>assistant\n"
)
"""The question in Qwen2.5-VL's template, which the pipeline's folder need not have."""


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
    lends: ClassVar[tuple[str, ...]] = ("captioner", "chat")

    def assembled(self, parts: Mapping[str, Any], index: Mapping[str, Any]) -> Any:
        """See `PipelineFamily.assembled`."""
        import diffusers

        return getattr(diffusers, self.pipeline)(**parts)

    def lent(self, role: str, loaded: LoadedModel) -> LoadedModel:
        """Qwen2.5-VL, which reads the words, says what a picture shows, and answers."""
        from inference.models.loaded import LoadedCaptioner, LoadedPipeline

        if role == "chat":
            return lent_chat(loaded)
        assert isinstance(loaded, LoadedPipeline)
        parts = loaded.pipeline
        processor = copy.deepcopy(parts.processor)  # the pipeline's own pads at the other side
        processor.tokenizer.padding_side = "left"
        return LoadedCaptioner(
            replace(loaded.found, role=role),
            parts.text_encoder,
            processor,
            loaded.device,
            loaded.dtype,
            prompt=_ASKED,
        )


FAMILY: Final = QwenImageEditFamily()
