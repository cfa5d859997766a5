"""What only a GPU shows: the device that is chosen, half precision, memory given back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.image import Image
from inference.methods.instruct_pix2pix import InstructPix2Pix
from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = [pytest.mark.gpu, pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("gpu-models")
    tiny_models.diffusion(root / "ip2p", edits=True)
    return root


def edited(store: ModelStore) -> Any:
    source = Image.from_array(tiny_models.scene(64, 64))
    asked = [request("instruct_pix2pix", seed=seed) for seed in (1, 2)]
    patches = InstructPix2Pix(store).edit(asked, source, None, lambda step: None)
    return np.stack([patch.pixels for patch in patches if patch.pixels is not None])


def test_the_gpu_is_chosen(folder: Path) -> None:
    model = ModelStore([folder]).diffusion("instruct_pix2pix")
    assert model.device.type == "cuda"
    assert next(model.unet.parameters()).is_cuda


def test_the_same_job_gives_the_same_pixels_close_to_those_of_the_cpu(folder: Path) -> None:
    store = ModelStore([folder])
    first = edited(store)
    assert np.isfinite(first).all()
    assert np.array_equal(first, edited(store))
    assert np.abs(first - edited(ModelStore([folder], device="cpu"))).max() <= 8 / 255


def test_half_precision_stays_close(folder: Path) -> None:
    model = ModelStore([folder]).diffusion("instruct_pix2pix")
    noisy = torch.randn(1, 8, 8, 8, device="cuda")
    states = torch.randn(1, 77, model.unet.config.cross_attention_dim, device="cuda")
    time = torch.tensor(500, device="cuda")
    with torch.inference_mode():
        whole = model.unet.float()(noisy, time, states, return_dict=False)[0]
        half = model.unet.half()(noisy.half(), time, states.half(), return_dict=False)[0]
    assert torch.isfinite(half).all()
    assert (whole - half.float()).abs().max() <= 0.05 * whole.abs().max()
