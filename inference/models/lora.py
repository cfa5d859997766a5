"""Low-rank adapters (LoRA; Hu et al. 2022) laid over the networks of a loaded model."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from editor.messages import Message
from inference.models.loaded import LoadedDiffusion
from inference.models.lora_file import PARTS, LoraUnfit, lora_key, read_lora
from inference.models.textual_inversion import NewWord, read_word, with_words
from inference.request.settings import Loras


@dataclass(frozen=True, eq=False)
class _LowRank:
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
                if word.vectors.shape[1] != model.text_encoder.config.hidden_size:
                    raise _unfit(model, file, word.text)
                words.append(NewWord(word.text, word.vectors * weight))
                continue
            for layer, change in _changes(model, file):
                stack.callback(_hooked(layer, change, weight).remove)
        adapted = replace(model, may_be_lean=False, lean=[], text_states=OrderedDict())
        yield stack.enter_context(with_words(adapted, words)) if words else adapted


def _changes(model: LoadedDiffusion, file: Path) -> list[tuple[Any, _LowRank]]:
    """The layers of the model that a file changes, each with its matrices."""
    tensors, alphas = read_lora(file)
    layers = {part: _layers(getattr(model, part)) for part in PARTS}
    found: dict[tuple[str, str], dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        said = lora_key(key)
        name = next((n for n in said.names() if n in layers[said.part]), None) if said else None
        if said is None or name is None:
            raise _unfit(model, file, key)
        found.setdefault((said.part, name), {})[said.matrix] = tensor
    if not found:
        raise LoraUnfit(Message("lora.empty", file=file.name), Message("do.choose_other_file"))
    made = []
    for (part, name), matrices in found.items():
        layer = layers[part][name]
        change = _low_rank(layer, matrices, alphas.get(part))
        if change is None:
            raise _unfit(model, file, f"{part}.{name}")
        made.append((layer, change))
    return made


def _layers(network: Any) -> dict[str, Any]:
    """What an adapter can change, by its name with underscores in place of dots."""
    return {
        name.replace(".", "_"): layer
        for name, layer in network.named_modules()
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d)
    }


def _low_rank(layer: Any, matrices: Mapping[str, Tensor], alpha: float | None) -> _LowRank | None:
    """The change, None where the matrices do not fit the layer."""
    down, up = matrices.get("down"), matrices.get("up")
    if down is None or up is None:
        return None
    weight, rank = layer.weight, len(down)
    if (
        not down.ndim == up.ndim == weight.ndim
        or down.shape[1:] != weight.shape[1:]
        or up.shape != (weight.shape[0], rank, *(1,) * (weight.ndim - 2))
    ):
        return None
    own = matrices.get("alpha")
    alpha = float(own) if own is not None else rank if alpha is None else alpha
    down, up = (matrix.to(weight.device, weight.dtype) for matrix in (down, up))
    return _LowRank(down, up, alpha / rank)


def _hooked(layer: Any, change: _LowRank, weight: float) -> Any:
    """Have the layer add the change to its results, until the handle is removed."""
    scale, down, up = weight * change.scale, change.down, change.up

    def add(_: Any, inputs: tuple[Tensor, ...], result: Tensor) -> Tensor:
        if isinstance(layer, torch.nn.Conv2d):
            inner = functional.conv2d(
                inputs[0], down, None, layer.stride, layer.padding, layer.dilation
            )
            return result + scale * functional.conv2d(inner, up)
        return result + scale * functional.linear(functional.linear(inputs[0], down), up)

    return layer.register_forward_hook(add)


def _unfit(model: LoadedDiffusion, file: Path, first: str) -> LoraUnfit:
    return LoraUnfit(
        Message("lora.unfit", file=file.name, model=model.found.id, first=first[:80]),
        Message("do.choose_other_file"),
    )
