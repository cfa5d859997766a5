"""Edges of coverage: how far they move, and what stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.model import coverage as edges


def disc(radius: float, size: int = 101) -> np.ndarray:
    ys, xs = np.mgrid[:size, :size] - size // 2
    share = np.clip(radius + 0.5 - np.hypot(xs, ys), 0, 1)
    return np.rint(share * 255).astype(np.uint8)


@pytest.mark.parametrize("by", [1, 3, 10])
def test_growing_and_shrinking_move_the_edge_by_pixels(by: int) -> None:
    own = disc(25)
    for changed, radius in ((edges.grown(own, by), 25 + by), (edges.shrunk(own, by), 25 - by)):
        area = changed.sum(dtype=np.int64) / 255
        assert abs(np.sqrt(area / np.pi) - radius) < 0.6
    assert (edges.grown(own, by) >= own).all()
    assert (edges.shrunk(own, by) <= own).all()


def test_the_border_of_the_picture_is_no_edge() -> None:
    own = np.zeros((40, 60), np.uint8)
    own[:, :30] = 255
    assert (edges.shrunk(own, 5)[:, :25] == 255).all()
    assert (edges.shrunk(own, 5)[:, 25:] == 0).all()
    assert (edges.feathered(own, 5)[:, 0] == 255).all()
    everything = np.full((9, 9), 255, np.uint8)
    for change in (edges.grown, edges.shrunk, edges.smoothed, edges.feathered):
        assert (change(everything, 4) == 255).all()


def test_smoothing_rounds_corners_and_drops_specks() -> None:
    own = np.zeros((120, 120), np.uint8)
    own[30:90, 30:90] = 255
    own[5, 5] = 255
    smooth = edges.smoothed(own, 4)
    assert smooth[5, 5] == 0
    assert smooth[30, 30] == 0, "the corner"
    assert smooth[60, 60] == 255
    assert smooth[60, 29] < 128 <= smooth[60, 30], "a straight edge stays"
    between = ((smooth[60] > 0) & (smooth[60] < 255)).sum()
    assert between <= 4, "the edge is sharp again"


def test_holes_are_filled_and_bays_are_not() -> None:
    own = np.zeros((50, 50), np.uint8)
    own[10:40, 10:40] = 255
    own[15:20, 15:20] = 0
    own[14, 15:20] = 128  # the soft rim of the hole
    own[25:30, 25:40] = 0  # a bay
    own[9, 10:40] = 100  # the soft edge outside
    filled = edges.without_holes(own)
    assert (filled[14:20, 15:20] == 255).all()
    assert (filled[25:30, 25:40] == 0).all()
    assert (filled[9, 10:40] == 100).all()


def test_a_hole_at_the_border_is_open() -> None:
    own = np.full((9, 9), 255, np.uint8)
    own[0, 4] = 0
    assert edges.without_holes(own)[0, 4] == 0


@given(st.integers(0, 2**32 - 1), st.floats(0, 6))
def test_nothing_becomes_something_only_by_growing(seed: int, radius: float) -> None:
    rng = np.random.default_rng(seed)
    own = (rng.random((17, 23)) < 0.2).astype(np.uint8) * rng.integers(1, 255, dtype=np.uint8)
    nothing = np.zeros_like(own)
    for change in (edges.feathered, edges.grown, edges.shrunk, edges.smoothed):
        assert not change(nothing, radius).any()
    soft = edges.feathered(own, radius)
    assert ((soft > 0) == (own > 0)).all()
    assert (soft <= own).all()


def test_contrast_makes_a_soft_edge_steeper_about_its_middle() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None, :]
    assert edges.hardened(ramp, 0.0) is ramp
    half = edges.hardened(ramp, 0.5)
    assert (half[0, 60], half[0, 127], half[0, 128], half[0, 200]) == (0, 126, 129, 255)
    assert (np.diff(half.astype(int)) >= 0).all()
    assert set(np.unique(edges.hardened(ramp, 1.0))) == {0, 255}


def test_an_edge_is_smoothed_then_moved_then_made_harder() -> None:
    square = np.zeros((80, 80), np.uint8)
    square[20:60, 20:60] = 255
    assert edges.refined(square, edges.EdgeValues()) is square
    wider = edges.refined(square, edges.EdgeValues(shift=5))
    assert (wider[40, 15], wider[40, 14]) == (255, 0)
    narrower = edges.refined(square, edges.EdgeValues(shift=-5))
    assert (narrower[40, 25], narrower[40, 24]) == (255, 0)
    assert edges.refined(square, edges.EdgeValues(smooth=6))[20, 20] == 0, "the corner is rounded"
    soft = np.repeat(np.linspace(0, 255, 80).astype(np.uint8)[None, :], 80, axis=0)
    assert set(np.unique(edges.refined(soft, edges.EdgeValues(contrast=1.0)))) == {0, 255}
