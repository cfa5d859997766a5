"""Methods with Stable Diffusion XL: the pictures of its stock pipelines, locality, LoRA."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.diffusion.framing import frame, work_picture
from inference.models.errors import ModelDamaged
from inference.models.store import ModelStore
from inference.request.registry import METHODS, method
from tests.inference import lora_files, tiny_models
from tests.inference.methods.diffusion_cases import request
from tests.inference.tiny_xl_models import sdxl

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

METHODS_OF_UNETS = [
    info.name
    for info in METHODS.values()
    if set(info.roles) & {"text_to_image", "inpaint", "instruct_pix2pix"} and not info.extends
]


@pytest.fixture(scope="module")
def xl_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sdxl")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        sdxl(root / "base")
        sdxl(root / "ip2p", "InstructPix2Pix")
    return root


@pytest.fixture(scope="module")
def xl(xl_folder: Path) -> ModelStore:
    return ModelStore([xl_folder], device="cpu")


@pytest.fixture
def source() -> Image:
    return Image.from_array(tiny_models.scene(64, 64))


def stock(store: ModelStore, role: str, use: str, asked: EditRequest, **more: Any) -> Any:
    """(h, w, 3) float 0..1 of a stock pipeline, from the same folder and seed."""
    import diffusers

    found = store.model(role)
    assert found is not None
    pipeline = getattr(diffusers, f"StableDiffusionXL{use}Pipeline").from_pretrained(
        found.folder, local_files_only=True
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        asked.instruction.text,
        generator=torch.Generator().manual_seed(asked.seed),
        output_type="np",
        **{"guidance_scale": 7.5, **dict(asked.settings), **more},  # 5 is stock's
    ).images[0]


def edit(store: ModelStore, source: Image, *asked: EditRequest) -> Iterator[Any]:
    for patch in method(asked[0].method).load()(store).edit(
        asked, source, None, lambda step: None
    ):  # fmt: skip
        assert patch.pixels is not None
        yield patch.pixels


def seen(source: Image) -> torch.Tensor:
    picture = work_picture(source, frame(source.bounds, None, 64, 32))
    return torch.from_numpy(picture).permute(2, 0, 1)[None]


def test_new_pictures_equal_the_stock_pipeline(xl: ModelStore, source: Image) -> None:
    asked = [
        request("generate", "a red house", seed=1),
        request("generate", "a boat in snow", seed=2, guidance_scale=3.0, negative_prompt="night"),
        request("generate", "a boat", seed=2, guidance_scale=1.0),
    ]
    for one, made in zip(asked, edit(xl, source, *asked), strict=True):
        expected = stock(xl, "text_to_image", "", one, width=64, height=64)
        assert np.abs(made - expected).max() <= 2 / 255


def test_without_zeros_the_empty_text_is_encoded(
    xl_folder: Path, source: Image, tmp_path: Path
) -> None:
    shutil.copytree(xl_folder / "base", tmp_path / "base")
    index = tmp_path / "base" / "model_index.json"
    values = {**json.loads(index.read_text()), "force_zeros_for_empty_prompt": False}
    index.write_text(json.dumps(values))
    store = ModelStore([tmp_path], device="cpu")
    asked = request("generate", "a boat", seed=2)
    (made,) = edit(store, source, asked)
    expected = stock(store, "text_to_image", "", asked, width=64, height=64)
    assert np.abs(made - expected).max() <= 2 / 255


def test_drawing_over_a_picture_equals_the_stock_pipeline(xl: ModelStore, source: Image) -> None:
    asked = request("sdedit", "a red house", seed=3, strength=0.6, num_inference_steps=10)
    (made,) = edit(xl, source, asked)
    expected = stock(xl, "text_to_image", "Img2Img", asked, image=seen(source))
    assert np.abs(made - expected).max() <= 2 / 255


def test_editing_by_instruction_equals_the_stock_pipeline(xl: ModelStore, source: Image) -> None:
    asked = [
        request("instruct_pix2pix", "make it snow", seed=4),
        request("instruct_pix2pix", "a boat", seed=5, guidance_scale=3.0, image_guidance_scale=1.2),
    ]
    for one, made in zip(asked, edit(xl, source, *asked), strict=True):
        expected = stock(
            xl, "instruct_pix2pix", "InstructPix2Pix", one, image=seen(source), width=64, height=64
        )
        assert np.abs(made - expected).max() <= 2 / 255


def with_lora(asked: EditRequest, file: Path) -> EditRequest:
    settings = settings_of({**dict(asked.settings), "lora": ((str(file), 1.0),)})
    return replace(asked, settings=settings)


def prompted(name: str, **settings: Any) -> EditRequest:
    words = Instruction("turn it into a boat", "a house", "a boat")
    return replace(request(name, seed=4, **settings), instruction=words)


@pytest.mark.parametrize("name", METHODS_OF_UNETS)
def test_pixels_outside_stay_and_loras_change_the_rest(
    xl: ModelStore, name: str, source: Image, tmp_path: Path
) -> None:
    model = xl.diffusion(METHODS[name].roles[0])
    layers = {"unet": ("attn2.to_k",), "text_encoder_2": ("q_proj", "fc1")}
    file = lora_files.written(tmp_path / "a.safetensors", lora_files.drawn(model, layers), "kohya")
    requests = [prompted(name), prompted(name, lora=((str(file), 1.0),))]
    selection = Selection.from_rect(Rect(8, 8, 40, 40), 64, 64)
    running = METHODS[name].load()(xl)
    patches = running.edit(requests, source, selection, lambda step: None)
    (again,) = METHODS[name].load()(xl).edit(requests[:1], source, selection, lambda step: None)
    plain, adapted, repeated = (
        composite.render(source, patch, selection).array() for patch in (*patches, again)
    )
    outside = selection.array() == 0
    assert np.array_equal(plain[outside], source.array()[outside])
    assert not np.array_equal(plain, source.array())
    assert np.abs(plain.astype(int) - repeated).max() <= 1
    assert np.abs(plain.astype(int) - adapted).max() > 4


@pytest.mark.parametrize("style", ["kohya", "kohya sgm"])
def test_names_of_every_style_are_the_same_lora(
    xl: ModelStore, source: Image, style: str, tmp_path: Path
) -> None:
    model = xl.diffusion("text_to_image")
    layers = {
        "unet": ("attn1.to_q", "attn2.to_out.0", "conv1", "conv2", "downsamplers.0.conv",
                 "upsamplers.0.conv", "conv_shortcut", "time_emb_proj"),
        "text_encoder": ("q_proj",), "text_encoder_2": ("fc1",),
    }  # fmt: skip
    matrices = lora_files.drawn(model, layers)
    expected_file = lora_files.written(tmp_path / "expected.safetensors", matrices, "diffusers")
    file = lora_files.written(tmp_path / "a.safetensors", matrices, style)
    asked = request("generate", "a boat", seed=2, num_inference_steps=2)
    made, expected = (
        next(edit(xl, source, with_lora(asked, one))) for one in (file, expected_file)
    )
    assert np.array_equal(made, expected)
    assert np.abs(made - next(edit(xl, source, asked))).max() > 4 / 255


def test_null_text_fits_the_pooled_state_too(xl: ModelStore, source: Image) -> None:
    asked = prompted("prompt_to_prompt", inversion="null-text", num_inference_steps=2)
    (made,) = edit(xl, source, asked)
    assert np.isfinite(made).all()


def test_an_inpainting_model_serves_before_the_plain_one(
    xl_folder: Path, tmp_path: Path, source: Image
) -> None:
    sdxl(tmp_path / "inpaint", "Inpaint")
    store = ModelStore([tmp_path, xl_folder], device="cpu")
    serving = store.model("inpaint")
    assert serving is not None
    assert serving.family == "sdxl-inpainting"
    selection = Selection.from_rect(Rect(8, 16, 32, 24), 64, 64)
    (patch,) = (
        method("inpaint")
        .load()(store)
        .edit([request("inpaint", "a boat", strength=1.0)], source, selection, lambda step: None)
    )
    assert np.isfinite(patch.pixels).all()


def test_parts_that_do_not_fit_are_refused(xl_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(xl_folder / "base", tmp_path / "base")
    config = tmp_path / "base" / "unet" / "config.json"
    values = {**json.loads(config.read_text()), "addition_time_embed_dim": 4}
    config.write_text(json.dumps(values))
    with pytest.raises(ModelDamaged, match="text encoder"):
        ModelStore([tmp_path], device="cpu").diffusion("text_to_image")
