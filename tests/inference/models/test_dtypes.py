"""Which type a family's networks are kept in on a device, and a model in bfloat16."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.image import Image
from inference.methods.generate import Generate
from inference.models.devices import Device
from inference.models.families import families
from inference.models.family import LARGE
from inference.models.found_model import FoundModel
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

VOLTA = Device("cuda", "V100", frozenset({"float16"}), 16 << 30)
AMPERE = Device("cuda", "A100", frozenset({"float16", "bfloat16"}), 40 << 30)
CPU = Device("cpu", "CPU", frozenset(), 8 << 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return tiny_models.diffusion(tmp_path_factory.mktemp("types") / "sd", edits=False)


@pytest.fixture
def large(folder: Path) -> FoundModel:
    found = ModelStore([folder]).model("text_to_image")
    assert found is not None
    return replace(found, elements=LARGE)


def test_the_first_type_of_the_family_that_the_device_computes(
    large: FoundModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = families()[large.family]
    for device, name, size in ((VOLTA, "float16", 2), (AMPERE, "float16", 2), (CPU, "float32", 4)):
        assert family.dtype_name(large, device) == name
        assert family.expected_bytes(large, device) == large.elements * size
    small = replace(large, elements=LARGE - 1)
    assert family.dtype_name(small, AMPERE) == "float32"
    monkeypatch.setattr(type(family), "short_types", ("bfloat16",))
    assert family.dtype_name(large, AMPERE) == "bfloat16"
    assert family.dtype_name(large, VOLTA) == "float32"
    assert family.dtype_name(large, replace(AMPERE, short_types=frozenset())) == "float32"


def test_ranking_and_captions_stay_in_float32(large: FoundModel) -> None:
    for name in ("blip", "open-clip", "transformers-clip"):
        assert families()[name].dtype_name(large, AMPERE) == "float32"


def test_a_model_in_bfloat16_draws_the_same_picture_up_to_rounding(
    large: FoundModel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a CPU that is given out as one that computes it: slow, and the same numbers."""
    family = families()[large.family]
    asked = request("generate", "a boat", seed=3, guidance_scale=1.0)
    paper = Image.from_array(np.full((64, 64, 3), 255, np.uint8))
    pictures: list[Any] = []
    for types in ((), ("bfloat16",)):
        monkeypatch.setattr(type(family), "short_types", types)
        model = family.load(large, replace(CPU, short_types=frozenset(types)), lambda: None)
        assert isinstance(model, LoadedDiffusion)
        assert model.dtype == (torch.bfloat16 if types else torch.float32)
        assert model.dtype == next(model.unet.parameters()).dtype
        assert model.vae.dtype == torch.float32
        store = ModelStore([folder], device="cpu")
        monkeypatch.setattr(store, "diffusion", lambda role, model=model: model)
        (patch,) = Generate(store).edit([asked], paper, None, lambda step: None)
        pictures.append(patch.pixels)
    assert not np.array_equal(*pictures)
    assert np.abs(pictures[0] - pictures[1]).mean() < 4 / 255
