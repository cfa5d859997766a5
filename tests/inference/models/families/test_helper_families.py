"""Upscaler, subject finder and sentence encoder: what they are known by, and what they give."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from editor.errors import ExpectedError
from inference.models.loaded import LoadedSegmentation, LoadedSentenceEncoder, LoadedUpscaler
from inference.models.store import ModelStore
from tests.inference import tiny_helper_models
from tests.inference.models.small_files import safetensors

DAT_TENSORS = {
    "conv_first.weight": (4, 3, 3, 3),
    "before_RG.1.weight": (4,),
    "layers.0.blocks.0.attn.qkv.weight": (12, 4),
}


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_an_upscaler_says_its_scale_and_draws_any_size(scale: int, tmp_path: Path) -> None:
    tiny_helper_models.dat(tmp_path / "models" / "up", scale)
    loaded = ModelStore([tmp_path], device="cpu").load("upscaler", LoadedUpscaler)
    assert loaded.scale == scale
    drawn = loaded.enlarge(torch.rand(2, 3, 21, 18))
    assert drawn.shape == (2, 3, 21 * scale, 18 * scale)
    assert drawn.dtype == torch.float32
    assert float(drawn.min()) >= 0.0
    assert float(drawn.max()) <= 1.0


def test_tensors_of_other_sizes_than_the_network_has_are_refused(tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    safetensors(tmp_path / "up" / "model.safetensors", DAT_TENSORS)
    store = ModelStore([tmp_path], device="cpu")
    assert [model.family for model in store.found] == ["dat"]
    with pytest.raises(ExpectedError, match="do not have the sizes"):
        store.load("upscaler", LoadedUpscaler)


@pytest.mark.parametrize("names", [["conv_first.weight"], ["conv_first.weight", "a"]])
def test_other_upscalers_are_still_refused_by_name(names: list[str], tmp_path: Path) -> None:
    safetensors(tmp_path / "esrgan.safetensors", dict.fromkeys(names, (3,)))
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert "upscaler" in str(store.refused[0].reason)


def test_a_file_of_the_subject_finders_name_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "selfie_segmentation.tflite").write_bytes(b"no network at all")
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert "TFLite" in str(store.refused[0].reason)


def test_the_subject_finder_gives_coverage(tmp_path: Path) -> None:
    tiny_helper_models.selfie_segmentation(tmp_path / "models" / "people")
    store = ModelStore([tmp_path], device="cpu")
    loaded = store.load("segmentation", LoadedSegmentation)
    noise = torch.from_numpy(np.random.default_rng(0).random((3, 256, 256), np.float32))
    coverage = loaded.coverage(noise)
    assert coverage.shape == (256, 256)
    assert float(coverage.min()) >= 0.0
    assert float(coverage.max()) <= 1.0
    assert float(coverage.mean()) < 0.5  # nobody is there
    assert store.loaded_bytes == loaded.found.bytes == 249_505


def test_sentences_become_unit_vectors_that_padding_does_not_change(tmp_path: Path) -> None:
    tiny_helper_models.sentence_transformers(tmp_path / "models" / "words")
    loaded = ModelStore([tmp_path], device="cpu").load("sentence_encoder", LoadedSentenceEncoder)
    alone = loaded.encode(["make it warmer"])
    beside = loaded.encode(["make it warmer", "make it red red red red red"])
    assert alone.shape == (1, 16)
    assert torch.allclose(beside.norm(dim=-1), torch.ones(2), atol=1e-6)
    assert torch.allclose(alone[0], beside[0], atol=1e-6)


def test_another_pooling_is_refused(tmp_path: Path) -> None:
    folder = tiny_helper_models.sentence_transformers(tmp_path / "words")
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert "sentence vectors" in str(store.refused[0].reason)
