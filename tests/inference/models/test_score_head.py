"""Heads of LAION's true layouts, small."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from inference.models.head_layout import head_layout
from inference.models.loaded import LoadedHead
from inference.models.score_head import ScoreHead, both_features, load_head
from inference.models.store import ModelStore


def laion(*, relu: bool, inputs: int = 12) -> nn.Sequential:
    """`MLP.layers` of the published predictors, with narrow layers."""
    widths = (16, 8, 6, 4)
    parts: list[nn.Module] = []
    for before, after in zip((inputs, *widths[:-1]), widths, strict=True):
        parts.append(nn.Linear(before, after))
        if relu:
            parts.append(nn.ReLU())
        if after != widths[-1]:
            parts.append(nn.Dropout(0.2))
    return nn.Sequential(*parts, nn.Linear(widths[-1], 1)).eval()


@pytest.mark.parametrize("relu", [False, True])
def test_the_second_predictor_gives_what_the_published_class_gives(
    tmp_path: Path, relu: bool
) -> None:
    network = laion(relu=relu)
    file = tmp_path / "model.safetensors"
    save_file({f"layers.{k}": v for k, v in network.state_dict().items()}, file)
    features = torch.randn(3, 12)
    head = load_head(file)
    assert head.activation == relu
    torch.testing.assert_close(head(features), network(features).squeeze(-1))


def test_the_first_predictor_is_one_layer(tmp_path: Path) -> None:
    layer = nn.Linear(12, 1)
    file = tmp_path / "sa_0_4_vit_l_14_linear.safetensors"
    save_file(layer.state_dict(), file)
    features = torch.randn(3, 12)
    torch.testing.assert_close(load_head(file)(features), layer(features).squeeze(-1))
    (found,) = ModelStore([tmp_path], device="cpu").found
    assert (found.role, found.family) == ("aesthetic", "aesthetic-head")


@pytest.mark.parametrize("activation", [False, True])
def test_what_is_written_comes_back(tmp_path: Path, activation: bool) -> None:
    head = ScoreHead(12, (8, 6, 4, 2, 1), activation=activation)
    save_file(head.to_tensors(), tmp_path / "model.safetensors")
    features = torch.randn(3, 12)
    torch.testing.assert_close(load_head(tmp_path / "model.safetensors")(features), head(features))


def test_other_tensors_are_no_head() -> None:
    assert head_layout({"weight": (2, 12), "bias": (2,)}) is None
    assert head_layout({"layers.0.weight": (1, 12), "layers.0.bias": (1,)}) is None
    assert head_layout({"weight": (1, 12), "bias": (1,), "other": (1,)}) is None
    broken = {f"layers.{n}.{p}": (4, 12) if p == "weight" else (4,)
              for n in (0, 2, 4, 6, 7) for p in ("weight", "bias")}  # fmt: skip
    assert head_layout(broken) is None


def test_a_config_names_what_a_head_rates(tmp_path: Path) -> None:
    folder = tmp_path / "preference"
    folder.mkdir()
    save_file(ScoreHead(36, (8, 6, 4, 2, 1)).to_tensors(), folder / "model.safetensors")
    config = {"architectures": ["PreferenceHead"], "clip_weights": "d1"}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    store = ModelStore([tmp_path], device="cpu")
    assert [one.role for one in store.found] == ["preference"]
    head = store.load("preference", LoadedHead)
    assert head.clip_weights == "d1"
    assert head.model.inputs == 36


def test_pictures_and_captions_are_seen_together() -> None:
    pictures, texts = torch.eye(4)[:2], torch.eye(4)[1:3]
    seen = both_features(pictures, texts)
    assert seen.shape == (2, 12)
    assert torch.equal(seen[:, :4], pictures)
    assert torch.equal(seen[:, 8:], 2 * pictures * texts)
