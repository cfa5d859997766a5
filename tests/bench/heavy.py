"""What a first diffusion edit has to import."""

from __future__ import annotations

from typing import Any

_alive: list[Any] = []


def import_pipeline() -> None:
    """torch, diffusers, transformers: the InstructPix2Pix pipeline."""
    import torch

    if torch.version.cuda is None and not _alive:
        # Two operator names that torchvision's compiled part would bring.
        library = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _alive.append(library)
    from diffusers import StableDiffusionInstructPix2PixPipeline

    assert StableDiffusionInstructPix2PixPipeline
