"""Files and folders that look like models get an answer that says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference.models.store import ModelStore
from tests.inference.models.small_files import safetensors

UNET = "model.diffusion_model."
IN = f"{UNET}input_blocks.0.0.weight"


def refusal(root: Path) -> tuple[str, str]:
    """Reason and fix of the one thing refused below a folder that holds no usable model."""
    store = ModelStore([root])
    assert store.found == ()
    (refused,) = store.refused
    return str(refused.reason), str(refused.fix)


@pytest.mark.parametrize(
    ("name", "shapes", "reason", "fix"),
    [
        ("sd_xl_refiner_1.0", {IN: (384, 4, 3, 3), "conditioner.embedders.0.model.ln_final.bias":
                               (1280,)}, "(Stable Diffusion XL Refiner)", "work here"),
        ("sd3_medium", {f"{UNET}joint_blocks.0.context_block.attn.qkv.bias": (4608,)},
         "(Stable Diffusion 3)", "work here"),
        ("flux1-dev", {"double_blocks.0.img_attn.qkv.bias": (9216,)}, "(FLUX)",
         "work here"),
        ("control_v11p_sd15_canny", {"control_model.input_hint_block.0.weight": (16, 3, 3, 3)},
         "a ControlNet", "work here"),
        ("vae-ft-mse-840000", {"decoder.conv_in.weight": (512, 4, 3, 3)}, "only an autoencoder",
         "whole folder"),
        ("unet", {"down_blocks.0.resnets.0.norm1.bias": (320,), "time_embedding.linear_1.bias":
                  (1280,)}, "only one part of a model, a UNet2DConditionModel", "whole folder"),
        ("4x_other", {"conv_first.weight": (64, 3, 3, 3), "trunk.0.bias": (32,)},
         "an upscaler of a kind", "ESRGAN"),
        ("4x_old", {"model.0.weight": (64, 3, 3, 3)}, "an upscaler of a kind", "ESRGAN"),
        ("weights", {"model.layers.0.mlp.up_proj.weight": (8, 8)}, "without the config",
         "whole folder"),
    ],
)  # fmt: skip
def test_loose_files_are_known_by_their_tensors(
    tmp_path: Path, name: str, shapes: dict[str, tuple[int, ...]], reason: str, fix: str
) -> None:
    safetensors(tmp_path / f"{name}.safetensors", shapes)
    found, advice = refusal(tmp_path)
    assert reason in found
    assert fix in advice


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("llama-2-7b.Q4_K_M.gguf", "Its weights are packed (GGUF)"),
        ("model.onnx", "ONNX files are not loaded"),
        ("v1-5.ckpt", ".ckpt files can run code"),
        ("embedding.PT", ".PT files can run code"),
    ],
)
def test_files_of_other_formats_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).write_bytes(b"GGUF")
    found, advice = refusal(tmp_path)
    assert reason in found
    wanted = "safetensors" if name.endswith("onnx") else f"models convert {tmp_path / name}"
    assert wanted in advice


def test_a_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"<html>not found</html>")
    assert refusal(tmp_path) == (
        "model.safetensors is cut short or no safetensors file.",
        "Copy or download it again.",
    )


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("StableDiffusionXLImg2ImgPipeline", "It is a Stable Diffusion XL Refiner model"),
        ("StableDiffusion3Pipeline", "It is a Stable Diffusion 3 model"),
        ("FluxPipeline", "It is a FLUX.1 model"),
        ("Flux2Pipeline", "It is a FLUX.2 model"),
        ("QwenImagePipeline", "It is a Qwen-Image model"),
        ("StableDiffusionUpscalePipeline", "It is an upscaler of a kind"),
        ("StableDiffusionImg2ImgPipeline", "names a StableDiffusionImg2ImgPipeline"),
        ("NobodyKnowsPipeline", "No method here uses a NobodyKnowsPipeline yet."),
        ("", "a pipeline without a name"),
    ],
)
def test_pipelines_of_other_families_are_refused_by_name(
    tmp_path: Path, kind: str, reason: str
) -> None:
    (tmp_path / "model" / "transformer").mkdir(parents=True)
    (tmp_path / "model" / "model_index.json").write_text(json.dumps({"_class_name": kind}))
    found, advice = refusal(tmp_path)
    assert reason in found
    assert advice


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("AutoencoderKL", "only an autoencoder"),
        ("AutoencoderTiny", "only an autoencoder"),
        ("UNet2DConditionModel", "only one part of a model, a UNet2DConditionModel"),
        ("FluxTransformer2DModel", "only one part of a model, a FluxTransformer2DModel"),
        ("ControlNetModel", "a ControlNet"),
        ("T2IAdapter", "a ControlNet or an adapter"),
    ],
)
def test_folders_of_single_networks_are_refused(tmp_path: Path, kind: str, reason: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"_class_name": kind}))
    safetensors(tmp_path / "diffusion_pytorch_model.safetensors", {"w": (1,)})
    assert reason in refusal(tmp_path)[0]


def test_folders_of_quantised_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "quantize_config.json").write_text("{}")
    safetensors(tmp_path / "model.safetensors", {"w": (1,)})
    reason, _ = refusal(tmp_path)
    assert reason == "Its weights are quantised (GPTQ or AWQ), and such are not loaded here."


def test_what_is_no_model_gets_no_answer(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "config.json").write_text('{"theme": "dark"}')
    (tmp_path / "picture.png").write_bytes(b"png")
    (tmp_path / "judge").mkdir()
    (tmp_path / "judge" / "judge.json").write_text("{}")
    safetensors(tmp_path / "judge" / "judge.safetensors", {"w": (1,)})
    store = ModelStore([tmp_path])
    assert (store.found, store.refused) == ((), ())
