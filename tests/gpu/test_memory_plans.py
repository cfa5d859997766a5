"""Every way of holding a model, on a card: the same picture, and weights where they belong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.image import Image
from inference.models.devices import choose_device
from inference.models.loaded import LoadedDiffusion
from inference.models.loading import load_model
from inference.models.memory.plan import WHOLE, MemoryPlan, Residence
from inference.models.store import ModelStore
from inference.request.registry import method
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = [pytest.mark.gpu, pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("gpu-plans")
    tiny_models.diffusion(root / "sd", edits=False)
    tiny_models.flux_kontext(root / "kontext")
    return root


def drawn(folder: Path, name: str, plan: MemoryPlan, monkeypatch: pytest.MonkeyPatch) -> Any:
    store = ModelStore([folder])
    found = store.model(method(name).roles[0])
    assert found is not None
    model = load_model(found, choose_device(), lambda: None, plan)
    if isinstance(model, LoadedDiffusion):
        resident = plan.residence is Residence.RESIDENT
        assert next(model.unet.parameters()).is_cuda is resident
    for getter in ("diffusion", "pipeline"):
        monkeypatch.setattr(store, getter, lambda role: model)
    source = Image.from_array(tiny_models.scene(64, 64))
    asked = request(name, "a boat", seed=3, num_inference_steps=2)
    (patch,) = method(name).load()(store).edit([asked], source, None, lambda step: None)
    return patch.pixels


@pytest.mark.parametrize("name", ["sdedit", "flux_kontext"])
@pytest.mark.parametrize("residence", list(Residence)[1:])
def test_weights_that_wait_in_main_memory_draw_the_same(
    folder: Path, name: str, residence: Residence, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drawn(folder, name, WHOLE, monkeypatch)
    parts = drawn(folder, name, MemoryPlan(residence=residence), monkeypatch)
    assert np.abs(np.asarray(whole, np.float32) - parts).max() <= 1 / 255
