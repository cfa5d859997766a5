"""Whole models of Stable Diffusion in one safetensors file, as their authors' code writes them.

Which model it is follows from the names and shapes of the tensors, never from the file's name. The
configs, which such files lack, ship with the program (`resources/layouts`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from editor.messages import Message
from inference.models.found_model import FoundModel, Refused
from inference.models.model_folder import quantised
from inference.models.weights import WeightsHeader

UNET: Final = "model.diffusion_model."
AUTOENCODER: Final = "first_stage_model."
CLIP: Final = "cond_stage_model.transformer."
OPEN_CLIP: Final = "cond_stage_model.model."
XL_CLIP: Final = "conditioner.embedders.0.transformer."
XL_OPEN_CLIP: Final = "conditioner.embedders.1.model."
"""How the names of the tensors of each part begin."""

_XL_REFINER: Final = "conditioner.embedders.0.model."
_IN: Final = f"{UNET}input_blocks.0.0.weight"
_MANY: Final = 1000
_PARTS: Final = {
    "unet": "UNet2DConditionModel",
    "vae": "AutoencoderKL",
    "text_encoder": "CLIPTextModel",
    "tokenizer": "CLIPTokenizer",
}
_XL_PARTS: Final = {
    **_PARTS,
    "text_encoder_2": "CLIPTextModelWithProjection",
    "tokenizer_2": "CLIPTokenizer",
}


@dataclass(frozen=True)
class Checkpoint:
    """What one file holds.

    Attributes:
        title: what people call it.
        family: name of the `Family` that loads it, "" where there is none.
        layout: folder of its configs in `resources/layouts`, "" where there is none.
    """

    title: str
    family: str = ""
    layout: str = ""


_XL: Final = Checkpoint("Stable Diffusion XL")
_XL_OF_CHANNELS: Final = {
    4: Checkpoint("Stable Diffusion XL", "stable-diffusion-xl", "stable-diffusion-xl"),
    8: Checkpoint("SDXL InstructPix2Pix", "sdxl-instruct-pix2pix", "stable-diffusion-xl"),
    9: Checkpoint("SDXL Inpainting", "sdxl-inpainting", "stable-diffusion-xl"),
}
_SD3: Final = Checkpoint("Stable Diffusion 3")
_FLUX: Final = Checkpoint("FLUX")
_FIRST: Final = "stable-diffusion-1"
_SECOND: Final = "stable-diffusion-2"


def checkpoint_of(header: WeightsHeader) -> Checkpoint | None:
    """Which model a file holds; None for a file that holds no whole diffusion model."""
    shapes = header.shapes
    if _has(shapes, "double_blocks.", f"{UNET}double_blocks."):
        return _FLUX
    if not _has(shapes, UNET):
        return None
    first = shapes.get(_IN, ())
    channels = first[1] if len(first) > 1 else 0
    if _has(shapes, _XL_REFINER):
        return Checkpoint("Stable Diffusion XL Refiner")
    if _has(shapes, XL_CLIP, XL_OPEN_CLIP, f"{UNET}label_emb."):
        return _XL_OF_CHANNELS.get(channels, _XL)
    if _has(shapes, f"{UNET}joint_blocks."):
        return _SD3
    second = _has(shapes, OPEN_CLIP)
    layout = _SECOND if second else _FIRST
    if channels == 8:
        return Checkpoint("InstructPix2Pix", "instruct-pix2pix", "instruct-pix2pix")
    if channels == 9:
        return Checkpoint("Stable Diffusion Inpainting", "stable-diffusion-inpainting", layout)
    return Checkpoint(
        f"Stable Diffusion {2 if second else 1}",
        "stable-diffusion" if channels == 4 else "",
        layout,
    )


def found_checkpoint(
    file: Path, header: WeightsHeader, checkpoint: Checkpoint, role: str
) -> FoundModel:
    """The model in a file.

    Raises:
        Refused: a part of it is missing, or it has sizes that no such model has.
    """
    if header.scaled_type:
        raise quantised(header.scaled_type)
    shapes = header.shapes
    beginnings = {"unet": UNET, "vae": AUTOENCODER, **text_beginnings(shapes)}
    if not _has(shapes, *(one for part, one in beginnings.items() if part != "unet")):
        raise Refused(Message("model.only_part", kind=_PARTS["unet"]), Message("do.whole_file"))
    for part, beginning in beginnings.items():
        if not _has(shapes, beginning):
            raise Refused(Message("model.part_missing", part=part), Message("do.whole_file"))
    try:
        unet_sizes(shapes), autoencoder_sizes(shapes)
        for beginning in text_beginnings(shapes).values():
            text_sizes(shapes, beginning)
    except (KeyError, IndexError, ValueError, ZeroDivisionError):
        raise Refused(Message("model.file_sizes"), Message("do.copy_again")) from None
    used = tuple(beginnings.values())
    elements = sum(math.prod(shape) for name, shape in shapes.items() if name.startswith(used))
    return FoundModel(
        role,
        file.stem,
        file,
        (file,),
        file.stat().st_size,
        elements,
        _XL_PARTS if "text_encoder_2" in beginnings else _PARTS,
        checkpoint.family,
        layout_folder(checkpoint.layout),
    )


def text_beginnings(shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, str]:
    """How the names of the tensors of each text encoder begin."""
    if _has(shapes, XL_CLIP, XL_OPEN_CLIP, f"{UNET}label_emb."):
        return {"text_encoder": XL_CLIP, "text_encoder_2": XL_OPEN_CLIP}
    return {"text_encoder": CLIP if _has(shapes, CLIP) else OPEN_CLIP}


def layout_folder(name: str) -> Path:
    """The folder of configs that ships under a name."""
    return Path(str(resources.files("resources"))) / "layouts" / name


Sizes = Mapping[str, int | list[int]]
"""Values of a config of diffusers or transformers by name."""


def unet_sizes(shapes: Mapping[str, tuple[int, ...]]) -> Sizes:
    """Sizes of a `UNet2DConditionModel`, read from the tensors.

    Raises:
        KeyError, IndexError, ValueError: tensors that every UNet of this kind has are not there.
    """
    base = f"{UNET}input_blocks."
    downs = [n for n in range(_MANY) if f"{base}{n}.0.op.weight" in shapes]
    layers = downs[0] - 1
    channels = [
        shapes[f"{base}{1 + level * (layers + 1)}.0.out_layers.3.weight"][0]
        for level in range(len(downs) + 1)
    ]
    contexts = [
        shape[1] for name, shape in shapes.items()
        if name.startswith(base) and name.endswith("attn2.to_k.weight")
    ]  # fmt: skip
    sizes: dict[str, int | list[int]] = {
        "in_channels": shapes[_IN][1],
        "out_channels": shapes[f"{UNET}out.2.weight"][0],
        "block_out_channels": channels,
        "layers_per_block": layers,
        "cross_attention_dim": contexts[0],
    }
    # From Stable Diffusion 2 on: heads of 64 channels, not 8 heads.
    if _has(shapes, OPEN_CLIP, XL_OPEN_CLIP):
        sizes["attention_head_dim"] = [max(1, width // _HEAD) for width in channels]
    if _has(shapes, XL_OPEN_CLIP):
        sizes["transformer_layers_per_block"] = [
            _count(shapes, f"{base}{1 + level * (layers + 1)}.1.transformer_blocks.", 1)
            for level in range(len(channels))
        ]
        sizes["projection_class_embeddings_input_dim"] = shapes[f"{UNET}label_emb.0.0.weight"][1]
    return sizes


def autoencoder_sizes(shapes: Mapping[str, tuple[int, ...]]) -> Sizes:
    """Sizes of an `AutoencoderKL`; raises as `unet_sizes`."""
    base = f"{AUTOENCODER}encoder.down."
    levels = _count(shapes, base)
    return {
        "block_out_channels": [
            shapes[f"{base}{level}.block.0.conv1.weight"][0] for level in range(levels)
        ],
        "layers_per_block": _count(shapes, f"{base}0.block."),
        "latent_channels": shapes[f"{AUTOENCODER}decoder.conv_in.weight"][1],
    }


def text_sizes(shapes: Mapping[str, tuple[int, ...]], beginning: str) -> Sizes:
    """Sizes of a `CLIPTextModel`; raises as `unet_sizes`.

    Of OpenCLIP's encoder Stable Diffusion 2 uses all layers but the last; Stable Diffusion XL takes
    the states before the last layer, and the pooled state after it.

    Args:
        shapes: of the file.
        beginning: of the encoder's tensors, one of `text_beginnings`.
    """
    left_out = 0
    projection: dict[str, int] = {}
    if is_open_clip(shapes, beginning):
        base, layer = f"{beginning}transformer.resblocks.", "mlp.c_fc.weight"
        vocabulary = shapes[f"{beginning}token_embedding.weight"]
        positions = shapes[f"{beginning}positional_embedding"]
        if beginning == OPEN_CLIP:
            left_out = 1
        else:
            projection["projection_dim"] = shapes[f"{beginning}text_projection"][1]
    else:
        level = "text_model." if _has(shapes, f"{beginning}text_model.") else ""
        base, layer = f"{beginning}{level}encoder.layers.", "mlp.fc1.weight"
        vocabulary = shapes[f"{beginning}{level}embeddings.token_embedding.weight"]
        positions = shapes[f"{beginning}{level}embeddings.position_embedding.weight"]
        if beginning == XL_OPEN_CLIP:
            projection["projection_dim"] = shapes[f"{beginning}text_projection.weight"][0]
        elif beginning == OPEN_CLIP and _count(shapes, base) == _ALL_LAYERS:
            left_out = 1
    return {
        **projection,
        "vocab_size": vocabulary[0],
        "hidden_size": vocabulary[1],
        "max_position_embeddings": positions[0],
        "num_attention_heads": max(1, vocabulary[1] // _HEAD),
        "num_hidden_layers": _count(shapes, base) - left_out,
        "intermediate_size": shapes[f"{base}0.{layer}"][0],
    }


def is_open_clip(shapes: Collection[str], beginning: str) -> bool:
    """True where a text encoder's tensors are named as open_clip does, not as transformers."""
    return f"{beginning}token_embedding.weight" in shapes


_ALL_LAYERS: Final = 24
"""Of OpenCLIP's encoder that Stable Diffusion 2 uses; transformers' file may lack the last."""

_HEAD: Final = 64
"""Channels of a head of attention in CLIP and in Stable Diffusion 2."""


def _count(shapes: Mapping[str, tuple[int, ...]], base: str, none: int | None = None) -> int:
    """How many numbered layers stand under a name; `none` where there are none.

    Raises:
        ValueError: there are none, or too many to be true.
    """
    numbers = {
        name.removeprefix(base).partition(".")[0] for name in shapes if name.startswith(base)
    }
    if not numbers and none is not None:
        return none
    count = max(int(number) for number in numbers) + 1
    if count > _MANY:
        raise ValueError(f"{count} layers")
    return count


def _has(shapes: Mapping[str, tuple[int, ...]], *beginnings: str) -> bool:
    return any(name.startswith(beginnings) for name in shapes)
