"""Stable Diffusion models in one file are used where they lie, whatever they are called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from editor.errors import ExpectedError
from inference.models.clip_vocabulary import clip_tokenizer
from inference.models.loaded import LoadedDiffusion
from inference.models.prompt_length import unread_end
from inference.models.single_file import (
    autoencoder_sizes,
    layout_folder,
    text_beginnings,
    text_sizes,
    unet_sizes,
)
from inference.models.store import ModelStore
from tests.contract.without_network import refuse_connections
from tests.inference import single_files, tiny_models
from tests.inference.models.small_files import safetensors

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

FIRST = layout_folder("stable-diffusion-1")
PUBLISHED = {
    "stable-diffusion-1": 859_520_964,
    "stable-diffusion-2": 865_910_724,
    "instruct-pix2pix": 859_532_484,
    single_files.XL: 2_567_463_684,
}
KINDS = {
    "text_to_image": ("stable-diffusion-1", 4, "stable-diffusion"),
    "inpaint": ("stable-diffusion-1", 9, "stable-diffusion-inpainting"),
    "instruct_pix2pix": ("instruct-pix2pix", 8, "instruct-pix2pix"),
}
XL_KINDS = {
    "text_to_image": (4, "stable-diffusion-xl"),
    "inpaint": (9, "sdxl-inpainting"),
    "instruct_pix2pix": (8, "sdxl-instruct-pix2pix"),
}


def same_weights(loaded: LoadedDiffusion, parts: dict[str, Any]) -> None:
    """Every weight is what was written, to the precision of the file."""
    for name, network in parts.items():
        own = getattr(loaded, name).state_dict()
        for key, tensor in network.state_dict().items():
            assert torch.equal(own[key], tensor.half().float()), (name, key)


@pytest.mark.parametrize("role", KINDS)
def test_a_file_is_known_by_its_tensors_and_loads_without_a_network(
    role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_connections(monkeypatch)
    layout, channels, family = KINDS[role]
    parts = single_files.networks(layout, channels)
    file = single_files.checkpoint(tmp_path / "checkpoints" / "anything.safetensors", parts)
    store = ModelStore([tmp_path], device="cpu")
    (found,) = store.found
    assert (found.role, found.id, found.family) == (role, "anything", family)
    assert (found.folder, found.weights, found.bytes) == (file, (file,), file.stat().st_size)
    assert found.elements == sum(p.numel() for n in parts.values() for p in n.parameters())
    assert store.side(role) == 512
    loaded = store.diffusion(role)
    same_weights(loaded, parts)
    assert loaded.scheduler().config.prediction_type == "epsilon"
    assert list(tmp_path.rglob("*")) == [file.parent, file]


def test_stable_diffusion_2_has_the_encoder_of_open_clip(tmp_path: Path) -> None:
    parts = single_files.networks("stable-diffusion-2")
    single_files.checkpoint(tmp_path / "a.safetensors", parts, open_clip=True)
    facts = {"modelspec.prediction_type": "v"}
    single_files.checkpoint(tmp_path / "b.safetensors", parts, open_clip=True, metadata=facts)
    store = ModelStore([tmp_path], device="cpu")
    assert [one.id for one in store.found] == ["a", "b"]
    kinds = {}
    for model in store.found:
        with store.using([store.ref(model)]):
            loaded = store.diffusion("text_to_image")
            same_weights(loaded, parts)
            kinds[model.id] = loaded.scheduler().config.prediction_type
            assert loaded.tokenizer.pad_token_id == 0
    assert kinds == {"a": "epsilon", "b": "v_prediction"}


@pytest.mark.parametrize("role", XL_KINDS)
def test_stable_diffusion_xl_has_both_encoders(role: str, tmp_path: Path) -> None:
    channels, family = XL_KINDS[role]
    parts = single_files.networks(single_files.XL, channels)
    marks = {"v_pred": torch.zeros(()), "ztsnr": torch.zeros(())} if channels == 4 else {}
    single_files.checkpoint(tmp_path / "xl.safetensors", parts, more=marks)
    store = ModelStore([tmp_path], device="cpu")
    (found,) = store.found
    assert (found.role, found.family) == (role, family)
    numbers = sum(p.numel() for n in parts.values() for p in n.parameters())
    assert found.elements == numbers + 1  # OpenCLIP's temperature, which nothing uses
    assert store.side(role) == 1024
    loaded = store.diffusion(role)
    same_weights(loaded, parts)
    assert (loaded.tokenizer.pad_token_id, loaded.tokenizer_2.pad_token_id) == (49407, 0)
    assert loaded.empty_is_zero
    config = loaded.scheduler().config
    said = (config.prediction_type, config.rescale_betas_zero_snr, config.timestep_spacing)
    assert said == (("v_prediction", True, "trailing") if marks else ("epsilon", False, "leading"))


@pytest.mark.parametrize("layout", PUBLISHED)
def test_sizes_read_from_tensors_of_published_models_are_those_of_the_configs(layout: str) -> None:
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint

    parts = single_files.published(layout)
    state = single_files.tensors(parts, open_clip=layout == "stable-diffusion-2")
    shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    encoders = text_beginnings(shapes).items()
    for part, sizes in (
        ("unet", unet_sizes(shapes)),
        ("vae", autoencoder_sizes(shapes)),
        *((part, text_sizes(shapes, beginning)) for part, beginning in encoders),
    ):
        config = json.loads((layout_folder(layout) / part / "config.json").read_text())
        assert {name: config[name] for name in sizes} == sizes
    # 859.5, 865.9, 859.5 and 2,567 million weights, as published for these UNets.
    elements = sum(one.numel() for name, one in state.items() if name.startswith("model."))
    assert elements == PUBLISHED[layout]
    unet = convert_ldm_unet_checkpoint(state, parts["unet"].config)
    assert unet.keys() == parts["unet"].state_dict().keys()


def test_what_else_the_file_holds_is_not_loaded(tmp_path: Path) -> None:
    parts = single_files.networks("stable-diffusion-1")
    more = {f"model_ema.diffusion_modelinput_blocks{n}": torch.ones(2) for n in range(101)}
    single_files.checkpoint(tmp_path / "ema.safetensors", parts, more=more)
    store = ModelStore([tmp_path], device="cpu")
    (found,) = store.found
    assert found.elements == sum(p.numel() for n in parts.values() for p in n.parameters())
    same_weights(store.diffusion("text_to_image"), parts)


def test_a_weight_that_is_not_in_the_file_is_named(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    parts = single_files.networks("stable-diffusion-1")
    file = single_files.checkpoint(tmp_path / "a.safetensors", parts)
    state = load_file(file)
    del state["model.diffusion_model.out.0.bias"]
    save_file(state, file)
    store = ModelStore([tmp_path], device="cpu")
    with pytest.raises(ExpectedError, match=r"1 of its weights are missing or misshapen: conv_no"):
        store.diffusion("text_to_image")


UNET = "model.diffusion_model.input_blocks.0.0.weight"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "only one part of a model, a UNet2DConditionModel."),
        ({"cond_stage_model.transformer.text_model.bias": (4,)}, "Its part vae is missing."),
        ({"first_stage_model.encoder.conv_in.bias": (4,)}, "Its part text_encoder is missing."),
        ({"first_stage_model.encoder.conv_in.bias": (4,),
          "cond_stage_model.transformer.text_model.bias": (4,)}, "do not have the sizes"),
        ({f"model.diffusion_model.input_blocks.{name}.weight": (4,)  # a UNet without words
          for name in ("1.0.out_layers.3", "3.0.op", "4.0.out_layers.3")}
         | {"first_stage_model.encoder.conv_in.bias": (4,),
            "cond_stage_model.transformer.text_model.bias": (4,)}, "do not have the sizes"),
        ({"first_stage_model.encoder.down.999999999.block.0.conv1.weight": (4,),
          "cond_stage_model.transformer.text_model.bias": (4,)}, "do not have the sizes"),
    ],
)  # fmt: skip
def test_files_that_are_not_whole_say_what_is_missing(
    tmp_path: Path, more: dict[str, tuple[int, ...]], reason: str
) -> None:
    safetensors(tmp_path / "pruned.safetensors", {UNET: (320, 4, 3, 3), **more})
    store = ModelStore([tmp_path])
    assert store.found == ()
    (refused,) = store.refused
    assert reason in str(refused.reason)
    assert refused.fix


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("a diagram", [320, 22697]), ("a dog", [320, 1929]), ("a cat", [320, 2368]),
     ("a photo of a cat", [320, 1125, 539, 320, 2368])],
)  # fmt: skip
def test_texts_have_the_numbers_that_clip_was_trained_with(text: str, numbers: list[int]) -> None:
    tokenizer = clip_tokenizer(FIRST / "tokenizer")
    assert tokenizer(text).input_ids == [49406, *numbers, 49407]
    assert len(tokenizer) == 49408


def test_the_end_of_a_text_that_is_not_read_is_known_without_a_tokenizer_file() -> None:
    assert unread_end(FIRST, " ".join(["cat"] * 75) + " on a mat") == "on a mat"
