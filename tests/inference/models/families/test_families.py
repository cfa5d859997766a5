"""What each family recognises, in folders of the layouts that are published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from inference.models.families import families
from inference.models.store import ModelStore
from inference.request.registry import METHODS
from tests.inference.models.small_files import safetensors


def folder(
    path: Path, config: Mapping[str, object], *names: str, file: str = "config.json"
) -> Path:
    """A model's folder with a config and weights files of one number each."""
    path.mkdir(parents=True)
    (path / file).write_text(json.dumps(config))
    for name in names:
        safetensors(path / name, {"w": (1,)})
    return path


def refusal(root: Path) -> tuple[str, str]:
    """Reason and fix of the one thing refused below a folder that holds no usable model."""
    store = ModelStore([root])
    assert store.found == ()
    (refused,) = store.refused
    return str(refused.reason), str(refused.fix or "")


def test_each_family_has_its_own_name_and_every_role_that_methods_need_has_one() -> None:
    known = families()
    assert all(family.name == name for name, family in known.items())
    served = {role for family in known.values() for role in family.roles}
    assert {role for info in METHODS.values() for role in info.roles} <= served
    assert {"captioner", "language", "chat", "clip"} <= served


def test_a_folder_with_both_forms_of_clip_is_open_clips(tmp_path: Path) -> None:
    both = folder(tmp_path / "laion", {"architectures": ["CLIPModel"]}, "model.safetensors",
                  "open_clip_model.safetensors")  # fmt: skip
    (both / "open_clip_config.json").write_text('{"model_cfg": {}}')
    (found,) = ModelStore([tmp_path]).found
    assert (found.family, [w.name for w in found.weights]) == (
        "open-clip",
        ["open_clip_model.safetensors"],
    )


def test_open_clips_pickle_beside_transformers_weights_leaves_the_folder_to_transformers(
    tmp_path: Path,
) -> None:
    both = folder(tmp_path / "laion", {"architectures": ["CLIPModel"]}, "model.safetensors")
    (both / "open_clip_config.json").write_text('{"model_cfg": {}}')
    (both / "open_clip_pytorch_model.bin").write_bytes(b"pickle")
    (found,) = ModelStore([tmp_path]).found
    assert (found.family, [w.name for w in found.weights]) == (
        "transformers-clip",
        ["model.safetensors"],
    )


def test_of_several_open_clip_files_its_favourite_is_taken(tmp_path: Path) -> None:
    folder(tmp_path / "clip", {"model_cfg": {}}, "a.safetensors", "open_clip_model.safetensors",
           file="open_clip_config.json")  # fmt: skip
    (found,) = ModelStore([tmp_path]).found
    assert [w.name for w in found.weights] == ["open_clip_model.safetensors"]


@pytest.mark.parametrize(
    "config",
    [
        {"architectures": ["GitForCausalLM"], "model_type": "git", "vision_config": {}},
        {"architectures": ["TrOCRForCausalLM"], "model_type": "trocr"},
        {"architectures": ["GPT2LMHeadModel"], "add_cross_attention": True},
        {"architectures": ["Phi4MultimodalForCausalLM"], "audio_config": {}},
        {"architectures": ["Blip2ForConditionalGeneration"]},
        {"architectures": ["BlipForQuestionAnswering"]},
        {"architectures": ["BertModel"]},
    ],
    ids=lambda config: config["architectures"][0],
)
def test_networks_of_other_uses_are_refused_by_name(
    tmp_path: Path, config: dict[str, list[str]]
) -> None:
    folder(tmp_path / "model", dict(config), "model.safetensors")
    reason, fix = refusal(tmp_path)
    assert reason == f"No method here uses a {config['architectures'][0]} yet."
    assert "picture describers" in fix


@pytest.mark.parametrize("variant", ["", ".fp16"])
def test_a_missing_shard_is_counted_from_the_index_and_from_the_names(
    tmp_path: Path, variant: str
) -> None:
    language = {"architectures": ["GPT2LMHeadModel"]}
    shard = f"model{variant}-00001-of-00003.safetensors"
    model = folder(tmp_path / "model", language, shard)
    assert refusal(tmp_path)[0] == "2 of its weights files are missing."
    names = [shard, "b.safetensors", "c.safetensors"]
    index = model / f"model.safetensors.index{variant}.json"
    index.write_text(json.dumps({"weight_map": dict(zip("abc", names, strict=True))}))
    assert refusal(tmp_path)[0] == "2 of its weights files are missing."


def test_weights_in_several_precisions_count_once(tmp_path: Path) -> None:
    folder(tmp_path / "model", {"architectures": ["GPT2LMHeadModel"]}, "model.safetensors",
           "model.fp16-00001-of-00002.safetensors")  # fmt: skip
    (found,) = ModelStore([tmp_path]).found
    assert [w.name for w in found.weights] == ["model.safetensors"]


@pytest.mark.parametrize(
    "quantisation",
    [{"quant_method": "awq", "bits": 4}, {"quant_type": "fp4"}, {"bits": 8}],
)
def test_quantised_weights_are_refused(tmp_path: Path, quantisation: dict[str, object]) -> None:
    config = {"architectures": ["LlamaForCausalLM"], "quantization_config": quantisation}
    folder(tmp_path / "model", config, "model.safetensors")
    reason, fix = refusal(tmp_path)
    assert reason.startswith("Its weights are quantised (")
    assert "float16" in fix


@pytest.mark.parametrize("kind", ["F8_E4M3", "I8", "I32"])
def test_weights_in_types_that_need_scales_are_refused(tmp_path: Path, kind: str) -> None:
    model = folder(tmp_path / "model", {"architectures": ["LlamaForCausalLM"]})
    safetensors(model / "model.safetensors", {"w": (8, 8)}, kind)
    assert refusal(tmp_path)[0].startswith(f"Its weights are quantised ({kind})")
