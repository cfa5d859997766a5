from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.diffusion.framing import frame, work_picture
from inference.methods.sdedit import INFO, SDEdit
from inference.models.store import ModelStore
from inference.request.method_progress import MethodProgress
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request, stock_image_to_image

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

NAME = INFO.name


def nothing(step: MethodProgress) -> None:
    pass


def picture(width: int = 64, height: int = 64) -> Image:
    return Image.from_array(tiny_models.scene(width, height))


def test_equals_the_stock_pipeline(store: ModelStore, lean: bool) -> None:
    """With its own posterior sample and noise: both are drawn from the same generator."""
    source = picture()
    seen = work_picture(source, frame(source.bounds, None, 64, 64))
    asked = [
        request(NAME, "a red house", seed=3, strength=0.5),
        request(NAME, "a boat", seed=4, strength=0.75, guidance_scale=3.0),
        request(NAME, "a boat", seed=5, strength=1.0, num_inference_steps=5),
        request(NAME, "a boat", seed=5, strength=0.58, num_inference_steps=50),
    ]
    made = SDEdit(store).edit(asked, source, None, nothing)
    for one, patch in zip(asked, made, strict=True):
        assert patch.pixels is not None
        assert np.abs(patch.pixels - stock_image_to_image(store, seen, one)).max() <= 2 / 255


@pytest.mark.parametrize(
    "scheduler",
    ["DDIMScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler",
     "DPMSolverMultistepScheduler", "HeunDiscreteScheduler"],
)  # fmt: skip
def test_equals_the_stock_pipeline_with_any_scheduler(
    scheduler: str, model_tree: Path, tmp_path: Path
) -> None:
    shutil.copytree(model_tree / "sd", tmp_path / "sd")
    index = tmp_path / "sd" / "model_index.json"
    index.write_text(index.read_text().replace("PNDMScheduler", scheduler))
    file = tmp_path / "sd" / "scheduler" / "scheduler_config.json"
    values = {**json.loads(file.read_text()), "_class_name": scheduler, "clip_sample": False}
    file.write_text(json.dumps(values))
    store, source = ModelStore([tmp_path], device="cpu"), picture()
    seen = work_picture(source, frame(source.bounds, None, 64, 64))
    asked = request(NAME, "a boat", seed=3, strength=0.6, num_inference_steps=10)
    (patch,) = SDEdit(store).edit([asked], source, None, nothing)
    assert np.abs(patch.pixels - stock_image_to_image(store, seen, asked)).max() <= 2 / 255


def test_the_caption_after_is_what_is_drawn(store: ModelStore) -> None:
    words = request(NAME, "a boat in snow", seed=1, strength=0.9)
    caption = replace(words, instruction=Instruction("make it winter", "", "a boat in snow"))
    one, other = SDEdit(store).edit([words, caption], picture(), None, nothing)
    assert one.pixels is not None
    assert other.pixels is not None
    assert np.abs(one.pixels - other.pixels).max() <= 1 / 255


def test_progress_counts_the_steps_that_are_run(store: ModelStore) -> None:
    steps: list[MethodProgress] = []
    asked = [
        request(NAME, seed=1, strength=0.5, num_inference_steps=8),
        request(NAME, seed=2, strength=0.5, num_inference_steps=8),
        request(NAME, seed=3, strength=0.01, num_inference_steps=8),
    ]
    SDEdit(store).edit(asked, picture(), None, steps.append)
    last = steps[-1].total
    assert [step.number for step in steps] == [*range(1, last + 1), last]
    assert {step.total for step in steps} == {last}
    assert len(steps[0].previews) == 2  # of one strength, in one batch


def test_strength_keeps_less_of_the_picture(starter_models: Path) -> None:
    from inference.lab.storybook.render import render
    from inference.lab.storybook.samples import SAMPLES

    store = ModelStore([starter_models], device="cpu")
    _, _, caption, scene = SAMPLES[0]
    pixels = render(scene, 128)
    source = Image.from_array(pixels)
    asked = [
        request(NAME, caption, seed=1, strength=strength, num_inference_steps=20)
        for strength in (0.1, 0.5, 1.0)
    ]
    moved = [
        float(np.abs(composite.render(source, patch, None).array() / 255 - pixels / 255).mean())
        for patch in SDEdit(store).edit(asked, source, None, nothing)
    ]
    assert moved == sorted(moved)
    assert moved[0] < moved[2] / 2


@pytest.mark.parametrize("size", [(1, 1), (333, 7), (257, 129)])
def test_any_picture_size_and_the_bytes_outside_a_selection(
    store: ModelStore, size: tuple[int, int]
) -> None:
    source = picture(*size)
    width, height = size
    selection = Selection.from_rect(Rect(0, 0, max(1, width // 2), max(1, height // 2)), *size)
    (patch,) = SDEdit(store).edit([request(NAME, strength=0.9)], source, selection, nothing)
    result = composite.render(source, patch, selection)
    assert (result.width, result.height) == size
    outside = selection.array() == 0
    assert np.array_equal(result.array()[outside], source.array()[outside])
