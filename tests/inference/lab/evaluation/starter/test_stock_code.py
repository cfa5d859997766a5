"""Every starter model loads and runs with stock code alone, without a network.

Those in ``resources/models/starter`` as they are, and tiny ones written by the recipes' exports.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from inference.lab.storybook.render import render
from inference.lab.training.environment import starter_folder
from inference.models.libraries import prepare_libraries, quiet
from inference.starter.captions import canonical
from inference.starter.scene import Scene

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning"
)

SCENE = Scene(subject="house", colour="red")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"a connection to {address!r} was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    prepare_libraries()
    quiet()


@pytest.fixture(params=["shipped", "tiny"])
def folder(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Where a model of this name lies; skips if it is not shipped yet."""

    def find(name: str) -> Path:
        if request.param == "tiny":
            root: Path = request.getfixturevalue("tiny")
            return root / name
        found = starter_folder() / name
        if not found.is_dir():
            pytest.skip(f"{name} is not in resources/models/starter yet")
        return found

    return find


def _picture(side: int) -> Image.Image:
    return Image.fromarray(render(SCENE, side))


def _plausible(made: Any, side: int) -> None:
    pixels = np.asarray(made)
    assert pixels.shape == (side, side, 3)
    assert np.isfinite(pixels).all()
    assert pixels.std() > 0


def test_text_to_image(folder: Callable[[str], Path]) -> None:
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(folder("text-to-image"))
    pipeline.set_progress_bar_config(disable=True)
    side = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    made = pipeline(
        canonical(SCENE), num_inference_steps=2, generator=torch.Generator().manual_seed(0),
        output_type="np",
    ).images[0]  # fmt: skip
    _plausible(made, side)


def test_instruct_pix2pix(folder: Callable[[str], Path]) -> None:
    from diffusers import StableDiffusionInstructPix2PixPipeline

    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(folder("instruct-pix2pix"))
    pipeline.set_progress_bar_config(disable=True)
    side = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    made = pipeline(
        "make it night", image=_picture(side), num_inference_steps=2,
        generator=torch.Generator().manual_seed(0), output_type="np",
    ).images[0]  # fmt: skip
    _plausible(made, side)


def test_clip(folder: Callable[[str], Path]) -> None:
    import open_clip

    name = f"local-dir:{folder('clip')}"
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    tokenizer = open_clip.get_tokenizer(name)
    with torch.no_grad():
        seen = model.eval().encode_image(preprocess(_picture(128))[None])
        read = model.encode_text(tokenizer([canonical(SCENE), "make it night"]))
    assert seen.shape[-1] == read.shape[-1]
    assert torch.isfinite(seen).all()
    assert not torch.equal(read[0], read[1])


def test_captioner(folder: Callable[[str], Path]) -> None:
    from transformers import BlipForConditionalGeneration, BlipProcessor

    processor = BlipProcessor.from_pretrained(folder("captioner"))
    model = BlipForConditionalGeneration.from_pretrained(folder("captioner")).eval()
    inputs = processor(images=_picture(128), return_tensors="pt")
    ids = model.generate(
        pixel_values=inputs.pixel_values, max_length=12, attention_mask=torch.ones(1, 2)
    )
    assert 1 < ids.shape[1] <= 12
    assert isinstance(processor.decode(ids[0], skip_special_tokens=True), str)


def test_language(folder: Callable[[str], Path]) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder("language"))
    model = AutoModelForCausalLM.from_pretrained(folder("language")).eval()
    asked = f"caption: {canonical(SCENE)}\nask: make it night\nafter:"
    ids = tokenizer(asked, return_tensors="pt")
    assert tokenizer.decode(ids.input_ids[0]) == asked  # every byte is kept
    made = model.generate(
        **ids, max_new_tokens=4, do_sample=False, pad_token_id=tokenizer.pad_token_id
    )
    assert made.shape[1] > ids.input_ids.shape[1]
    assert made.max() < model.config.vocab_size


@pytest.mark.parametrize(
    "name", ["text-to-image", "instruct-pix2pix", "clip", "captioner", "language"]
)
def test_only_safetensors_and_a_model_card(name: str) -> None:
    shipped = starter_folder() / name
    if not shipped.is_dir():
        pytest.skip(f"{name} is not in resources/models/starter yet")
    files = {p.suffix for p in shipped.rglob("*") if p.is_file()}
    assert ".safetensors" in files
    assert not files & {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".py"}
    card = (shipped / "README.md").read_text("utf-8")
    assert "under way: not for use" not in card
    for word in ("Data:", "Recipe:", "Training:", "Figures:", "Limits:"):
        assert word in card


def test_all_together_are_at_most_80_megabytes() -> None:
    if not starter_folder().is_dir():
        pytest.skip("no starter models yet")
    size = sum(p.stat().st_size for p in starter_folder().rglob("*") if p.is_file())
    assert size <= 80_000_000
