"""Requests, and the stock pipelines that ours must equal."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from editor.model.edit import EditRequest, Instruction
from editor.model.patch import settings_of
from inference.models.store import ModelStore


def request(
    method: str, text: str = "make it sunset", seed: int = 0, **settings: Any
) -> EditRequest:
    size = settings.pop("work_size", (0, 0))
    settings = {"num_inference_steps": 4, **settings}
    return EditRequest(
        "0" * 40, None, Instruction(text), method, 1, settings_of(settings), seed, size
    )


def stock_edit(store: ModelStore, picture: np.ndarray[Any, Any], asked: EditRequest) -> Any:
    """(h, w, 3) float 0..1 of diffusers' own pipeline, from the same folder and seed."""
    from diffusers import StableDiffusionInstructPix2PixPipeline

    found = store.model("instruct_pix2pix")
    assert found is not None
    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(
        found.folder, local_files_only=True
    )
    pipeline.set_progress_bar_config(disable=True)
    image = torch.from_numpy(picture).permute(2, 0, 1)[None]
    return pipeline(
        asked.instruction.text,
        image=image,
        generator=torch.Generator().manual_seed(asked.seed),
        output_type="np",
        **dict(asked.settings),
    ).images[0]


def stock_generate(store: ModelStore, size: tuple[int, int], asked: EditRequest) -> Any:
    from diffusers import StableDiffusionPipeline

    found = store.model("text_to_image")
    assert found is not None
    pipeline = StableDiffusionPipeline.from_pretrained(
        found.folder, local_files_only=True, safety_checker=None
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        asked.instruction.text,
        width=size[0],
        height=size[1],
        generator=torch.Generator().manual_seed(asked.seed),
        output_type="np",
        **dict(asked.settings),
    ).images[0]


def stock_image_to_image(
    store: ModelStore, picture: np.ndarray[Any, Any], asked: EditRequest
) -> Any:
    from diffusers import StableDiffusionImg2ImgPipeline

    found = store.model("text_to_image")
    assert found is not None
    pipeline = StableDiffusionImg2ImgPipeline.from_pretrained(
        found.folder, local_files_only=True, safety_checker=None
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        asked.instruction.target_prompt or asked.instruction.text,
        image=torch.from_numpy(picture).permute(2, 0, 1)[None],
        generator=torch.Generator().manual_seed(asked.seed),
        output_type="np",
        **dict(asked.settings),
    ).images[0]


def stock_inpaint(
    store: ModelStore,
    picture: np.ndarray[Any, Any],
    drawn: np.ndarray[Any, Any],
    asked: EditRequest,
) -> Any:
    """`drawn` is (h, w) bool, what is to be drawn anew."""
    from diffusers import StableDiffusionInpaintPipeline

    found = store.model("inpaint")
    assert found is not None
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(
        found.folder, local_files_only=True, safety_checker=None
    )
    pipeline.set_progress_bar_config(disable=True)
    height, width = drawn.shape
    return pipeline(
        asked.instruction.text,
        image=torch.from_numpy(picture).permute(2, 0, 1)[None],
        mask_image=torch.from_numpy(drawn.astype(np.float32))[None, None],
        height=height,
        width=width,
        generator=torch.Generator().manual_seed(asked.seed),
        output_type="np",
        **dict(asked.settings),
    ).images[0]
