"""Qwen2.5-VL (Bai et al. 2025): captions of pictures."""

from __future__ import annotations

from typing import ClassVar, Final

from inference.models.vision_language_family import VisionLanguageFamily


class Qwen25VL(VisionLanguageFamily):
    """Sees pictures in their own shape."""

    name = "qwen2.5-vl"
    architecture: ClassVar[str] = "Qwen2_5_VLForConditionalGeneration"
    processor: ClassVar[str] = "Qwen2_5_VLProcessor"


FAMILY: Final = Qwen25VL()
