"""Checkpoints of several programs, read as tables of tensors."""

from __future__ import annotations

import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from inference.models.downloads.steps.read_pickle import read_pickle

WEIGHTS = {"a": torch.arange(4.0), "b": torch.ones(2, 2)}


def written(file: Path, state: Any) -> Path:
    torch.save(state, file)
    return file


@pytest.mark.parametrize("key", ["", "params_ema", "params", "state_dict", "model"])
def test_weights_are_found_where_each_program_puts_them(key: str, tmp_path: Path) -> None:
    state: Any = {key: OrderedDict(WEIGHTS), "global_step": 7} if key else dict(WEIGHTS)
    found = read_pickle(written(tmp_path / "w.ckpt", state))
    assert found.keys() == WEIGHTS.keys()
    assert torch.equal(found["a"], WEIGHTS["a"])


def test_a_textual_inversion_of_the_authors_code_keeps_its_vectors(tmp_path: Path) -> None:
    vectors = torch.nn.Parameter(torch.ones(3, 8))
    state = {"string_to_token": {"*": torch.tensor(265)}, "string_to_param": {"*": vectors},
             "name": "cat", "step": 100, "sd_checkpoint": None}  # fmt: skip
    found = read_pickle(written(tmp_path / "cat.pt", state))
    assert found.keys() == {"emb_params"}
    assert torch.equal(found["emb_params"], torch.ones(3, 8))
    assert not found["emb_params"].requires_grad


def test_objects_of_the_training_beside_the_weights_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("pytorch_lightning.callbacks.model_checkpoint")

    class ModelCheckpoint:
        """As Stable Diffusion's first checkpoints hold it: a class and an object of it."""

    ModelCheckpoint.__module__, ModelCheckpoint.__qualname__ = module.__name__, "ModelCheckpoint"
    module.ModelCheckpoint = ModelCheckpoint  # type: ignore[attr-defined]
    for name in ("pytorch_lightning", "pytorch_lightning.callbacks", module.__name__):
        monkeypatch.setitem(sys.modules, name, module)
    callback = ModelCheckpoint()
    callback.best = 1.0  # type: ignore[attr-defined]
    state = {"state_dict": WEIGHTS, "callbacks": {ModelCheckpoint: callback}}
    file = written(tmp_path / "v1-4.ckpt", state)
    monkeypatch.undo()
    assert "pytorch_lightning" not in sys.modules
    assert read_pickle(file).keys() == WEIGHTS.keys()


class Asking:
    """Pickled, it asks for a function."""

    def __reduce__(self) -> Any:
        return eval, ("1",)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"a": torch.ones(1), "b": Asking()}, r"it asks for code \(.*eval\)"),
        ({"a": torch.ones(1), "b": "words"}, "more than weights"),
        ({"epoch": 3}, "no weights"),
        ([torch.ones(1)], "no table of weights"),
    ],
)
def test_what_is_no_table_of_weights_is_refused(state: Any, sentence: str, tmp_path: Path) -> None:
    file = written(tmp_path / "w.pth", state)
    with pytest.raises(ValueError, match=sentence):
        read_pickle(file)


@pytest.mark.parametrize("zipped", [True, False])
def test_damaged_files_and_the_older_form(zipped: bool, tmp_path: Path) -> None:
    file = tmp_path / "w.pth"
    torch.save(WEIGHTS, file, _use_new_zipfile_serialization=zipped)
    assert read_pickle(file).keys() == WEIGHTS.keys()
    torch.save({"a": Asking()}, file, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ValueError, match=r"code|more than weights"):
        read_pickle(file)
    file.write_bytes(file.read_bytes()[:30])
    with pytest.raises(ValueError, match="damaged"):
        read_pickle(file)
