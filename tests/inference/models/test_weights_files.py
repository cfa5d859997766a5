"""Weights are found and read under any names: variants, shards, indexes of other programs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from inference.models.store import ModelStore
from tests.inference import tiny_models
from tests.inference.models.small_files import safetensors

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

Rename = Callable[[Path, str], object]


def _as(name: str) -> Rename:
    return lambda file, index: file.rename(file.with_name(name))


def _shards(pattern: str, index_name: str | None) -> Rename:
    """Cut a weights file into two; the index is written under a name, or not at all."""

    def cut(file: Path, index: str) -> None:
        state = load_file(file)
        keys = sorted(state)
        names = [pattern.format(number) for number in (1, 2)]
        halves = (keys[: len(keys) // 2], keys[len(keys) // 2 :])
        for name, half in zip(names, halves, strict=True):
            save_file({key: state[key] for key in half}, file.with_name(name), {"format": "pt"})
        file.unlink()
        if index_name is not None:
            places = {key: name for name, half in zip(names, halves, strict=True) for key in half}
            path = file.with_name(index_name.format(index))
            path.write_text(json.dumps({"metadata": {}, "weight_map": places}))

    return cut


LAYOUTS: dict[str, Rename] = {
    "fp16": lambda file, index: _as(f"{file.stem}.fp16.safetensors")(file, index),
    "bf16": lambda file, index: _as(f"{file.stem}.bf16.safetensors")(file, index),
    "any name": _as("weights.safetensors"),
    "shards": lambda file, index: _shards(
        file.stem + "-0000{}-of-00002.safetensors", "{}.safetensors.index.json"
    )(file, index),
    "shards of a variant": lambda file, index: _shards(
        file.stem + ".fp16-0000{}-of-00002.safetensors", "{}.safetensors.index.fp16.json"
    )(file, index),
    "another index": _shards("part{}.safetensors", "consolidated.index.json"),
    "no index": _shards("pytorch_model-0000{}-of-00002.safetensors", None),
}


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.chat(tmp_path_factory.mktemp("weights") / "chat")


def _one_file(source: Path, folder: Path) -> Path:
    """A copy of a model with its weights in one file."""
    folder.mkdir(parents=True)
    state: dict[str, torch.Tensor] = {}
    for path in source.iterdir():
        if path.suffix == ".safetensors":
            state |= load_file(path)
        elif ".index" not in path.name:
            (folder / path.name).write_bytes(path.read_bytes())
    save_file(state, folder / "model.safetensors", {"format": "pt"})
    return folder / "model.safetensors"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_language_model_of_each_layout_loads(layout: str, language: Path, tmp_path: Path) -> None:
    file = _one_file(language, tmp_path / "model")
    state = load_file(file)
    LAYOUTS[layout](file, "model")
    assert not file.exists()
    store = ModelStore([tmp_path], device="cpu")
    assert store.refused == ()
    own = store.chat().model.state_dict()
    assert state.keys() <= own.keys()
    assert all(torch.equal(own[key], tensor) for key, tensor in state.items())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_unet_of_each_layout_loads(layout: str, tmp_path: Path, pipeline: Path) -> None:
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(pipeline, folder)
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    state = load_file(file)
    LAYOUTS[layout](file, "diffusion_pytorch_model")
    store = ModelStore([tmp_path], device="cpu")
    own = store.diffusion("text_to_image").unet.state_dict()
    assert own.keys() == state.keys()
    assert all(torch.equal(own[key], tensor) for key, tensor in state.items())


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.diffusion(tmp_path_factory.mktemp("weights") / "sd", edits=False)


def test_an_index_that_names_files_elsewhere_is_refused(language: Path, tmp_path: Path) -> None:
    file = _one_file(language, tmp_path / "models" / "model")
    file.rename(tmp_path / "outside.safetensors")
    index = file.with_name("model.safetensors.index.json")
    for names in (["../../outside.safetensors"], [["nested"]], [1.5]):
        index.write_text(json.dumps({"weight_map": dict(zip("abc", names, strict=False))}))
        store = ModelStore([tmp_path / "models"])
        assert store.found == ()
        assert len(store.refused) == 1


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    os.mkfifo(folder / "config.json")
    safetensors(folder / "model.safetensors", {"w": (1,)})
    os.mkfifo(tmp_path / "pipe.safetensors")
    (tmp_path / "zero.safetensors").symlink_to("/dev/zero")
    (tmp_path / "gone.safetensors").symlink_to(tmp_path / "unplugged" / "a.safetensors")
    store = ModelStore([tmp_path])
    assert store.found == ()
    reasons = {one.folder.name: str(one.reason) for one in store.refused}
    assert reasons == {
        "model": "config.json is no file that can be read.",
        "pipe.safetensors": "pipe.safetensors is no file that can be read.",
        "zero.safetensors": "zero.safetensors is no file that can be read.",
        "gone.safetensors": "It cannot be read: No such file or directory.",
    }


def test_a_hub_cache_is_searched_at_any_depth(language: Path, tmp_path: Path) -> None:
    hub = tmp_path / "drive" / "a" / "b" / "c" / "d" / "e" / "huggingface" / "hub"
    repository = hub / "models--own--chat"
    snapshot = repository / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (repository / "blobs").mkdir()
    for number, path in enumerate(sorted(language.iterdir())):
        blob = repository / "blobs" / f"{number:064d}"
        blob.write_bytes(path.read_bytes())
        (snapshot / path.name).symlink_to(os.path.relpath(blob, snapshot))
    for root in (tmp_path, hub, snapshot):
        store = ModelStore([root])
        assert [(one.id, one.role) for one in store.found] == [("own/chat", "chat")]
        assert store.refused == ()
