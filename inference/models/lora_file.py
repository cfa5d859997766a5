"""Files of low-rank adapters (LoRA; Hu et al. 2022): which matrices, for which layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.model_ref import ModelRef
from inference.models.adapter_file import OTHER_KINDS
from inference.models.digests import file_digest
from inference.models.weights import DamagedWeights, WeightsHeader, read_header
from inference.request.cancel import CancelCheck
from inference.request.settings import LORA

if TYPE_CHECKING:
    from torch import Tensor

PARTS: Final = ("unet", "text_encoder", "text_encoder_2", "transformer")
"""The networks that an adapter may change, in diffusers' names."""

_DOWN: Final = ("lora_A", "lora_A.default", "lora_down", "lora.down", "lora_linear_layer.down")
_UP: Final = ("lora_B", "lora_B.default", "lora_up", "lora.up", "lora_linear_layer.up")
_ENDINGS: Final = {
    **{f".{name}.weight": "down" for name in _DOWN},
    **{f".{name}.weight": "up" for name in _UP},
    "_lora.down.weight": "down",  # attn1.processor.to_q_lora: diffusers before 0.20
    "_lora.up.weight": "up",
    ".alpha": "alpha",
}
"""How keys of peft, diffusers and kohya end, and which matrix each is."""

_KOHYA: Final = {
    "lora_unet_": "unet",
    "lora_te_": "text_encoder",
    "lora_te1_": "text_encoder",  # of Stable Diffusion XL, which has two
    "lora_te2_": "text_encoder_2",
}
_TEXT_PROJECTIONS: Final = {
    "_to_q": "_q_proj", "_to_k": "_k_proj", "_to_v": "_v_proj", "_to_out": "_out_proj",
}  # fmt: skip
"""What older diffusers called the projections of a text encoder."""

_RESNET: Final = {
    "_in_layers_2": "_conv1", "_out_layers_3": "_conv2", "_emb_layers_1": "_time_emb_proj",
    "_skip_connection": "_conv_shortcut", "_0_op": "_0_conv",
}  # fmt: skip
"""What the authors' code of Stable Diffusion XL calls the layers of a residual block."""


class LoraUnfit(ExpectedError):
    """A LoRA file that cannot be used, or not with this model."""

    kind = "lora_unfit"


@dataclass(frozen=True)
class LoraKey:
    """What a tensor of a file is.

    Attributes:
        part: of the model.
        layer: its name there, with underscores in place of dots, as kohya writes it.
        matrix: "down", "up" or "alpha".
    """

    part: str
    layer: str
    matrix: str

    def names(self) -> Iterator[str]:
        """What the layer may be called in a loaded model, the likeliest first."""
        yield self.layer
        if self.part == "unet":
            yield f"{self.layer}_0"  # `to_out` is a list: projection and dropout
            for old, new in _RESNET.items():
                if self.layer.endswith(old):
                    yield self.layer.removesuffix(old) + new
            return
        layer = self.layer
        for old, new in _TEXT_PROJECTIONS.items():
            if layer.endswith(old):
                layer = layer.removesuffix(old) + new
        yield layer
        yield layer.removeprefix("text_model_")  # transformers 5 has no such level


def lora_ref(file: Path, check: CancelCheck) -> ModelRef:
    """What requests record of a file.

    Raises:
        LoraUnfit: it cannot be read.
        Cancelled: from `check`.
    """
    try:
        return ModelRef(LORA, file.stem, LORA, file_digest(file, check))
    except OSError as error:
        raise _unreadable(file, error) from None


def read_lora(file: Path) -> tuple[Mapping[str, Tensor], Mapping[str, float]]:
    """The tensors of a file by key, and the alpha of each part where one stands beside them.

    Raises:
        LoraUnfit: it is no safetensors file, cannot be read, or is of a kind that is no plain
            LoRA.
    """
    from safetensors.torch import load_file

    header = safetensors_header(file)
    for kind, mark in OTHER_KINDS.items():
        if any(mark in key for key in header.shapes):
            raise LoraUnfit(
                Message("lora.other_kind", file=file.name, kind=kind),
                Message("do.choose_other_file"),
            )
    alphas = _alphas(file, header.metadata.get("lora_adapter_metadata", "{}"))
    return load_file(file), alphas


def safetensors_header(file: Path) -> WeightsHeader:
    """The header of an adapter's file.

    Raises:
        LoraUnfit: it is no safetensors file, or cannot be read.
    """
    if file.suffix != ".safetensors":
        raise LoraUnfit(
            Message("model.only_safetensors", suffix=file.suffix or file.name),
            Message("do.choose_other_file"),
        )
    try:
        return read_header(file)
    except DamagedWeights as error:
        raise LoraUnfit(error.reason, Message("do.copy_again")) from None
    except OSError as error:
        raise _unreadable(file, error) from None


def lora_key(key: str) -> LoraKey | None:
    """What a key of peft's, diffusers' or kohya's style says, None if it says nothing."""
    ending = next((ending for ending in _ENDINGS if key.endswith(ending)), None)
    if ending is None:
        return None
    matrix = _ENDINGS[ending]
    module = key.removesuffix(ending).removeprefix("base_model.model.")
    for start, part in _KOHYA.items():
        if module.startswith(start):
            return LoraKey(part, module.removeprefix(start), matrix)
    part = module.partition(".")[0]
    if part in PARTS:
        module = module.removeprefix(f"{part}.")
    else:
        part = "unet"  # peft names no part: it knows one network
    return LoraKey(part, module.replace(".processor.", ".").replace(".", "_"), matrix)


def _alphas(file: Path, written: str) -> Mapping[str, float]:
    """From diffusers' metadata of a file, or the config that peft writes beside it."""
    config = file.with_name("adapter_config.json")
    try:
        values = dict(json.loads(written))
        if config.is_file():
            values["unet.lora_alpha"] = json.loads(config.read_text("utf-8")).get("lora_alpha")
        found = {part: values.get(f"{part}.lora_alpha") for part in PARTS}
        return {part: float(alpha) for part, alpha in found.items() if alpha is not None}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        raise LoraUnfit(
            Message("lora.bad_config", file=file.name), Message("do.correct_file")
        ) from None


def _unreadable(file: Path, error: OSError) -> LoraUnfit:
    reason = error.strerror or type(error).__name__
    return LoraUnfit(
        Message("lora.unreadable", file=file.name, reason=reason), Message("do.choose_other_file")
    )
