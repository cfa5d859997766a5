"""LoRA files change a model as merged weights would, in every style, and leave it as it was."""

from __future__ import annotations

import copy
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.diffusion.lean.choice import lean_unet
from inference.diffusion.text import text_states
from inference.models.loaded import LoadedDiffusion
from inference.models.lora import with_loras
from inference.models.lora_file import LoraUnfit
from inference.models.store import ModelStore
from tests.inference import lora_files, tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

ATTENTION = {
    "unet": ("attn1.to_q", "attn2.to_k", "attn2.to_v", "attn1.to_out.0"),
    "text_encoder": ("q_proj", "out_proj"),
}
MORE = {"unet": ("conv1", "ff.net.0.proj", "downsamplers.0.conv"), "text_encoder": ("fc1",)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return tiny_models.diffusion(tmp_path_factory.mktemp("lora") / "sd", edits=False)


@pytest.fixture
def model(folder: Path) -> LoadedDiffusion:
    return ModelStore([folder], device="cpu").diffusion("text_to_image")


def predicted(model: LoadedDiffusion) -> Tensor:
    latents = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    states = text_states(model, ["a red house", "a boat"])
    return UNetDenoiser(model).predict(latents, torch.tensor(300), Conditioning([0, 1], states))


def merged(model: LoadedDiffusion, matrices: lora_files.Matrices, share: float) -> LoadedDiffusion:
    """A copy of the model with share · up · down added to its weights (Hu et al. 2022, eq. 3)."""
    parts = {part: copy.deepcopy(getattr(model, part)) for part in ("unet", "text_encoder")}
    for (part, name), (down, up) in matrices.items():
        weight = parts[part].get_submodule(name).weight
        change = (up.flatten(1) @ down.flatten(1)).view(weight.shape)
        weight.data += share * change
    fresh = type(model.text_states)()
    return replace(model, **parts, may_be_lean=False, lean=[], text_states=fresh)


@pytest.mark.parametrize(
    ("style", "alpha"),
    [("peft", None), ("peft", 1.0), ("diffusers", None), ("diffusers", 1.0),
     ("diffusers 0.17", None), ("diffusers 0.15", None), ("kohya", None), ("kohya", 1.0)],
)  # fmt: skip
def test_a_file_of_each_style_acts_as_merged_weights(
    model: LoadedDiffusion, style: str, alpha: float | None, tmp_path: Path
) -> None:
    names = dict(ATTENTION)
    if style == "peft":
        del names["text_encoder"]
    matrices = lora_files.drawn(model, names)
    file = lora_files.written(tmp_path / "style.safetensors", matrices, style, alpha)
    share = 0.7 * (alpha or lora_files.RANK) / lora_files.RANK
    with torch.inference_mode():
        plain, expected = predicted(model), predicted(merged(model, matrices, share))
        with with_loras(model, ((str(file), 0.7),)) as adapted:
            assert lean_unet(adapted) is None
            made = predicted(adapted)
    assert (expected - plain).abs().max() > 0.01 * plain.abs().max()
    assert (made - expected).abs().max() < 1e-4 * expected.abs().max()


@pytest.mark.parametrize("style", ["diffusers", "kohya"])
def test_convolutions_and_other_layers(model: LoadedDiffusion, style: str, tmp_path: Path) -> None:
    matrices = lora_files.drawn(model, MORE)
    assert {up.ndim for _, up in matrices.values()} == {2, 4}
    file = lora_files.written(tmp_path / "more.safetensors", matrices, style)
    with torch.inference_mode():
        expected = predicted(merged(model, matrices, 0.5))
        with with_loras(model, ((str(file), 0.5),)) as adapted:
            made = predicted(adapted)
    assert (made - expected).abs().max() < 1e-4 * expected.abs().max()


def test_several_files_add_up(model: LoadedDiffusion, tmp_path: Path) -> None:
    one, two = (lora_files.drawn(model, ATTENTION, seed) for seed in (1, 2))
    files = [
        (str(lora_files.written(tmp_path / f"{n}.safetensors", each, "kohya")), weight)
        for n, (each, weight) in enumerate(((one, 0.6), (two, -0.3)))
    ]
    with torch.inference_mode():
        expected = predicted(merged(merged(model, one, 0.6), two, -0.3))
        with with_loras(model, tuple(files)) as adapted:
            made = predicted(adapted)
    assert (made - expected).abs().max() < 1e-4 * expected.abs().max()


def test_weight_zero_is_the_model_itself_and_nothing_stays(
    model: LoadedDiffusion, tmp_path: Path
) -> None:
    matrices = lora_files.drawn(model, ATTENTION)
    file = str(lora_files.written(tmp_path / "a.safetensors", matrices, "diffusers"))
    with torch.inference_mode():
        before = predicted(model)
        with with_loras(model, ((file, 0.0),)) as adapted:
            assert adapted is model
        with with_loras(model, ((file, 1.0),)) as adapted:
            assert not torch.equal(predicted(adapted), before)
        assert torch.equal(predicted(model), before)
    for network in (model.unet, model.text_encoder):
        assert not any(module._forward_hooks for module in network.modules())


def test_what_does_not_fit_says_so_in_one_sentence(model: LoadedDiffusion, tmp_path: Path) -> None:
    wide = lora_files.written(
        tmp_path / "wide.safetensors",
        {("unet", name): (torch.zeros(2, 640), torch.zeros(640, 2))
         for (part, name) in lora_files.drawn(model, {"unet": ("attn1.to_q",)})},
        "kohya",
    )  # fmt: skip
    whole = lora_files.drawn(model, {"unet": ("attn1.to_q",)})
    lonely = tmp_path / "lonely.safetensors"
    (_, name), (down, _) = next(iter(whole.items()))
    save_file({f"unet.{name}.lora_A.weight": down}, lonely)
    sdxl = tmp_path / "sdxl.safetensors"
    save_file({"lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": down}, sdxl)
    other = tmp_path / "other.safetensors"
    save_file({"layer.weight": down}, other)
    blocks = []
    for number, layer in enumerate(("input_blocks_x_1_q", "input_blocks_4_9_q", "middle_block_1")):
        blocks.append(tmp_path / f"blocks{number}.safetensors")
        save_file({f"lora_unet_{layer}.lora_down.weight": down}, blocks[-1])
    for file in (wide, lonely, sdxl, other, *blocks):
        with (
            pytest.raises(LoraUnfit, match=r"was made for another model than sd: \S+ does not fit"),
            with_loras(model, ((str(file), 1.0),)),
        ):
            pass
    for network in (model.unet, model.text_encoder):
        assert not any(module._forward_hooks for module in network.modules())


def test_files_that_are_no_lora(model: LoadedDiffusion, tmp_path: Path) -> None:
    dora, empty, cut, pickled = (
        tmp_path / name for name in ("d.safetensors", "e.safetensors", "c.safetensors", "p.pt")
    )
    save_file({"unet.mid_block.dora_scale": torch.zeros(2)}, dora)
    save_file({}, empty)
    cut.write_bytes(dora.read_bytes()[:20])
    pickled.write_bytes(b"\x80\x02}q\x00.")
    beside = lora_files.written(
        tmp_path / "beside" / "a.safetensors",
        lora_files.drawn(model, {"unet": ("attn1.to_q",)}), "peft", alpha=1.0,
    )  # fmt: skip
    beside.with_name("adapter_config.json").write_text("[1]")
    for file, sentence in (
        (dora, "is a DoRA"),
        (empty, "changes nothing"),
        (cut, "cut short"),
        (pickled, "Only safetensors"),
        (tmp_path / "gone.safetensors", "cannot be read"),
        (beside, "alpha is not known"),
    ):
        with pytest.raises(LoraUnfit, match=sentence), with_loras(model, ((str(file), 1.0),)):
            pass
