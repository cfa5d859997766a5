from __future__ import annotations

import json
from pathlib import Path

import pytest

from editor.errors import ModelMissing
from inference.methods.adjust import INFO as ADJUST
from inference.models.store import ModelStore


def weights_file(text: bytes) -> bytes:
    """A whole safetensors file with one tensor of bytes."""
    entry = {"w": {"dtype": "U8", "shape": [len(text)], "data_offsets": [0, len(text)]}}
    header = json.dumps(entry).encode()
    return len(header).to_bytes(8, "little") + header + text


def model(folder: Path, config: str, values: dict[str, object], weights: str | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / config).write_text(json.dumps(values))
    if weights:
        (folder / weights).write_bytes(weights_file(b"weights of " + folder.name.encode()))
    return folder


def pipeline(folder: Path, kind: str, suffix: str = "safetensors") -> Path:
    model(folder, "model_index.json", {
        "_class_name": kind, "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"], "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "DDIMScheduler"], "safety_checker": [None, None],
    }, None)  # fmt: skip
    channels = 8 if "InstructPix2Pix" in kind else 4
    model(folder / "unet", "config.json", {"in_channels": channels},
          f"diffusion_pytorch_model.{suffix}")  # fmt: skip
    model(folder / "vae", "config.json", {}, f"diffusion_pytorch_model.{suffix}")
    model(folder / "text_encoder", "config.json", {}, f"model.{suffix}")
    model(folder / "tokenizer", "tokenizer_config.json", {}, None)
    model(folder / "scheduler", "scheduler_config.json", {}, None)
    return folder


def test_each_kind_is_recognised_by_its_own_config(tmp_path: Path) -> None:
    pipeline(tmp_path / "deep" / "ip2p", "StableDiffusionInstructPix2PixPipeline")
    pipeline(tmp_path / "sd", "StableDiffusionPipeline")
    model(tmp_path / "clip", "open_clip_config.json", {}, "open_clip_model.safetensors")
    model(tmp_path / "blip", "config.json",
          {"architectures": ["BlipForConditionalGeneration"]}, "model.safetensors")  # fmt: skip
    model(tmp_path / "gpt", "config.json",
          {"architectures": ["GPT2LMHeadModel"]}, "model.safetensors")  # fmt: skip
    chat = model(tmp_path / "models--own--chat" / "snapshots" / "abc", "config.json",
                 {"architectures": ["Qwen3ForCausalLM"]}, "model.safetensors")  # fmt: skip
    (chat / "chat_template.jinja").write_text("")
    store = ModelStore([tmp_path])
    roles = {m.role: m.id for m in store.found}
    assert roles == {
        "instruct_pix2pix": "ip2p", "text_to_image": "sd", "clip": "clip", "captioner": "blip",
        "language": "gpt", "chat": "own/chat",
    }  # fmt: skip
    assert store.refused == ()
    assert all(m.bytes > 0 for m in store.found)


@pytest.mark.parametrize("suffix", ["bin", "ckpt", "pt"])
def test_pickled_weights_are_refused_with_what_to_do(tmp_path: Path, suffix: str) -> None:
    pipeline(tmp_path / "sd", "StableDiffusionPipeline", suffix)
    (tmp_path / f"loose.{suffix}").write_bytes(b"x")
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert len(store.refused) == 2
    for refused in store.refused:
        assert str(refused.reason) == f"Only safetensors are loaded. .{suffix} files can run code."
        command = f"pentimento models convert {refused.folder}"
        assert str(refused.fix) == f"Convert it once: {command}"


@pytest.mark.parametrize("file", ["config.json", "open_clip_config.json", "model_index.json"])
def test_a_config_that_is_a_link_to_itself_is_refused(tmp_path: Path, file: str) -> None:
    folder = model(tmp_path / "m", file, {}, "model.safetensors")
    (folder / file).unlink()
    (folder / file).symlink_to(file)
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert [refused.folder.name for refused in store.refused][:1] == ["m"]
    assert "cannot be read" in str(store.refused[0].reason)


def test_incomplete_and_hostile_folders(tmp_path: Path) -> None:
    shards = model(tmp_path / "shards", "config.json",
                   {"architectures": ["GPT2LMHeadModel"]}, "model-1.safetensors")  # fmt: skip
    (shards / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})
    )
    model(tmp_path / "empty", "open_clip_config.json", {}, None)
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "config.json").write_text("[" * 100_000)
    (odd / "loop").symlink_to(tmp_path)
    model(tmp_path / "escape", "model_index.json",
          {"_class_name": "X", "../shards": ["a", "b"]}, None)  # fmt: skip
    store = ModelStore([tmp_path, tmp_path])
    assert store.found == ()
    reasons = {r.folder.name: str(r.reason) for r in store.refused}
    assert reasons["shards"] == "1 of its weights files are missing."
    assert reasons["empty"] == "Its weights are missing."
    assert reasons["escape"] == "It has no weights."


def test_digests_are_cached_by_size_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = model(tmp_path / "clip", "open_clip_config.json", {}, "m.safetensors")
    cache = tmp_path / "digests.json"
    store = ModelStore([folder], cache)
    first = store.digest(store.found[0])
    assert len(first) == 40
    monkeypatch.setattr(
        "inference.models.digests.file_digest", lambda *_: pytest.fail("read again")
    )
    assert store.digest(store.found[0]) == first
    monkeypatch.undo()
    (folder / "m.safetensors").write_bytes(weights_file(b"other weights"))
    again = ModelStore([folder], cache)
    assert again.digest(again.found[0]) != first
    cache.write_text("no json")
    assert ModelStore([folder], cache).digest(again.found[0]) == again.digest(again.found[0])


def test_missing_models_are_named() -> None:
    from dataclasses import replace

    store = ModelStore()
    store.require(ADJUST)
    needy = replace(ADJUST, roles=("instruct_pix2pix", "clip"))
    assert store.missing(needy) == ("instruct_pix2pix", "clip")
    with pytest.raises(ModelMissing) as caught:
        store.require(needy)
    assert str(caught.value.fix) == "Add a model"


def test_folders_are_searched_again_when_they_are_given_anew(tmp_path: Path) -> None:
    store = ModelStore((tmp_path,))
    assert not store.found
    pipeline(tmp_path / "new", "StableDiffusionPipeline")
    assert not store.found  # read once, until somebody says that it changed
    store.search_in((tmp_path,))
    assert [one.id for one in store.found] == ["new"]
    store.search_in(())
    assert not store.found
