"""Low-rank adapters (LoRA; Hu et al. 2022) laid over the networks of a loaded model."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from diffusers.loaders.lora_conversion_utils import _maybe_map_sgm_blocks_to_diffusers
from torch import Tensor
from torch.nn import functional
from transformers.pytorch_utils import Conv1D

from editor.messages import Message
from inference.models.loaded import LoadedDiffusion
from inference.models.lora_file import PARTS, LoraUnfit, lora_key, read_lora
from inference.models.textual_inversion import NewWord, read_word, with_words
from inference.request.settings import Loras

_BLOCKS: Final = {
    "_input_blocks_": "_down_blocks_",
    "_middle_block_": "_mid_block_",
    "_output_blocks_": "_up_blocks_",
}


@dataclass(frozen=True, eq=False)
class LowRank:
    """What changes one layer: down (r, in, …), up (out, r, …), and alpha / r."""

    down: Tensor
    up: Tensor
    scale: float


@contextmanager
def with_loras(model: LoadedDiffusion, loras: Loras) -> Iterator[LoadedDiffusion]:
    """Within this context the model's networks compute with adapter files laid over them.

    weight · alpha / rank · up(down(x)) is added to the result of each layer that a file names; the
    weights of the model stay as they are. Files of weight 0 are left out, so without others the
    model itself is yielded and its results are the same bytes.

    Files of new words (textual inversion) go the same way; their vectors are taken `weight` times.

    Args:
        model: loaded.
        loras: (file, weight) of each.

    Yields:
        The model, never as `LeanUNet`, with text states of its own.

    Raises:
        LoraUnfit: a file is damaged, of another kind, or made for another model.
    """
    used = [(Path(file), weight) for file, weight in loras if weight]
    if not used:
        yield model
        return
    words: list[NewWord] = []
    with ExitStack() as stack:
        for file, weight in used:
            word = read_word(file)
            if word is not None:
                if not word.fits(model):
                    raise unfit(model.found.id, file, word.text)
                words.append(word.times(weight))
                continue
            for layer, change in _changes(model, file):
                stack.callback(hooked(layer, change, weight).remove)
        adapted = replace(model, may_be_lean=False, lean=[], text_states=OrderedDict())
        yield stack.enter_context(with_words(adapted, words)) if words else adapted


def _changes(model: LoadedDiffusion, file: Path) -> list[tuple[Any, LowRank]]:
    """The layers of the model that a file changes, each with its matrices.

    Files for Stable Diffusion XL often number the blocks of the UNet as its authors' code does
    ("input_blocks"); diffusers gives them its own names.
    """
    read, alphas = read_lora(file)
    try:
        mapped = _maybe_map_sgm_blocks_to_diffusers(dict(read), model.unet.config)
    except (ValueError, LookupError):  # blocks that no model has
        raise unfit(model.found.id, file, next(iter(read))) from None
    tensors = {_in_diffusers_words(key): tensor for key, tensor in mapped.items()}
    networks = {part: getattr(model, part, None) for part in PARTS}
    return changed_layers(model.found.id, networks, file, tensors, alphas)


def _in_diffusers_words(key: str) -> str:
    """A key whose blocks are numbered as diffusers does, and may still be called otherwise."""
    for old, new in _BLOCKS.items():
        key = key.replace(old, new)
    return key


def changed_layers(
    model: str,
    networks: Mapping[str, Any],
    file: Path,
    tensors: Mapping[str, Tensor],
    alphas: Mapping[str, float],
) -> list[tuple[Any, LowRank]]:
    """The layers of some networks that a file changes, each with its matrices.

    Args:
        model: its id, for people.
        networks: by part; None or absent for parts that the model does not have.
        file: where the tensors come from.
        tensors: by key, in a style that `lora_key` knows.
        alphas: of the parts that have one for all layers.

    Raises:
        LoraUnfit: the file changes nothing, or was made for another model.
    """
    layers = {part: _layers(networks.get(part)) for part in PARTS}
    found: dict[tuple[str, str], dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        said = lora_key(key)
        name = next((n for n in said.names() if n in layers[said.part]), None) if said else None
        if said is None or name is None:
            raise unfit(model, file, key)
        found.setdefault((said.part, name), {})[said.matrix] = tensor
    if not found:
        raise LoraUnfit(Message("lora.empty", file=file.name), Message("do.choose_other_file"))
    made = []
    for (part, name), matrices in found.items():
        layer = layers[part][name]
        change = _low_rank(layer, matrices, alphas.get(part))
        if change is None:
            raise unfit(model, file, f"{part}.{name}")
        made.append((layer, change))
    return made


def _layers(network: Any) -> dict[str, Any]:
    """What an adapter can change, by its name with underscores in place of dots."""
    if network is None:  # the second text encoder, of most models
        return {}
    return {
        name.replace(".", "_"): layer
        for name, layer in network.named_modules()
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d | Conv1D)
    }


def _low_rank(layer: Any, matrices: Mapping[str, Tensor], alpha: float | None) -> LowRank | None:
    """The change, None where the matrices do not fit the layer."""
    down, up = matrices.get("down"), matrices.get("up")
    if down is None or up is None:
        return None
    rank = len(down)
    # GPT-2's linear layers keep their weights the other way round.
    shape = layer.weight.shape[::-1] if isinstance(layer, Conv1D) else layer.weight.shape
    if (
        not down.ndim == up.ndim == len(shape)
        or down.shape[1:] != shape[1:]
        or up.shape != (shape[0], rank, *(1,) * (len(shape) - 2))
    ):
        return None
    own = matrices.get("alpha")
    alpha = float(own) if own is not None else rank if alpha is None else alpha
    return LowRank(down, up, alpha / rank)


def hooked(layer: Any, change: LowRank, weight: float) -> Any:
    """Have the layer add the change to its results, until the handle is removed."""
    scale = weight * change.scale
    moved: list[Tensor] = []

    def add(_: Any, inputs: tuple[Tensor, ...], result: Tensor) -> Tensor:
        # A layer's weights may wait in main memory or in a short type until it is called.
        if not moved or (moved[0].device, moved[0].dtype) != (result.device, result.dtype):
            moved[:] = [one.to(result.device, result.dtype) for one in (change.down, change.up)]
        down, up = moved
        if isinstance(layer, torch.nn.Conv2d):
            inner = functional.conv2d(
                inputs[0], down, None, layer.stride, layer.padding, layer.dilation
            )
            return result + scale * functional.conv2d(inner, up)
        return result + scale * functional.linear(functional.linear(inputs[0], down), up)

    return layer.register_forward_hook(add)


def unfit(model: str, file: Path, first: str) -> LoraUnfit:
    """The refusal of a file that was made for another model.

    Args:
        model: its id.
        file: that does not fit.
        first: what of it does not.
    """
    return LoraUnfit(
        Message("lora.unfit", file=file.name, model=model, first=first[:80]),
        Message("do.choose_other_file"),
    )
