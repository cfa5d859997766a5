"""An artist's own pickles and packed files become models, or nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from inference.models.downloads import conversion
from inference.models.downloads.conversion import ConversionFailed, convert
from inference.models.downloads.steps.read_pickle import read_pickle
from inference.models.loaded import LoadedUpscaler
from inference.models.store import ModelStore
from tests.inference import single_files, tiny_models
from tests.inference.tiny_helper_models import esrgan_tensors

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def never() -> None:
    """A check that cancels nothing."""


def converted(source: Path, models: Path) -> tuple[Path, list[str]]:
    """The new folder, and the names of the files that were read."""
    read: list[Path] = []
    folder = convert(source, models, never, read.append)
    return folder, [file.name for file in read]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step runs here: another test has it in a process of its own."""

    def step(name: str, values: Mapping[str, Any], *rest: Any, **options: Any) -> dict[str, Any]:
        assert (name, values["kind"]) == ("convert", "pickle")
        tensors = read_pickle(Path(values["file"]))
        save_file(tensors, Path(values["folder"]) / values["name"], {"format": "pt"})
        return {}

    monkeypatch.setattr(conversion, "run_step", step)


def test_a_real_esrgan_file_becomes_an_upscaler(tmp_path: Path) -> None:
    source = tmp_path / "RealESRGAN_x4plus.pth"
    torch.save({"params_ema": esrgan_tensors()}, source)
    before = source.read_bytes()
    models = tmp_path / "home" / "models"
    assert converted(source, models) == (models / "RealESRGAN_x4plus", [source.name])
    assert source.read_bytes() == before
    store = ModelStore([models], device="cpu")
    (found,) = store.found
    assert (found.role, found.id, found.family) == (
        "upscaler",
        "RealESRGAN_x4plus",
        "super-resolution",
    )
    loaded = store.load("upscaler", LoadedUpscaler)
    assert loaded.scale == 4
    assert loaded.enlarge(torch.rand(1, 3, 6, 5)).shape == (1, 3, 24, 20)


@pytest.mark.usefixtures("in_process")
def test_a_checkpoint_becomes_a_model_in_one_file(tmp_path: Path) -> None:
    parts = single_files.networks("stable-diffusion-1")
    plain = single_files.checkpoint(tmp_path / "plain.safetensors", parts)
    source = tmp_path / "own" / "v1-5.ckpt"
    source.parent.mkdir()
    torch.save({"state_dict": load_file(plain), "global_step": 1}, source)
    folder, _ = converted(source, tmp_path / "models")
    (found,) = ModelStore([folder]).found
    assert (found.role, found.id) == ("text_to_image", "v1-5")


@pytest.mark.usefixtures("in_process")
def test_a_folder_is_converted_with_its_configs_and_without_its_code(tmp_path: Path) -> None:
    source = tiny_models.gpt2(tmp_path / "gpt")
    state = load_file(source / "model.safetensors")
    (source / "model.safetensors").unlink()
    names = sorted(state)
    for number, half in enumerate((names[::2], names[1::2]), 1):
        shard = {name: state[name] for name in half}
        torch.save(shard, source / f"pytorch_model-0000{number}-of-00002.bin")
    (source / "pytorch_model.bin.index.json").write_text("{}")
    (source / "modeling_own.py").write_text("raise SystemExit")
    (source / "training_args.bin").write_bytes(b"arguments")
    assert ModelStore([source]).found == ()
    folder, read = converted(source, tmp_path / "models")
    assert len(read) == 2
    assert {path.name for path in folder.iterdir()} >= {"config.json", "tokenizer_config.json"}
    assert not list(folder.glob("*.py"))
    store = ModelStore([folder], device="cpu")
    own = store.language().model.state_dict()
    assert all(torch.equal(own[name], tensor) for name, tensor in state.items())


@pytest.mark.usefixtures("in_process")
def test_nothing_is_added_where_nothing_could_be_used(tmp_path: Path) -> None:
    models = tmp_path / "models"
    empty, words, other = (tmp_path / name for name in ("empty", "a.txt", "other.pth"))
    empty.mkdir()
    words.write_text("words")
    torch.save({"encoder.weight": torch.ones(2)}, other)
    for source, sentence in (
        (empty, "empty holds nothing to convert"),
        (words, "a.txt holds nothing to convert"),
        (other, "other was read, but cannot be used: It is a weights file without the config"),
    ):
        with pytest.raises(ConversionFailed, match=sentence):
            converted(source, models)
    assert [path.name for path in models.iterdir() if not path.name.startswith(".")] == []
    assert not list(models.glob(".downloads/*/"))
    (models / "other").mkdir()
    with pytest.raises(ConversionFailed, match="There is a model other already"):
        converted(other, models)


def test_a_pickle_that_asks_for_code_changes_nothing(tmp_path: Path) -> None:
    class Asking:
        def __reduce__(self) -> Any:
            return eval, (f"open({str(tmp_path / 'mark')!r}, 'w')",)

    source = tmp_path / "bad.ckpt"
    torch.save({"state_dict": {"a": Asking()}}, source)
    with pytest.raises(ConversionFailed, match=r"bad\.ckpt cannot be converted"):
        converted(source, tmp_path / "models")
    assert not (tmp_path / "mark").exists()
    assert not list((tmp_path / "models").glob(".downloads/*/"))
