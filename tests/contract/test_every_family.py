"""What every family of models promises, on small folders in their true layouts."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from editor.errors import ExpectedError
from inference.models.families import families
from inference.models.loaded import (
    LoadedHead,
    LoadedSegmentation,
    LoadedSentenceEncoder,
    LoadedUpscaler,
)
from inference.models.store import ModelStore
from inference.request.registry import METHODS
from tests.contract.without_network import refuse_connections
from tests.inference import (
    tiny_helper_models,
    tiny_models,
    tiny_pipelines,
    tiny_vision_language_models,
    tiny_xl_models,
)

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

FOLDERS: dict[str, Callable[[Path], Path]] = {
    "aesthetic-head": tiny_models.aesthetic_head,
    "blip": tiny_models.blip,
    "causal-language": tiny_models.gpt2,
    "dat": tiny_helper_models.dat,
    "florence-2": tiny_vision_language_models.florence2,
    "flux2-klein": tiny_pipelines.flux2_klein,
    "flux2-klein-kv": partial(tiny_pipelines.flux2_klein, kv=True),
    "flux-kontext": tiny_models.flux_kontext,
    "human-preference": tiny_models.human_preference,
    "idefics3": tiny_vision_language_models.idefics3,
    "instruct-pix2pix": partial(tiny_models.diffusion, edits=True),
    "open-clip": tiny_models.open_clip,
    "sdxl-inpainting": partial(tiny_xl_models.sdxl, use="Inpaint"),
    "sdxl-instruct-pix2pix": partial(tiny_xl_models.sdxl, use="InstructPix2Pix"),
    "qwen-image-edit": tiny_pipelines.qwen_image_edit,
    "qwen-image-edit-plus": partial(tiny_pipelines.qwen_image_edit, plus=True),
    "qwen2.5-vl": tiny_vision_language_models.qwen2_5_vl,
    "selfie-segmentation": tiny_helper_models.selfie_segmentation,
    "sentence-transformers": tiny_helper_models.sentence_transformers,
    "siglip": tiny_vision_language_models.siglip,
    "stable-diffusion": partial(tiny_models.diffusion, edits=False),
    "stable-diffusion-inpainting": tiny_models.inpainting,
    "stable-diffusion-xl": tiny_xl_models.sdxl,
    "super-resolution": tiny_helper_models.super_resolution,
    "transformers-clip": tiny_models.transformers_clip,
}
"""A new family adds a line: how a small folder of its layout is made."""

LOADED: dict[str, Callable[[ModelStore], Any]] = {
    "captioner": ModelStore.captioner,
    "language": ModelStore.language,
    "chat": ModelStore.chat,
    "clip": ModelStore.clip,
    "aesthetic": lambda store: store.load("aesthetic", LoadedHead),
    "preference": lambda store: store.clip("preference"),
    "text_to_image": lambda store: store.diffusion("text_to_image"),
    "instruct_pix2pix": lambda store: store.diffusion("instruct_pix2pix"),
    "inpaint": lambda store: store.diffusion("inpaint"),
    "flux_kontext": lambda store: store.pipeline("flux_kontext"),
    "flux2_klein": lambda store: store.pipeline("flux2_klein"),
    "qwen_image_edit": lambda store: store.pipeline("qwen_image_edit"),
    "upscaler": lambda store: store.load("upscaler", LoadedUpscaler),
    "segmentation": lambda store: store.load("segmentation", LoadedSegmentation),
    "sentence_encoder": lambda store: store.load("sentence_encoder", LoadedSentenceEncoder),
}

NAMES = sorted(families())

WITHOUT_CONFIG = {"dat", "selfie-segmentation", "super-resolution"}
"""Families of one file that says all there is to know."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a family, made once."""
    root = tmp_path_factory.mktemp("families")

    def folder(name: str) -> Path:
        path = root / name / "model"
        if not path.exists():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                FOLDERS[name](path)
        return path

    return folder


def test_every_family_has_a_folder_here_and_every_role_a_family() -> None:
    assert sorted(FOLDERS) == NAMES
    roles = {role for family in families().values() for role in family.roles}
    assert roles == set(LOADED)
    assert {role for info in METHODS.values() for role in info.roles} <= roles
    for name, family in families().items():
        assert family.name == name


@pytest.mark.parametrize("name", NAMES)
def test_its_folder_is_known_to_it_alone(name: str, made: Callable[[str], Path]) -> None:
    store = ModelStore([made(name).parent], device="cpu")
    assert [(model.family, model.id) for model in store.found] == [(name, "model")]
    assert store.found[0].role in families()[name].roles
    assert store.refused == ()


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_without_a_network_and_is_named_by_its_digest(
    name: str, made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_connections(monkeypatch)
    store = ModelStore([made(name).parent], device="cpu")
    (model,) = store.found
    assert LOADED[model.role](store).found == model
    assert store.is_loaded(model.role)
    assert store.loaded_bytes > 0
    ref = store.ref(model)
    assert (ref.family, ref.id, ref.digest) == (name, "model", store.digest(model))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_short_is_refused_in_a_sentence(
    name: str, made: Callable[[str], Path], tmp_path: Path
) -> None:
    shutil.copytree(made(name), tmp_path / "model")
    (model,) = ModelStore([tmp_path]).found
    weights = model.weights[0]
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size * 2 // 3])
    store = ModelStore([tmp_path], device="cpu")
    if store.found:  # headers are whole: found out when it is loaded
        with pytest.raises(ExpectedError) as caught:
            LOADED[model.role](store)
        sentence = str(caught.value.message)
    else:
        (refused,) = store.refused
        sentence = str(refused.reason)
    assert len(sentence) > 10
    assert "Error" not in sentence
    assert "\n" not in sentence
    assert not store.is_loaded(model.role)


@pytest.mark.parametrize("name", sorted(set(NAMES) - WITHOUT_CONFIG))
def test_a_config_that_is_no_config_is_refused_in_a_sentence(
    name: str, made: Callable[[str], Path], tmp_path: Path
) -> None:
    shutil.copytree(made(name), tmp_path / "model")
    known = ("model_index.json", "open_clip_config.json", "config.json")
    config = next(tmp_path / "model" / file for file in known if (made(name) / file).exists())
    config.write_text("[1, 2")
    store = ModelStore([tmp_path])
    assert store.found == ()
    (refused,) = store.refused
    assert config.name in str(refused.reason)
