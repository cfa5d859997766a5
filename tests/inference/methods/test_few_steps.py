"""Distilled models: known by their configs, drawn with few steps, as by their stock pipelines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.image import Image
from inference.methods.generate import INFO, Generate
from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

LCM = {"_class_name": "LCMScheduler"}
TRAILING = {"_class_name": "EulerAncestralDiscreteScheduler", "timestep_spacing": "trailing"}


def changed(folder: Path, part: str, values: Mapping[str, Any]) -> None:
    file = folder / part
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.fixture
def folder(model_tree: Path, tmp_path: Path) -> Path:
    """A text-to-image model that a test may change."""
    return Path(shutil.copytree(model_tree / "sd", tmp_path / "sd"))


@pytest.mark.parametrize(
    ("scheduler", "expected"),
    [
        (LCM, {"num_inference_steps": 4, "guidance_scale": 1.0}),
        ({"_class_name": "TCDScheduler"}, {"num_inference_steps": 4, "guidance_scale": 1.0}),
        (TRAILING, {"num_inference_steps": 4, "guidance_scale": 1.0}),
        ({**TRAILING, "prediction_type": "v_prediction"}, {}),
        ({**TRAILING, "rescale_betas_zero_snr": True}, {}),
        ({"_class_name": "EulerDiscreteScheduler"}, {}),
    ],
)
def test_few_steps_and_no_guidance_are_their_defaults(
    folder: Path, scheduler: dict[str, Any], expected: dict[str, Any]
) -> None:
    changed(folder, "scheduler/scheduler_config.json", scheduler)
    assert dict(ModelStore([folder], device="cpu").defaults(INFO)) == expected


def test_what_comes_with_a_model_goes_before(folder: Path) -> None:
    changed(folder, "scheduler/scheduler_config.json", LCM)
    (folder / "sampling.json").write_text('{"num_inference_steps": 6}')
    values = dict(ModelStore([folder], device="cpu").defaults(INFO))
    assert values == {"num_inference_steps": 6, "guidance_scale": 1.0}


def test_a_network_that_is_given_its_guidance_equals_the_stock_pipeline(folder: Path) -> None:
    from diffusers import LatentConsistencyModelPipeline, LCMScheduler, UNet2DConditionModel

    wide = UNet2DConditionModel.load_config(folder / "unet")
    torch.manual_seed(0)
    unet = UNet2DConditionModel.from_config({**wide, "time_cond_proj_dim": 8})
    unet.save_pretrained(folder / "unet")
    LCMScheduler(beta_schedule="scaled_linear").save_pretrained(folder / "scheduler")
    changed(folder, "model_index.json", {
        "_class_name": "LatentConsistencyModelPipeline", "scheduler": ["diffusers", "LCMScheduler"],
    })  # fmt: skip
    store = ModelStore([folder], device="cpu")
    assert dict(store.defaults(INFO)) == {"num_inference_steps": 4, "guidance_scale": 8.5}
    blank = Image.from_array(np.full((64, 64, 3), 255, np.uint8))
    asked = [request("generate", "a boat", seed=2, guidance_scale=scale) for scale in (8.5, 3.0)]
    stock = LatentConsistencyModelPipeline.from_pretrained(
        folder, local_files_only=True, safety_checker=None
    )
    stock.set_progress_bar_config(disable=True)
    made = Generate(store).edit(asked, blank, None, lambda step: None)
    for one, patch in zip(asked, made, strict=True):
        expected = stock(
            "a boat", width=64, height=64, generator=torch.Generator().manual_seed(2),
            output_type="np", **dict(one.settings),
        ).images[0]  # fmt: skip
        assert np.abs(patch.pixels - expected).max() <= 2 / 255
