"""Models held in each way draw the same picture; the hooks are the libraries' own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from editor.model.image import Image
from inference.models import loading
from inference.models.devices import Device
from inference.models.families import stable_diffusion
from inference.models.loaded import LoadedDiffusion
from inference.models.lora import with_loras
from inference.models.memory import placing
from inference.models.memory.plan import WHOLE, MemoryPlan, Residence
from inference.models.store import ModelStore
from inference.request.registry import method
from tests.inference import lora_files, tiny_models
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

CPU = Device("cpu", "CPU", frozenset(), 8 << 30)
WAYS = [MemoryPlan(residence=one) for one in Residence] + [MemoryPlan(tiles=True)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models whose files are of 16 bits, as most published ones are."""
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "sd", edits=False)
    tiny_models.flux_kontext(root / "kontext")
    for file in root.rglob("*.safetensors"):
        short = {key: tensor.half() for key, tensor in load_file(file).items()}
        save_file(short, file, metadata={"format": "pt"})
    return root


@pytest.fixture(autouse=True)
def _stock_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """`LeanUNet` rounds otherwise; large models never have it."""
    monkeypatch.setattr(stable_diffusion, "LARGE", 0)


def drawn(folder: Path, name: str, plan: MemoryPlan, monkeypatch: pytest.MonkeyPatch) -> Any:
    store = ModelStore([folder], device="cpu")
    role = method(name).roles[0]
    found = store.model(role)
    assert found is not None
    model = loading.load_model(found, CPU, lambda: None, plan)
    for getter in ("diffusion", "pipeline"):
        monkeypatch.setattr(store, getter, lambda role: model)
    source = Image.from_array(tiny_models.scene(64, 64))
    asked = request(name, "a boat", seed=3, num_inference_steps=2)
    (patch,) = method(name).load()(store).edit([asked], source, None, lambda step: None)
    return patch.pixels


@pytest.mark.parametrize("name", ["sdedit", "flux_kontext"])
@pytest.mark.parametrize("plan", WAYS, ids=lambda plan: plan.name)
def test_every_way_draws_the_same(
    folder: Path, name: str, plan: MemoryPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a CPU that is given out as the device: parts come and go, and the numbers stay."""
    assert np.array_equal(
        drawn(folder, name, WHOLE, monkeypatch), drawn(folder, name, plan, monkeypatch)
    )


@pytest.mark.parametrize("name", ["sdedit", "flux_kontext"])
def test_weights_kept_in_the_type_of_their_files_lose_nothing(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drawn(folder, name, WHOLE, monkeypatch)
    monkeypatch.setattr(placing, "LARGE", 0)  # else networks of this size are widened
    monkeypatch.setattr("inference.models.family.LARGE", 0)
    kept = drawn(folder, name, MemoryPlan(kept_as="float16"), monkeypatch)
    assert np.array_equal(whole, kept)


def test_they_take_half_and_a_lora_fits_them(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "LARGE", 0)
    monkeypatch.setattr("inference.models.family.LARGE", 0)
    found = ModelStore([folder]).model("text_to_image")
    assert found is not None
    plan = MemoryPlan(kept_as="float16")
    whole, kept = (loading.load_model(found, CPU, lambda: None, one) for one in (WHOLE, plan))
    assert isinstance(kept, LoadedDiffusion)
    assert kept.dtype is torch.float32
    assert kept.plan == plan
    weights = [w for m in kept.unet.modules() if isinstance(m, torch.nn.Conv2d) for w in [m.weight]]
    assert {weight.dtype for weight in weights} == {torch.float16}
    assert isinstance(whole, LoadedDiffusion)
    assert kept.nbytes < 0.8 * whole.nbytes
    matrices = lora_files.drawn(whole, {"unet": ("to_q", "ff.net.2")})
    file = lora_files.written(tmp_path / "style.safetensors", matrices, "diffusers")
    pictures = []
    for model in (whole, kept):
        with torch.inference_mode(), with_loras(model, ((str(file), 1.0),)) as adapted:
            states = torch.ones(1, 4, 16)
            pictures.append(adapted.unet(torch.ones(1, 4, 8, 8), 1, states).sample)
    assert torch.equal(*pictures)
    assert pictures[0].dtype is torch.float32


def test_tiles_are_small(folder: Path) -> None:
    found = ModelStore([folder]).model("text_to_image")
    assert found is not None
    model = loading.load_model(found, CPU, lambda: None, MemoryPlan(tiles=True))
    assert isinstance(model, LoadedDiffusion)
    assert model.vae.use_tiling
    assert model.vae.tile_sample_min_size == 256
    assert model.vae.tile_latent_min_size == 32
