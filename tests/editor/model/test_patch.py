"""Patches: parameters or pixels, pixels that can be let go."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.model.patch import Patch, Placement, frozen, settings_of
from editor.model.rect import Rect


def sampled(seed: int = 0, dtype: str = "float16") -> Patch:
    pixels = (np.random.default_rng(seed).random((8, 9, 3)) * 200).astype(dtype)
    return Patch((("a", 1),), pixels, Placement(Rect(0, 0, 90, 80), 0.1, (0, 1, 0, 1)))


class Shelf:
    def __init__(self, pixels: NDArray[Any]) -> None:
        self.pixels = pixels

    def load_patch(self, digest: str) -> NDArray[Any]:
        return self.pixels


def test_digest_covers_parameters_placement_and_pixels() -> None:
    base = sampled()
    assert base.pixels is not None
    others = [
        sampled(1),
        sampled(dtype="uint8"),
        Patch((("a", 2),), base.pixels, base.placement),
        Patch((("a", 1),), base.pixels, Placement(Rect(0, 0, 90, 80), 0.2)),
        Patch((("a", 1),)),
    ]
    assert len({p.digest for p in (base, *others)}) == 6
    assert sampled().digest == base.digest


def test_released_pixels_come_back() -> None:
    patch = sampled()
    digest, pixels = patch.digest, patch.pixels
    assert pixels is not None
    patch.release(Shelf(pixels))
    assert not patch.in_memory
    assert patch.pixels is pixels
    assert patch.digest == digest


def test_pickle_carries_released_pixels() -> None:
    patch = sampled()
    assert patch.pixels is not None
    patch.release(Shelf(patch.pixels))
    copy = pickle.loads(pickle.dumps(patch))
    assert copy.in_memory
    assert copy.digest == patch.digest


def test_parametric_patches_have_nothing_to_let_go() -> None:
    patch = Patch((("a", 1),))
    assert patch.in_memory
    assert patch.pixels is None
    assert "a" in repr(patch)


def test_impossible_patches_are_refused() -> None:
    with pytest.raises(ValueError, match="together"):
        Patch((), np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match="float16"):
        Patch((), np.zeros((2, 2, 3), np.float32), Placement(Rect(0, 0, 1, 1)))
    lost = sampled()
    lost._pixels = None
    with pytest.raises(RuntimeError, match="neither"):
        _ = lost.pixels


def test_settings_are_sorted_and_hashable() -> None:
    settings = settings_of({"b": [1, [2, 3]], "a": "x"})
    assert settings == (("a", "x"), ("b", (1, (2, 3))))
    assert hash(settings)
    assert frozen([[1], 2]) == ((1,), 2)
