"""Small Stable Diffusion models in one file, with the tensors named as the authors' code does.

Names as in CompVis' and Stability's repositories (latent-diffusion, OpenCLIP); made from stock
networks, so that a test can compare what is loaded with what was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from inference.models.libraries import prepare_libraries, quiet
from inference.models.single_file import layout_folder

prepare_libraries()

_LEVELS = (32, 32, 32, 32)
_LAYERS = 1
_WIDTH = 64
_VOCABULARY = 49408
XL = "stable-diffusion-xl"
_RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "norm2": "out_layers.0",
    "conv2": "out_layers.3", "time_emb_proj": "emb_layers.1", "conv_shortcut": "skip_connection",
}  # fmt: skip
_UNET_ENDS = {
    "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
    "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2",
    "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
}  # fmt: skip


def networks(layout: str, channels: int = 4) -> dict[str, Any]:
    """UNet, autoencoder and text encoders of a layout, small, with random weights."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    quiet()
    torch.manual_seed(0)

    small: dict[str, Any] = {"block_out_channels": _LEVELS, "layers_per_block": _LAYERS}
    other: dict[str, Any] = {"cross_attention_dim": _WIDTH}
    levels: tuple[int, ...] = _LEVELS
    if layout == "stable-diffusion-2":
        other["attention_head_dim"] = [1] * 4
    elif layout == XL:
        levels = _LEVELS[:3]
        other = {
            "attention_head_dim": [1] * 3,
            "transformer_layers_per_block": [1, 1, 2],
            "cross_attention_dim": 2 * _WIDTH,
            "projection_class_embeddings_input_dim": 6 * 256 + _WIDTH,
        }
    unet = {**_values(layout, "unet"), **small, **other,
            "block_out_channels": levels, "in_channels": channels}  # fmt: skip
    text = {"hidden_size": _WIDTH, "intermediate_size": 32, "num_hidden_layers": 2,
            "num_attention_heads": 1, "projection_dim": _WIDTH}  # fmt: skip
    made = {
        "unet": UNet2DConditionModel(**unet),
        "vae": AutoencoderKL(**{**_values(layout, "vae"), **small}),
        "text_encoder": CLIPTextModel(
            CLIPTextConfig(**{**_values(layout, "text_encoder"), **text})
        ),
    }
    if layout == XL:
        values = {**_values(layout, "text_encoder_2"), **text}
        made["text_encoder_2"] = CLIPTextModelWithProjection(CLIPTextConfig(**values))
    return {name: network.eval() for name, network in made.items()}


