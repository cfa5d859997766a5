"""LoRA files with random numbers, in the styles of the programs that write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

RANK = 2

_KOHYA = {
    "unet": "lora_unet_",
    "text_encoder": "lora_te_text_model_",
    "text_encoder_2": "lora_te2_text_model_",
}


Matrices = Mapping[tuple[str, str], tuple[Tensor, Tensor]]
"""(down, up) by part and layer."""


def drawn(model: Any, names: Mapping[str, tuple[str, ...]], seed: int = 0) -> Matrices:
    """Random matrices for every layer of a part whose name ends so."""
    rng = torch.Generator().manual_seed(seed)
    made = {}
    for part, endings in names.items():
        for name, layer in getattr(model, part).named_modules():
            if not name.endswith(endings):
                continue
            weight = layer.weight
            down = torch.randn((RANK, *weight.shape[1:]), generator=rng) * 0.3
            up = torch.randn((len(weight), RANK), generator=rng) * 0.3
            made[part, name] = down, up.view(*up.shape, *(1,) * (weight.ndim - 2))
    assert made
    return made


def written(file: Path, matrices: Matrices, style: str, alpha: float | None = None) -> Path:
    """A file with these matrices: peft, diffusers (two older styles by version), kohya, or kohya
    with the names of Stable Diffusion XL's authors ("kohya sgm").
    """
    tensors: dict[str, Tensor] = {}
    facts: dict[str, str] = {}
    for (part, name), (down, up) in matrices.items():
        for key, tensor in zip(_keys(part, name, style), (down, up), strict=True):
            tensors[key] = tensor.contiguous()
        if style == "kohya" and alpha is not None:
            tensors[f"{_kohya(part, name)}.alpha"] = torch.tensor(alpha)
    file.parent.mkdir(parents=True, exist_ok=True)
    if style == "diffusers" and alpha is not None:
        parts = {part for part, _ in matrices}
        values = {f"{part}.lora_alpha": alpha for part in parts}
        facts["lora_adapter_metadata"] = json.dumps(values)
    if style == "peft" and alpha is not None:
        config = {"peft_type": "LORA", "r": RANK, "lora_alpha": alpha}
        file.with_name("adapter_config.json").write_text(json.dumps(config))
    save_file(tensors, file, metadata=facts)
    return file


def _keys(part: str, name: str, style: str) -> tuple[str, str]:
    text = part.startswith("text_encoder")
    old = f"text_model.{name}" if text and not name.startswith("text_model.") else name
    if style == "peft":
        return tuple(f"base_model.model.{name}.lora_{m}.weight" for m in "AB")  # type: ignore[return-value]
    if style == "diffusers":
        return f"{part}.{old}.lora_A.weight", f"{part}.{old}.lora_B.weight"
    if style == "diffusers 0.17":
        middle = "lora_linear_layer" if text else "lora"
        return f"{part}.{old}.{middle}.down.weight", f"{part}.{old}.{middle}.up.weight"
    if style == "diffusers 0.15":
        block, _, last = old.removesuffix(".0").rpartition(".")
        if text:
            last = {"q_proj": "to_q", "k_proj": "to_k", "v_proj": "to_v", "out_proj": "to_out"}[
                last
            ]
        middle = "" if text else ".processor"
        stem = f"{part}.{block}{middle}.{last}_lora"
        return f"{stem}.down.weight", f"{stem}.up.weight"
    stem = _kohya(part, sgm_name(name) if style == "kohya sgm" and not text else name)
    if style == "kohya sgm":
        stem = stem.replace("lora_te_", "lora_te1_")
    return f"{stem}.lora_down.weight", f"{stem}.lora_up.weight"


def _kohya(part: str, name: str) -> str:
    start = _KOHYA[part]
    return start + name.removeprefix("text_model.").replace(".", "_")


def sgm_name(name: str, layers: int = 1) -> str:
    """The authors' name of a UNet's layer in diffusers' words, of so many layers a block."""
    for new, old in (("conv1", "in_layers.2"), ("conv2", "out_layers.3"),
                     ("time_emb_proj", "emb_layers.1"), ("conv_shortcut", "skip_connection"),
                     ("downsamplers.0.conv", "downsamplers.0.op")):  # fmt: skip
        name = name.removesuffix(new) + old if name.endswith(f".{new}") else name
    place, _, rest = name.partition(".")
    if place == "mid_block":
        kind, number, inner = rest.split(".", 2)
        return f"middle_block.{1 if kind == 'attentions' else 2 * int(number)}.{inner}"
    block, kind, number, inner = rest.split(".", 3)
    step = layers + 1
    if place == "down_blocks":
        if kind == "downsamplers":
            return f"input_blocks.{step * (int(block) + 1)}.0.{inner}"
        return (
            f"input_blocks.{step * int(block) + int(number) + 1}.{kind == 'attentions':d}.{inner}"
        )
    if kind == "upsamplers":
        return f"output_blocks.{step * int(block) + layers}.2.{inner}"
    return f"output_blocks.{step * int(block) + int(number)}.{kind == 'attentions':d}.{inner}"
