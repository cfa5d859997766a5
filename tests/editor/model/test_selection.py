"""Coverage: combining, bounds, feathering inwards only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Coverage, Selection


def coverage(seed: int, width: int = 280, height: int = 265) -> Coverage:
    rng = np.random.default_rng(seed)
    grid = np.zeros((height, width), np.uint8)
    for _ in range(3):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        grid[y : y + 60, x : x + 60] = rng.integers(1, 256)
    return grid


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_inverting_is_pixelwise(seed: int) -> None:
    own = coverage(seed)
    assert np.array_equal(Selection.from_array(own).inverted().array(), 255 - own)


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_bounds_are_the_smallest_rectangle(seed: int) -> None:
    grid = coverage(seed)
    ys, xs = np.nonzero(grid)
    found = Selection.from_array(grid).bounds
    assert (found.x, found.y, found.right, found.bottom) == (
        xs.min(),
        ys.min(),
        xs.max() + 1,
        ys.max() + 1,
    )


def test_from_rect_and_empty() -> None:
    selection = Selection.from_rect(Rect(-5, 10, 20, 20), 100, 50)
    assert selection.bounds == Rect(0, 10, 15, 20)
    assert (selection.width, selection.height) == (100, 50)
    assert not selection.is_empty
    assert Selection.from_array(np.zeros((5, 5), np.uint8)).is_empty
    assert selection.read(Rect(0, 10, 2, 2)).tolist() == [[255, 255], [255, 255]]


@settings(max_examples=15)
@given(st.integers(0, 100), st.floats(0, 30))
def test_feather_stays_inside(seed: int, radius: float) -> None:
    own = coverage(seed)
    soft = Selection.from_array(own).feathered(radius).array()
    assert (soft[own == 0] == 0).all()
    assert (soft <= own).all()
    assert (soft[own > 0] > 0).all()


def test_feather_rises_away_from_the_edge_but_not_from_the_border() -> None:
    soft = Selection.from_rect(Rect(0, 0, 50, 100), 100, 100).feathered(10).array()
    assert soft[50, 49] < soft[50, 45] < soft[50, 20] == 255
    assert soft[50, 0] == 255


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="one channel"):
        Selection(Image.from_array(np.zeros((5, 5, 3), np.uint8)))
