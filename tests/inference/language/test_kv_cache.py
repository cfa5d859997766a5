"""A cache with room keeps what the stock cache keeps."""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import DynamicCache, DynamicLayer

from inference.language.kv_cache import RoomyLayer, share_out


def drawn(rows: int, length: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(seed)
    keys, values = torch.randn(2, rows, 3, length, 4, generator=rng)
    return keys, values


def both(more: int) -> tuple[Any, Any]:
    """The same question in a stock cache and in one with room for so many tokens."""
    caches = []
    for roomy in (False, True):
        cache = DynamicCache()
        for layer in range(2):
            cache.update(*drawn(1, 7, layer), layer)
        if roomy:
            assert share_out(cache, 5, more)
        else:
            cache.batch_repeat_interleave(5)
        caches.append(cache)
    return caches[0], caches[1]


def added(cache: Any, step: int, rows: int = 5) -> list[torch.Tensor]:
    """What attention is given after one token more."""
    return [part for n in range(2) for part in cache.update(*drawn(rows, 1, 10 + step), n)]


def equal(one: list[torch.Tensor], two: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def test_tokens_are_kept_in_the_same_memory() -> None:
    stock, roomy = both(more=4)
    place = roomy.layers[0].keys.data_ptr()
    for step in range(4):
        assert equal(added(stock, step), added(roomy, step))
        assert roomy.get_seq_length() == stock.get_seq_length() == 8 + step
        assert roomy.layers[0].keys.data_ptr() == place
    assert all(type(layer) is RoomyLayer for layer in roomy.layers)


def test_more_tokens_than_there_is_room_for() -> None:
    stock, roomy = both(more=2)
    for step in range(5):
        assert equal(added(stock, step), added(roomy, step))


def test_rows_may_be_chosen_on_the_way() -> None:
    stock, roomy = both(more=6)
    for step in range(2):
        added(stock, step), added(roomy, step)
    for cache in (stock, roomy):
        cache.batch_select_indices(torch.tensor([3, 0]))
    for step in range(2, 4):
        assert equal(added(stock, step, rows=2), added(roomy, step, rows=2))


def test_a_cache_that_forgot_all_starts_anew() -> None:
    stock, roomy = both(more=6)
    for cache in (stock, roomy):
        cache.reset()
    assert roomy.get_seq_length() == 0
    for step in range(2):
        assert equal(added(stock, step), added(roomy, step))


def test_other_layers_share_out_themselves_and_other_caches_are_refused() -> None:
    class Window(DynamicLayer):  # type: ignore[misc]  # transformers has no annotations
        pass

    cache = DynamicCache()
    cache.update(*drawn(1, 7, 0), 0)
    window = Window()
    window.update(*drawn(1, 7, 1))
    cache.layers.append(window)
    assert share_out(cache, 3, 2)
    assert [type(layer) for layer in cache.layers] == [RoomyLayer, Window]
    assert window.keys.shape[0] == 3
    assert not share_out(None, 3, 2)
    assert not share_out(((torch.zeros(1),),), 3, 2)
