"""Qwen-Image-Edit-2509 and later ("Plus"): as Qwen-Image-Edit, with a smaller picture for words."""

from __future__ import annotations

from typing import ClassVar, Final

from inference.models.families.qwen_image_edit import QwenImageEditFamily


class QwenImageEditPlusFamily(QwenImageEditFamily):
    """It can be given several pictures."""

    name = "qwen-image-edit-plus"
    pipeline: ClassVar[str] = "QwenImageEditPlusPipeline"
    takes_references: ClassVar[bool] = True


FAMILY: Final = QwenImageEditPlusFamily()
