"""Access to the attention maps of a diffusers UNet, through its attention processors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import torch
from torch import Tensor


@dataclass(frozen=True)
class AttentionLayer:
    """Which attention of a UNet a map belongs to.

    Attributes:
        name: diffusers' name of the module, such as
            "mid_block.attentions.0.transformer_blocks.0.attn2".
        is_cross: pixels attend to the text; otherwise to each other.
        heads: how many maps there are for each row.
    """

    name: str
    is_cross: bool
    heads: int

    @property
    def place(self) -> str:
        """The part of the UNet: "down", "mid" or "up"."""
        return self.name.split("_", 1)[0]


class AttentionHook(Protocol):
    """Sees every attention map of a prediction, in the order in which the UNet computes them."""

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        """The map to go on with: the given one, or another of its shape.

        Args:
            probabilities: (rows · heads, queries, keys), each row of keys adds up to 1; all heads
                of a row are neighbours.
            layer: where the map is.
        """
        ...


@contextmanager
def attention_hooked(unet: Any, hook: AttentionHook, *, until_last: bool = False) -> Iterator[None]:
    """Within this context every attention of the UNet hands its map to `hook`.

    Predictions are those of the UNet's own processors up to rounding: these compute the maps in
    one fused call and never hold them.

    Args:
        unet: of diffusers.
        hook: see `AttentionHook`.
        until_last: a prediction ends once the hook has seen the last cross-attention, and gives no
            result. What a UNet computes after it changes no map.
    """
    layers = _layers(unet)
    before = [module.processor for _, module in layers]
    crosses = sum(module.is_cross_attention for _, module in layers)
    seen = _UntilLast(hook, crosses) if until_last else hook
    for name, module in layers:
        module.processor = _HookedAttention(name, seen)
    try:
        yield
    except _LastMap:
        return
    finally:
        for (_, module), processor in zip(layers, before, strict=True):
            module.processor = processor


def _layers(unet: Any) -> list[tuple[str, Any]]:
    """The attention modules and their names. Kept: they are searched for among all modules."""
    if unet not in _LAYERS:
        from diffusers.models.attention_processor import Attention

        _LAYERS[unet] = [
            (name, module) for name, module in unet.named_modules() if isinstance(module, Attention)
        ]
    return _LAYERS[unet]


_LAYERS: WeakKeyDictionary[Any, list[tuple[str, Any]]] = WeakKeyDictionary()


class _LastMap(Exception):  # no error: it ends a prediction whose result is not used
    """The last cross-attention was seen."""


class _UntilLast:
    """An `AttentionHook` that ends the prediction after so many cross-attentions."""

    def __init__(self, hook: AttentionHook, crosses: int) -> None:
        self._hook, self._left = hook, crosses

    def __call__(self, probabilities: Tensor, layer: AttentionLayer) -> Tensor:
        made = self._hook(probabilities, layer)
        self._left -= layer.is_cross
        if not self._left:
            raise _LastMap
        return made


class _HookedAttention:
    """A processor for `diffusers.models.attention_processor.Attention` in a transformer block.

    The steps are those of diffusers' `AttnProcessor`; what the blocks of Stable Diffusion never
    use there (group norm, attention over planes) is left out.
    """

    def __init__(self, name: str, hook: AttentionHook) -> None:
        self._name = name
        self._hook = hook

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
    ) -> Tensor:
        keys_from = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        mask = attn.prepare_attention_mask(attention_mask, keys_from.shape[1], len(keys_from))
        query = attn.head_to_batch_dim(attn.to_q(hidden_states))
        key = attn.head_to_batch_dim(attn.to_k(keys_from))
        value = attn.head_to_batch_dim(attn.to_v(keys_from))
        layer = AttentionLayer(self._name, encoder_hidden_states is not None, attn.heads)
        probabilities = self._hook(attn.get_attention_scores(query, key, mask), layer)
        attended = attn.batch_to_head_dim(torch.bmm(probabilities, value))
        made: Tensor = attn.to_out[1](attn.to_out[0](attended))  # projection, then dropout
        if attn.residual_connection:
            made = made + hidden_states
        rescaled: Tensor = made / attn.rescale_output_factor
        return rescaled
