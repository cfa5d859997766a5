from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.errors import ModelMissing, OutOfMemory
from inference.models.errors import ModelDamaged
from inference.models.store import ModelStore
from inference.request.cancel import Cancelled
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with a model of each kind, as an artist would have it."""
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "stable-diffusion-v1-5", edits=False, safety=True)
    tiny_models.diffusion(root / "instruct-pix2pix", edits=True)
    tiny_models.blip(root / "blip-image-captioning-base")
    tiny_models.gpt2(root / "models--openai-community--gpt2" / "snapshots" / "1")
    tiny_models.chat(root / "chat")
    tiny_models.open_clip(root / "CLIP-ViT-B-32")
    return root


@pytest.fixture
def store(tree: Path) -> ModelStore:
    return ModelStore([tree], device="cpu")


def test_each_layout_is_found(store: ModelStore) -> None:
    assert store.refused == ()
    assert {m.role: m.id for m in store.found} == {
        "text_to_image": "stable-diffusion-v1-5",
        "instruct_pix2pix": "instruct-pix2pix",
        "captioner": "blip-image-captioning-base",
        "language": "openai-community/gpt2",
        "chat": "chat",
        "clip": "CLIP-ViT-B-32",
    }
    assert sum(m.bytes for m in store.found) < 12_000_000
    assert all(m.elements > 0 for m in store.found)


@pytest.mark.parametrize("role", ["text_to_image", "instruct_pix2pix"])
def test_diffusion_loads_and_runs(store: ModelStore, role: str) -> None:
    loaded = store.diffusion(role)
    channels = 8 if role == "instruct_pix2pix" else 4
    ids = loaded.tokenizer("a red house", return_tensors="pt").input_ids
    with torch.inference_mode():
        states = loaded.text_encoder(ids).last_hidden_state
        out = loaded.unet(torch.zeros(1, channels, 8, 8), 1, states).sample
        pixels = loaded.vae.decode(out).sample
    assert out.shape == (1, 4, 8, 8)
    assert pixels.shape == (1, 3, 64, 64)
    assert torch.isfinite(pixels).all()
    assert (loaded.factor, loaded.multiple, loaded.side) == (8, 64, 64)
    assert loaded.scheduler() is not loaded.scheduler()


def _load(store: ModelStore, role: str) -> None:
    if role in ("text_to_image", "instruct_pix2pix"):
        store.diffusion(role)
    else:
        getattr(store, role)()


def test_captioner_loads_and_runs(store: ModelStore) -> None:
    captioner = store.captioner()
    ready = captioner.processor(images=tiny_models.scene(40, 30), return_tensors="pt")
    ids = captioner.model.generate(**ready, max_new_tokens=4, min_new_tokens=2)
    assert isinstance(captioner.tokenizer.decode(ids[0], skip_special_tokens=True), str)
    assert ids.shape[1] > 2


@pytest.mark.parametrize("role", ["language", "chat"])
def test_language_models_load_and_run(store: ModelStore, role: str) -> None:
    language = getattr(store, role)()
    assert language.has_template == (role == "chat")
    if language.has_template:
        messages = [{"role": "user", "content": "hello"}]
        text = language.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True
        )
        assert text == "user: hello\nassistant:"
    ready = language.tokenizer(["caption: a", "a red house"], padding=True, return_tensors="pt")
    made = language.model.generate(
        **ready, max_new_tokens=3, do_sample=False, pad_token_id=language.tokenizer.pad_token_id
    )
    assert made.shape[0] == 2


def test_clip_loads_and_gives_unit_features(store: ModelStore) -> None:
    clip = store.clip()
    pictures = torch.from_numpy(tiny_models.scene(60, 40)).permute(2, 0, 1)[None] / 255
    seen, read = clip.encode_image(pictures), clip.encode_text(["a house", "a boat", "a " * 200])
    assert (seen.shape, read.shape) == ((1, 16), (3, 16))
    assert torch.allclose(read.norm(dim=-1), torch.ones(3), atol=1e-5)
    assert not torch.allclose(read[0], read[1])


def test_loaded_models_stay_until_the_budget_needs_their_room(tree: Path) -> None:
    sizes = ModelStore([tree], device="cpu")
    both = [sizes.language().nbytes, sizes.chat().nbytes]
    store = ModelStore([tree], device="cpu", budget=max(both) + min(both) // 2)
    first = store.language()
    assert store.language() is first
    store.chat()
    assert store.loaded_bytes == both[1]
    assert store.language() is not first
    store.limit(1000)
    assert store.loaded_bytes == 0, "a lower limit acts at once"
    with pytest.raises(OutOfMemory):
        store.language()
    store.limit(None)
    assert store.language().nbytes == both[0]


def test_what_does_not_fit_is_said_before_it_is_loaded(tree: Path) -> None:
    with pytest.raises(OutOfMemory) as caught:
        ModelStore([tree], device="cpu", budget=1000).clip()
    assert "CLIP-ViT-B-32" in str(caught.value.message)


def test_missing_roles_are_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        ModelStore([tmp_path]).captioner()
    assert str(caught.value.message) == "There is no picture describer model yet."


def test_a_cancel_is_heard_between_loading_steps(store: ModelStore) -> None:
    for wanted in range(4):
        calls = 0

        def check(limit: int = wanted) -> None:
            nonlocal calls
            calls += 1
            if calls > limit:
                raise Cancelled

        store.check = check
        with pytest.raises(Cancelled):
            store.diffusion("instruct_pix2pix")
        assert store.loaded_bytes == 0


def _copy(tree: Path, name: str, target: Path) -> Path:
    import shutil

    return Path(shutil.copytree(tree / name, target / name))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _only_refusal(folder: Path) -> str:
    before = _files(folder)
    store = ModelStore([folder], device="cpu")
    assert store.found == ()
    (refused,) = store.refused
    assert _files(folder) == before
    return str(refused.reason)


@pytest.mark.parametrize(
    ("start", "rest", "reason"),
    [
        (b"\xff" * 8, b"", "is cut short or no safetensors file."),
        (b"\x00\x00", b"", "is cut short or no safetensors file."),
        (struct.pack("<Q", 12), b"[[[[[[[[[[[[", "is damaged: invalid JSON"),
        (struct.pack("<Q", 100_000), b"[" * 100_000, "is damaged: invalid JSON"),
        (struct.pack("<Q", 64), b'{"w":{"dtype":"F32","shape":[9],"data_offsets":[0,4]}}'
         + b" " * 10 + b"abcd", "is damaged: invalid shape"),
        (b"version ", b"https://git-lfs.github.com/spec/v1", "only a pointer"),
    ],
)  # fmt: skip
def test_damaged_weights_are_refused(
    tree: Path, tmp_path: Path, start: bytes, rest: bytes, reason: str
) -> None:
    folder = _copy(tree, "CLIP-ViT-B-32", tmp_path)
    (folder / "open_clip_model.safetensors").write_bytes(start + rest)
    assert reason in _only_refusal(tmp_path)


def test_a_giant_header_is_not_read(tree: Path, tmp_path: Path) -> None:
    folder = _copy(tree, "CLIP-ViT-B-32", tmp_path)
    with (folder / "open_clip_model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", 3 << 30))
        file.truncate((3 << 30) + 100)  # sparse: takes no room
    store = ModelStore([tmp_path])
    assert store.found == ()
    assert "has a header of 3072 MB" in str(store.refused[0].reason)


@pytest.mark.parametrize(
    ("part", "text", "reason"),
    [
        ("model_index.json", "{", "Its model_index.json is damaged."),
        ("model_index.json", "[]", "Its model_index.json is damaged."),
        ("unet/config.json", '{"in_channels": 9}', "Its UNet takes 9 channels instead of 8."),
        ("unet/config.json", "no json", "Its config.json is damaged."),
        ("vae/config.json", '{"layers_per_block": 1000000}', "asks for 1000000 layers"),
        ("unet/config.json", '{"a":' * 5000 + "1" + "}" * 5000, "damaged"),
    ],
)
def test_broken_configs_are_refused(
    tree: Path, tmp_path: Path, part: str, text: str, reason: str
) -> None:
    folder = _copy(tree, "instruct-pix2pix", tmp_path)
    (folder / part).write_text(text)
    assert reason in _only_refusal(tmp_path)


def test_missing_and_foreign_parts_are_refused(tree: Path, tmp_path: Path) -> None:
    folder = _copy(tree, "instruct-pix2pix", tmp_path)
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(
        json.dumps({**index, "unet": ["my_module", "UNetWithCode"]})
    )
    assert _only_refusal(tmp_path) == "Its part unet is a UNetWithCode, not a UNet2DConditionModel."
    (folder / "model_index.json").write_text(json.dumps({**index, "_class_name": "Own"}))
    assert _only_refusal(tmp_path) == "No method here uses a Own yet."
    (folder / "model_index.json").write_text(json.dumps(index))
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    assert _only_refusal(tmp_path) == "The weights of its part vae are missing."


def test_links_to_other_drives_are_followed_and_circles_end(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    inside = tmp_path / "inside"
    folder = _copy(tree, "CLIP-ViT-B-32", inside)
    weights = folder / "open_clip_model.safetensors"
    weights.rename(outside / "moved")
    weights.symlink_to(outside / "moved")
    (_copy(tree, "CLIP-ViT-B-32", outside)).rename(outside / "other")
    (inside / "all").symlink_to(outside, target_is_directory=True)
    (outside / "back").symlink_to(inside, target_is_directory=True)
    (inside / "self").symlink_to(inside / "self")
    store = ModelStore([inside, outside], device="cpu")
    assert [model.id for model in store.found] == ["CLIP-ViT-B-32", "other"]
    assert store.refused == ()
    assert store.clip().found == store.found[0]


def _changed_state(path: Path, change: Any) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(path)
    change(state)
    save_file(state, path)


@pytest.mark.parametrize("role", ["instruct_pix2pix", "clip", "language"])
@pytest.mark.parametrize("how", ["missing", "misshapen"])
def test_weights_that_do_not_fit_are_a_sentence(
    tree: Path, tmp_path: Path, role: str, how: str
) -> None:
    names = {
        "instruct_pix2pix": ("instruct-pix2pix", "unet/diffusion_pytorch_model.safetensors"),
        "clip": ("CLIP-ViT-B-32", "open_clip_model.safetensors"),
        "language": ("models--openai-community--gpt2", "snapshots/1/model.safetensors"),
    }
    name, weights = names[role]
    folder = _copy(tree, name, tmp_path)

    def change(state: dict[str, torch.Tensor]) -> None:
        key = max(state, key=lambda name: state[name].numel())
        if how == "missing":
            del state[key]
        else:
            state[key] = torch.zeros(3, 5)

    _changed_state(folder / weights, change)
    before = _files(folder)
    store = ModelStore([tmp_path], device="cpu")
    with pytest.raises(ModelDamaged) as caught:
        _load(store, role)
    assert "cannot be loaded" in str(caught.value.message)
    assert "\n" not in str(caught.value.message)
    assert store.loaded_bytes == 0
    assert _files(folder) == before


def test_a_config_larger_than_its_weights_takes_no_memory(tree: Path, tmp_path: Path) -> None:
    folder = _copy(tree, "CLIP-ViT-B-32", tmp_path)
    path = folder / "open_clip_config.json"
    values = json.loads(path.read_text())
    values["model_cfg"]["text_cfg"]["width"] = 1 << 16
    values["model_cfg"]["text_cfg"]["vocab_size"] = 1 << 24
    path.write_text(json.dumps(values))
    with pytest.raises(ModelDamaged):
        ModelStore([tmp_path], device="cpu").clip()


def test_a_scheduler_with_code_of_its_own_is_refused(tree: Path, tmp_path: Path) -> None:
    folder = _copy(tree, "instruct-pix2pix", tmp_path)
    path = folder / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps({"_class_name": "os"}))
    with pytest.raises(ModelDamaged, match="scheduler os is not known"):
        ModelStore([tmp_path], device="cpu").diffusion("instruct_pix2pix")


def test_nothing_is_fetched(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    store.diffusion("text_to_image")
    store.clip()
    store.captioner()
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert np.isfinite(store.loaded_bytes)
