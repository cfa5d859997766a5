"""Loads a Stable Diffusion model whose tensors have their authors' names, in stock classes.

All parts are in one file, or each is in one of its own.

diffusers renames the tensors; its `from_single_file` would look for configs on the hub.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import torch
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import (
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)
from safetensors import safe_open
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from inference.models.clip_vocabulary import clip_tokenizer
from inference.models.found_model import FoundModel
from inference.models.load_progress import part_begins
from inference.models.loaded import DiffusionParts
from inference.models.part_files import TensorPlaces, tensor_places
from inference.models.single_file import (
    AUTOENCODER,
    UNET,
    XL_OPEN_CLIP,
    autoencoder_sizes,
    is_open_clip,
    text_beginnings,
    text_sizes,
    unet_sizes,
)
from inference.models.stock import fill
from inference.request.cancel import CancelCheck

_PROJECTION: Final = "text_projection.weight"

_V_PREDICTION: Final = "v_pred"
_ZERO_SNR: Final = "ztsnr"
"""Empty tensors by which authors of Stable Diffusion XL's descendants say how they trained
(v-prediction, Salimans and Ho 2022; a last step without signal, Lin et al. 2024)."""

_VELOCITY_ABOVE: Final = 0.09
_VELOCITY_MARK: Final = f"{UNET}output_blocks.11.1.transformer_blocks.0.norm1.bias"


def load_single_file(model: FoundModel, dtype: torch.dtype, check: CancelCheck) -> DiffusionParts:
    """Read the tensors of the parts, nothing else of the file, and lay them into stock classes.

    Args:
        model: as `found_checkpoint` gives it.
        dtype: of the UNet and the text encoder; the autoencoder is loaded in float32.
        check: called between tensors; what it raises passes.

    Raises:
        Unfit: tensors are missing or have other shapes.
    """
    layout = model.configs
    for file in model.weights:
        part_begins(file)
    tensors = tensor_places(model)
    header, shapes = tensors.header, tensors.header.shapes
    encoders, tokenizers = {}, {}
    for part, beginning in text_beginnings(shapes).items():
        state = _tensors(tensors, beginning, check)
        encoders[part] = _text_encoder(
            state, beginning, layout / part, text_sizes(shapes, beginning), dtype
        )
        tokenizer = part.replace("text_encoder", "tokenizer")
        tokenizers[tokenizer] = clip_tokenizer(layout / tokenizer)
    state = _tensors(tensors, AUTOENCODER, check)
    vae = _network(
        AutoencoderKL,
        layout / "vae",
        autoencoder_sizes(shapes),
        lambda config: convert_ldm_vae_checkpoint(state, config),
        torch.float32,
    )
    state = _tensors(tensors, UNET, check)
    unet = _network(
        UNet2DConditionModel,
        layout / "unet",
        unet_sizes(shapes),
        lambda config: convert_ldm_unet_checkpoint(state, config),
        dtype,
    )
    config = json.loads((layout / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    if _V_PREDICTION in shapes or _predicts_velocity(header.metadata, state, unet):
        config["prediction_type"] = "v_prediction"
    if _ZERO_SNR in shapes:
        config |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    for network in (*encoders.values(), vae, unet):
        network.eval().requires_grad_(False)
    return DiffusionParts(
        vae=vae,
        unet=unet,
        scheduler_config=config,
        empty_is_zero="text_encoder_2" in encoders,
        **encoders,
        **tokenizers,
    )


def _network(
    kind: Any,
    layout: Path,
    sizes: Mapping[str, Any],
    converted: Callable[[dict[str, Any]], dict[str, Tensor]],
    dtype: torch.dtype,
) -> Any:
    """A network of diffusers, filled with tensors that were renamed for its config."""
    config = {**kind.load_config(layout, local_files_only=True), **sizes}
    with init_empty_weights():
        network = kind.from_config(config)
    fill(network, converted(config), dtype)
    return network


def _tensors(tensors: TensorPlaces, beginning: str, check: CancelCheck) -> dict[str, Tensor]:
    places = {name: at for name, at in tensors.places.items() if name.startswith(beginning)}
    found = {}
    for file in {file for file, _ in places.values()}:
        with safe_open(file, framework="pt") as opened:
            for name, (where, stored) in places.items():
                if where == file:
                    check()
                    found[name] = opened.get_tensor(stored)
    return found


def _text_encoder(
    state: dict[str, Tensor],
    beginning: str,
    layout: Path,
    sizes: Mapping[str, Any],
    dtype: torch.dtype,
) -> Any:
    """CLIP's text encoder; diffusers knows how the keys of both writers are called."""
    values = json.loads((layout / "config.json").read_text("utf-8"))
    kind = CLIPTextModelWithProjection if beginning == XL_OPEN_CLIP else CLIPTextModel
    with init_empty_weights():
        network = kind(CLIPTextConfig(**{**values, **sizes}))
    if is_open_clip(state, beginning):
        converted = convert_open_clip_checkpoint(network, state, prefix=beginning)
    else:
        converted = {key.removeprefix(beginning): one for key, one in state.items()}
    level = "text_model." if hasattr(network, "text_model") else ""
    named = {level + key.removeprefix("text_model."): one for key, one in converted.items()}
    if _PROJECTION in converted:
        named[_PROJECTION] = converted[_PROJECTION]
    fill(network, named, dtype)
    return network


def _predicts_velocity(facts: Mapping[str, str], state: Mapping[str, Tensor], unet: Any) -> bool:
    """True for v-prediction (Salimans and Ho 2022).

    Files say so in their metadata (`modelspec`) or by a tensor "v_pred". For other models of Stable
    Diffusion 2 the spread of one bias decides, as in ComfyUI.
    """
    said = facts.get("modelspec.prediction_type") or facts.get("modelspec.predict_key") or ""
    if said:
        return said.lower().startswith("v")
    if f"{UNET}v_pred" in state:
        return True
    mark = state.get(_VELOCITY_MARK)
    second = bool(unet.config.use_linear_projection) and unet.config.in_channels == 4
    if not second or mark is None:
        return False
    return float(mark.float().std(unbiased=False)) > _VELOCITY_ABOVE
