"""Stable Diffusion models of any width with random weights, in diffusers' folder layout.

What a model costs in memory and time depends on its sizes alone, so nothing is downloaded.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import save_file
from torch import Tensor

from inference.models.clip_vocabulary import clip_tokenizer
from inference.models.libraries import prepare_libraries, quiet
from inference.models.single_file import layout_folder

_PIPELINES: Final = {
    "stable-diffusion-1": "StableDiffusionPipeline",
    "instruct-pix2pix": "StableDiffusionInstructPix2PixPipeline",
}


_HEAD: Final = 64
"""Channels of a head of attention in CLIP."""


def write_random_model(
    folder: Path, layout: str, stored: torch.dtype, *, width: float = 1.0, seed: int = 0
) -> Path:
    """Write a model whose networks have the sizes of a layout and random weights.

    Matrices and kernels are normal with a variance of 1 / inputs, so that activations keep their
    size from layer to layer; weights of norms are 1, biases 0.

    Args:
        folder: made here.
        layout: "stable-diffusion-1" or "instruct-pix2pix" (`resources/layouts`).
        stored: type of the tensors in the files.
        width: share of the channels of all networks; 1 is the true size.
        seed: of the weights.

    Returns:
        The folder.
    """
    prepare_libraries()
    quiet()
    from accelerate import init_empty_weights
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    generator, configs = torch.Generator().manual_seed(seed), layout_folder(layout)
    kinds: dict[str, tuple[Callable[[Mapping[str, Any]], Any], str]] = {
        "text_encoder": (lambda values: CLIPTextModel(CLIPTextConfig(**values)), "model"),
        "vae": (AutoencoderKL.from_config, "diffusion_pytorch_model"),
        "unet": (UNet2DConditionModel.from_config, "diffusion_pytorch_model"),
    }
    for part, (make, name) in kinds.items():
        values = _narrowed(json.loads((configs / part / "config.json").read_text("utf-8")), width)
        with init_empty_weights():
            network = make(values)
        own = folder / part
        own.mkdir(parents=True)
        state = {
            key: _random(key, tensor.shape, generator).to(stored)
            for key, tensor in network.state_dict().items()
        }
        save_file(state, own / f"{name}.safetensors", metadata={"format": "pt"})
        del state
        (own / "config.json").write_text(json.dumps(values), "utf-8")
    shutil.copytree(configs / "scheduler", folder / "scheduler")
    clip_tokenizer(configs / "tokenizer").save_pretrained(folder / "tokenizer")
    index = {
        "_class_name": _PIPELINES[layout],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "vae": ["diffusers", "AutoencoderKL"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "scheduler": ["diffusers", "PNDMScheduler"],
    }
    (folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    return folder


def _narrowed(values: dict[str, Any], width: float) -> dict[str, Any]:
    """A config with a share of the channels, in multiples that norms and heads can divide."""
    if "block_out_channels" in values:
        values["block_out_channels"] = [_share(n, width, 32) for n in values["block_out_channels"]]
    for name in ("cross_attention_dim", "hidden_size", "intermediate_size"):
        if name in values:
            values[name] = _share(values[name], width, _HEAD)
    if "num_attention_heads" in values and "hidden_size" in values:
        values["num_attention_heads"] = values["hidden_size"] // _HEAD
    return values


def _share(count: int, width: float, multiple: int) -> int:
    return max(multiple, round(count * width / multiple) * multiple)


def _random(name: str, shape: torch.Size, generator: torch.Generator) -> Tensor:
    if len(shape) == 1:
        return torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
    inputs = math.prod(shape[1:])
    if "embedding" in name and "time" not in name:  # looked up, not multiplied
        inputs = 2500  # CLIP's embeddings deviate by .02
    return torch.randn(shape, generator=generator).div_(math.sqrt(inputs))