def published(layout: str) -> dict[str, Any]:
    """The same networks at the sizes that are published, without memory for their weights."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    with torch.device("meta"):
        made = {
            "unet": UNet2DConditionModel(**_values(layout, "unet")),
            "vae": AutoencoderKL(**_values(layout, "vae")),
            "text_encoder": CLIPTextModel(CLIPTextConfig(**_values(layout, "text_encoder"))),
        }
        if layout == XL:
            config = CLIPTextConfig(**_values(layout, "text_encoder_2"))
            made["text_encoder_2"] = CLIPTextModelWithProjection(config)
    return made


def _values(layout: str, part: str) -> dict[str, Any]:
    text = (layout_folder(layout) / part / "config.json").read_text()
    return {k: v for k, v in json.loads(text).items() if not k.startswith("_")}


def checkpoint(
    file: Path,
    parts: Mapping[str, Any],
    *,
    open_clip: bool = False,
    metadata: Mapping[str, str] | None = None,
    more: Mapping[str, Tensor] | None = None,
) -> Path:
    """Write the parts as one file in half precision.

    Args:
        file: to write.
        parts: as `networks` gives them.
        open_clip: the text encoder is written as OpenCLIP does, with the layer that is not used.
        metadata: of the file.
        more: other tensors.
    """
    from safetensors.torch import save_file

    state = {**tensors(parts, open_clip=open_clip), **(more or {})}
    state = {name: one.half().contiguous().clone() for name, one in state.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, file, dict(metadata or {}))
    return file


def tensors(parts: Mapping[str, Any], *, open_clip: bool = False) -> dict[str, Tensor]:
    """The tensors of the parts, named as their authors do."""
    layers = parts["unet"].config.layers_per_block
    state = {
        **_renamed(
            parts["unet"],
            "model.diffusion_model.",
            partial(_unet_name, layers=layers, keys=parts["unet"].state_dict().keys()),
        ),
        **_renamed(parts["vae"], "first_stage_model.", _autoencoder_name),
    }
    if "text_encoder_2" in parts:
        state |= _clip(parts["text_encoder"], "conditioner.embedders.0.transformer.")
        return state | _open_clip(parts["text_encoder_2"], "conditioner.embedders.1.model.")
    if open_clip:
        return state | _open_clip(parts["text_encoder"], "cond_stage_model.model.")
    return state | _clip(parts["text_encoder"], "cond_stage_model.transformer.")


def _renamed(network: Any, beginning: str, name: Callable[[str], str]) -> dict[str, Tensor]:
    state = {}
    for key, tensor in network.state_dict().items():
        new = name(key)
        convolution = ".attn_1." in new and new.endswith("weight") and ".norm." not in new
        state[beginning + new] = tensor[:, :, None, None] if convolution else tensor
    return state


def _unet_name(key: str, layers: int, keys: Collection[str]) -> str:
    module, _, leaf = key.rpartition(".")
    if module in _UNET_ENDS:
        return f"{_UNET_ENDS[module]}.{leaf}"
    step = layers + 1
    place = re.match(r"(down|up)_blocks\.(\d)\.(\w+)\.(\d)\.", key)
    if place is None:
        middle = re.match(r"mid_block\.(resnets|attentions)\.(\d)\.", key)
        assert middle is not None
        number = 1 if middle[1] == "attentions" else 2 * int(middle[2])
        return f"middle_block.{number}.{_inner(key[middle.end() :], middle[1])}"
    way, block, kind, layer = place[1], int(place[2]), place[3], int(place[4])
    rest = _inner(key[place.end() :], kind)
    if kind == "downsamplers":
        return f"input_blocks.{step * (block + 1)}.0.op.{leaf}"
    if kind == "upsamplers":
        attends = any(f"up_blocks.{block}.attentions." in other for other in keys)
        return f"output_blocks.{step * block + layers}.{2 if attends else 1}.conv.{leaf}"
    number = step * block + layer + (1 if way == "down" else 0)
    side = "input" if way == "down" else "output"
    return f"{side}_blocks.{number}.{1 if kind == 'attentions' else 0}.{rest}"


def _inner(rest: str, kind: str) -> str:
    module, _, leaf = rest.rpartition(".")
    return f"{_RESNET[module]}.{leaf}" if kind == "resnets" else rest


def _autoencoder_name(key: str) -> str:
    last = len(_LEVELS) - 1
    key = re.sub(r"down_blocks\.(\d)\.resnets\.", r"down.\1.block.", key)
    key = re.sub(r"down_blocks\.(\d)\.downsamplers\.0\.", r"down.\1.downsample.", key)
    key = re.sub(r"up_blocks\.(\d)\.resnets\.", lambda m: f"up.{last - int(m[1])}.block.", key)
    key = re.sub(
        r"up_blocks\.(\d)\.upsamplers\.0\.", lambda m: f"up.{last - int(m[1])}.upsample.", key
    )
    key = re.sub(r"mid_block\.resnets\.(\d)\.", lambda m: f"mid.block_{int(m[1]) + 1}.", key)
    key = key.replace("mid_block.attentions.0.", "mid.attn_1.")
    for new, old in (("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"),
                     ("to_out.0", "proj_out"), ("conv_shortcut", "nin_shortcut"),
                     ("conv_norm_out", "norm_out")):  # fmt: skip
        key = key.replace(f".{new}.", f".{old}.")
    return key


def _plain(network: Any) -> dict[str, Tensor]:
    return {k.removeprefix("text_model."): v for k, v in network.state_dict().items()}


def _clip(network: Any, beginning: str) -> dict[str, Tensor]:
    return {f"{beginning}text_model.{k}": v for k, v in _plain(network).items()}


def _open_clip(network: Any, beginning: str) -> dict[str, Tensor]:
    """As OpenCLIP writes it; of an encoder without a projection the last layer is not used."""
    own = _plain(network)
    projection = own.get("text_projection.weight")
    unused = projection is None
    if projection is None:
        projection = own["final_layer_norm.weight"].diag()
    state = {
        "token_embedding.weight": own["embeddings.token_embedding.weight"],
        "positional_embedding": own["embeddings.position_embedding.weight"],
        "text_projection": projection.T,
        "logit_scale": torch.ones(()),
        **{f"ln_final.{leaf}": own[f"final_layer_norm.{leaf}"] for leaf in ("weight", "bias")},
    }
    layers = max(int(k.split(".")[2]) for k in own if k.startswith("encoder.layers.")) + 1
    for layer in range(layers + unused):
        source = f"encoder.layers.{min(layer, layers - 1)}."
        target = f"transformer.resblocks.{layer}."
        for leaf in ("weight", "bias"):
            projections = [own[f"{source}self_attn.{n}_proj.{leaf}"] for n in "qkv"]
            state[f"{target}attn.in_proj_{leaf}"] = torch.cat(projections)
            for new, old in (("self_attn.out_proj", "attn.out_proj"), ("layer_norm1", "ln_1"),
                             ("layer_norm2", "ln_2"), ("mlp.fc1", "mlp.c_fc"),
                             ("mlp.fc2", "mlp.c_proj")):  # fmt: skip
                state[f"{target}{old}.{leaf}"] = own[f"{source}{new}.{leaf}"]
    return {f"{beginning}{name}": tensor for name, tensor in state.items()}
