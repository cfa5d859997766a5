"""UNet, autoencoder and text encoders in files of their own, as ComfyUI has them, are one model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from inference.models.discovery import search
from inference.models.found_model import FoundModel, RefusedModel
from inference.models.loaded import LoadedDiffusion
from inference.models.store import ModelStore
from tests.contract.without_network import refuse_connections
from tests.inference import single_files, tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

FIRST: Final = "stable-diffusion-1"
UNET: Final = "model.diffusion_model."
VAE: Final = "first_stage_model."


def write(file: Path, state: Mapping[str, Tensor]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: one.half().contiguous().clone() for name, one in state.items()}, file)
    return file


def split(state: Mapping[str, Tensor], beginning: str) -> dict[str, Tensor]:
    start = len(beginning)
    return {name[start:]: one for name, one in state.items() if name.startswith(beginning)}


def encoder(network: Any) -> dict[str, Tensor]:
    """As transformers writes it, and ComfyUI's repacked files have it."""
    state: dict[str, Tensor] = network.state_dict()
    return {
        name if name.startswith(("text_model.", "text_projection")) else f"text_model.{name}": one
        for name, one in state.items()
    }


def tree(root: Path, channels: int = 4) -> dict[str, Any]:
    """Stable Diffusion 1 in three files; the UNet's names begin as in a checkpoint."""
    parts = single_files.networks(FIRST, channels)
    state = single_files.tensors(parts)
    unet = {name: one for name, one in state.items() if name.startswith(UNET)}
    write(root / "models" / "unet" / "painter.safetensors", unet)
    write(root / "models" / "vae" / "ft-mse.safetensors", split(state, VAE))
    write(root / "models" / "clip" / "clip_l.safetensors", encoder(parts["text_encoder"]))
    return parts


def xl_tree(root: Path, *, as_open_clip: bool) -> dict[str, Any]:
    """Stable Diffusion XL in four files, none of whose names say what is in it but one."""
    parts = single_files.networks(single_files.XL)
    state = single_files.tensors(parts)
    second = split(state, "conditioner.embedders.1.model.")
    models = root / "models"
    write(models / "diffusion_models" / "drawn.safetensors", split(state, UNET))
    write(models / "vae" / "sdxl_vae.safetensors", split(state, VAE))
    first = split(state, "conditioner.embedders.0.transformer.")
    write(models / "text_encoders" / "clip_l.safetensors", first)
    if not as_open_clip:
        second = encoder(parts["text_encoder_2"])
    write(models / "text_encoders" / "clip_g.safetensors", second)
    return parts


def check(store: ModelStore, role: str, parts: Mapping[str, Any]) -> LoadedDiffusion:
    """Every weight is what was written."""
    loaded = store.diffusion(role)
    for name, network in parts.items():
        own = getattr(loaded, name).state_dict()
        for key, tensor in network.state_dict().items():
            assert torch.equal(own[key], tensor.half().float()), (name, key)
    return loaded


def test_three_files_are_one_model_that_loads_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_connections(monkeypatch)
    parts = tree(tmp_path)
    store = ModelStore([tmp_path], device="cpu")
    (found,) = store.found
    assert (found.role, found.id, found.family) == ("text_to_image", "painter", "stable-diffusion")
    assert [one.name for one in found.weights] == [
        "painter.safetensors", "ft-mse.safetensors", "clip_l.safetensors",
    ]  # fmt: skip
    assert found.bytes == sum(file.stat().st_size for file in found.weights)
    assert found.elements == sum(p.numel() for n in parts.values() for p in n.parameters())
    assert store.refused == ()
    check(store, "text_to_image", parts)
    planned = store.planned("text_to_image")
    assert planned is not None
    assert planned.prediction.weights > found.elements


@pytest.mark.parametrize("as_open_clip", [True, False])
def test_stable_diffusion_xl_in_four_files(tmp_path: Path, *, as_open_clip: bool) -> None:
    parts = xl_tree(tmp_path, as_open_clip=as_open_clip)
    store = ModelStore([tmp_path], device="cpu")
    (found,) = store.found
    assert (found.family, found.id) == ("stable-diffusion-xl", "drawn")
    loaded = check(store, "text_to_image", parts)
    assert loaded.empty_is_zero


def test_the_channels_of_the_unet_say_what_it_is_for(tmp_path: Path) -> None:
    tree(tmp_path, channels=9)
    (found,) = search(tmp_path)
    assert isinstance(found, FoundModel)
    assert (found.role, found.family) == ("inpaint", "stable-diffusion-inpainting")


@pytest.mark.parametrize(
    ("removed", "missing"),
    [
        (("vae",), "its autoencoder (VAE)"),
        (("clip",), "its text encoder (CLIP)"),
        (("vae", "clip"), "its autoencoder (VAE), its text encoder (CLIP)"),
    ],
)
def test_a_missing_part_is_named(tmp_path: Path, removed: tuple[str, ...], missing: str) -> None:
    tree(tmp_path)
    for name in removed:
        for file in (tmp_path / "models" / name).iterdir():
            file.unlink()
    (unet,) = search(tmp_path)  # what is there of it is not refused beside it
    assert isinstance(unet, RefusedModel)
    assert unet.folder.name == "painter.safetensors"
    reason = str(unet.reason)
    assert reason == f"It is the UNet of Stable Diffusion 1 alone. Missing here: {missing}."


def test_an_autoencoder_of_another_model_is_not_taken(tmp_path: Path) -> None:
    xl_tree(tmp_path, as_open_clip=True)
    vae = tmp_path / "models" / "vae" / "sdxl_vae.safetensors"
    vae.rename(vae.with_name("ft-mse.safetensors"))
    unet, other = search(tmp_path)
    assert isinstance(unet, RefusedModel)
    assert "a file with “xl” in its name" in str(unet.reason)
    assert isinstance(other, RefusedModel)
    assert other.folder.name == "ft-mse.safetensors"


def test_parts_serve_several_models_and_those_that_nobody_needs_are_refused(tmp_path: Path) -> None:
    tree(tmp_path)
    unet = tmp_path / "models" / "unet" / "painter.safetensors"
    (unet.parent / "another.safetensors").write_bytes(unet.read_bytes())
    vae = tmp_path / "models" / "vae" / "ft-mse.safetensors"
    (vae.parent / "z.safetensors").write_bytes(vae.read_bytes())
    found = list(search(tmp_path))
    assert [one.folder.stem for one in found] == ["another", "painter", "z"]
    assert isinstance(found[-1], RefusedModel)
    assert str(found[-1].reason) == "It is only an autoencoder (VAE), one part of a model."
