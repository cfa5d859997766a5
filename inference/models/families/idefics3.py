"""SmolVLM (Marafioti et al. 2025) and Idefics3, which it is built as: captions of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from inference.models.vision_language_family import VisionLanguageFamily


class Idefics3(VisionLanguageFamily):
    """Sees the picture once. In parts, as it would by itself, it takes up to 17 times as long."""

    name = "idefics3"
    architecture: ClassVar[str] = "Idefics3ForConditionalGeneration"
    processor: ClassVar[str] = "Idefics3Processor"
    picture_options: ClassVar[Mapping[str, Any]] = {"do_image_splitting": False}


FAMILY: Final = Idefics3()
