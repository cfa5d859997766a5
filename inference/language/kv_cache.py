"""Keys and values of a question read once, with room for several answers; imports transformers."""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import DynamicLayer


class RoomyLayer(DynamicLayer):  # type: ignore[misc]  # transformers is untyped
    """A layer of a `DynamicCache` that has its memory from the start.

    The stock one copies all keys and values for every token: with a long question that was most
    of the time of five answers. Not `StaticCache`: its layers return their whole length, so that
    every token attends over the empty places too, under a mask.
    """

    def __init__(self, layer: Any, rows: int, more: int) -> None:
        """Copy what a stock layer read in one row, (1, heads, L, D), to several rows.

        Args:
            layer: filled.
            rows: answers.
            more: tokens that will come; further ones are appended as the stock layer does.
        """
        super().__init__()
        self.dtype, self.device, self.is_initialized = layer.dtype, layer.device, True
        self._rooms: tuple[torch.Tensor, ...] = tuple(
            _room(states, rows, more) for states in (layer.keys, layer.values)
        )
        self._show(layer.keys.shape[-2])

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Keep new keys and values (rows, heads, tokens, D); all so far are returned."""
        start = self.get_seq_length()
        end = start + key_states.shape[-2]
        if not self._has_room(end):
            self._rooms = ()
            both: tuple[torch.Tensor, torch.Tensor] = super().update(
                key_states, value_states, *args, **kwargs
            )
            return both
        keys, values = self._rooms
        keys[..., start:end, :] = key_states
        values[..., start:end, :] = value_states
        self._show(end)
        return self.keys, self.values

    def _has_room(self, length: int) -> bool:
        """False also after rows were selected, reordered or cleared."""
        if not self._rooms or not self.is_initialized:
            return False
        room = self._rooms[0]
        return length <= room.shape[-2] and self.keys.data_ptr() == room.data_ptr()

    def _show(self, length: int) -> None:
        self.keys, self.values = (room[..., :length, :] for room in self._rooms)


def share_out(cache: Any, rows: int, more: int) -> bool:
    """Turn the cache of one row that was read into one of `rows`, with room for `more` tokens.

    False if the model's cache is no list of layers; the question is read again then.
    """
    if not hasattr(cache, "batch_repeat_interleave") or not hasattr(cache, "layers"):
        return False
    for number, layer in enumerate(cache.layers):
        if type(layer) is DynamicLayer and layer.is_initialized:
            cache.layers[number] = RoomyLayer(layer, rows, more)
        else:  # sliding windows and the like keep their own layout
            layer.batch_repeat_interleave(rows)
    return True


def _room(states: torch.Tensor, rows: int, more: int) -> torch.Tensor:
    _, heads, length, width = states.shape
    room = states.new_empty((rows, heads, length + more, width))
    room[..., :length, :] = states
    return room
