"""Models of people's taste on small networks of the true layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from editor.model.image import Image
from inference.models.score_head import ScoreHead
from inference.models.store import ModelStore
from inference.vision.clip.beauty import Beauty, BeautyJudge
from inference.vision.clip.embeddings import Embeddings
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

PICTURES = [Image.from_array(tiny_models.scene(40 + 8 * i, 32)) for i in range(3)]
CAPTIONS = ["a red house", "", "a tree at night"]


def rated(root: Path) -> list[Beauty]:
    store = ModelStore([root], device="cpu")
    return BeautyJudge(store, Embeddings(store)).rate(PICTURES, CAPTIONS)


def write_head(folder: Path, architecture: str, inputs: int, clip_weights: str) -> Any:
    folder.mkdir()
    torch.manual_seed(3)
    head = ScoreHead(inputs, (8, 6, 4, 2, 1)).eval()
    save_file(head.to_tensors(), folder / "model.safetensors")
    config = {"architectures": [architecture], "clip_weights": clip_weights}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return head


def digest_and_features(root: Path) -> tuple[str, Any]:
    store = ModelStore([root], device="cpu")
    embeddings = Embeddings(store)
    return embeddings.digest, embeddings.pictures(PICTURES)


def test_without_models_of_taste_nothing_is_said(tmp_path: Path) -> None:
    tiny_models.open_clip(tmp_path / "clip")
    assert rated(tmp_path) == [Beauty()] * 3


def test_heads_rate_the_features_of_their_clip(tmp_path: Path) -> None:
    tiny_models.open_clip(tmp_path / "clip")
    digest, features = digest_and_features(tmp_path)
    width = features.shape[1]
    head = write_head(tmp_path / "aesthetic", "AestheticPredictor", width, digest)
    write_head(tmp_path / "preference", "PreferenceHead", 3 * width, digest)
    found = rated(tmp_path)
    wanted = head(torch.from_numpy(features)).tolist()
    assert [one.aesthetic for one in found] == pytest.approx(wanted, abs=1e-5)
    assert [one.preference is None for one in found] == [False, True, False]


def test_a_head_of_another_clip_is_left_out(tmp_path: Path) -> None:
    tiny_models.open_clip(tmp_path / "clip")
    _, features = digest_and_features(tmp_path)
    write_head(tmp_path / "aesthetic", "AestheticPredictor", features.shape[1], "another")
    assert rated(tmp_path) == [Beauty()] * 3


@pytest.mark.parametrize("name", ["PickScore_v1", "HPSv2.1"])
@pytest.mark.parametrize("make", [tiny_models.transformers_clip, tiny_models.open_clip])
def test_pickscore_and_hps_are_clip_with_their_scale(tmp_path: Path, name: str, make: Any) -> None:
    make(tmp_path / name)
    store = ModelStore([tmp_path], device="cpu")
    assert [(one.role, one.family) for one in store.found] == [("preference", "human-preference")]
    found = BeautyJudge(store, Embeddings(store)).rate(PICTURES, CAPTIONS)
    clip = store.clip("preference")
    own = Embeddings(store, role="preference")
    cosine = own.pictures(PICTURES)[0] @ own.texts(["a red house"])[0]
    scale = float(np.exp(clip.model.logit_scale.item()))
    assert found[0].preference == pytest.approx(scale * float(cosine), rel=1e-4)
    assert found[1].preference is None
    assert found[0].aesthetic is None


def test_a_plain_clip_is_no_model_of_taste(tmp_path: Path) -> None:
    tiny_models.open_clip(tmp_path / "clip")
    assert ModelStore([tmp_path], device="cpu").model("preference") is None
