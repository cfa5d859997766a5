"""The brush: what a stroke covers, and what it says it touched."""

from __future__ import annotations

import numpy as np
import pytest

from app.canvas.shapes import covered
from app.canvas.stroke import Stroke
from app.canvas.tool_options import Brush


def test_stroke_touches_only_what_it_reports() -> None:
    mask = np.zeros((400, 400), np.uint8)
    stroke = Stroke(mask, Brush(size=30, hardness=0.5))
    reported = np.zeros((400, 400), bool)
    for n in range(20):
        dirty = stroke.to(50.5 + n * 12, 200 + 40 * np.sin(n), 1.0)
        reported[dirty.top() : dirty.bottom() + 1, dirty.left() : dirty.right() + 1] = True
    assert mask.any()
    assert not mask[~reported].any()
    assert mask[200:203, 50].max() == 255


def test_stroke_crossing_itself_does_not_add_up() -> None:
    mask = np.zeros((100, 100), np.uint8)
    stroke = Stroke(mask, Brush(size=20, hardness=1.0, flow=0.5))
    for x in (20, 80, 20, 80):
        stroke.to(x, 50)
    assert mask.max() == round(255 * 0.5)


def test_pressure_is_size() -> None:
    def width(pressure: float) -> int:
        mask = np.zeros((100, 100), np.uint8)
        Stroke(mask, Brush(size=60, hardness=1.0)).to(50, 50, pressure)
        return covered(mask).width()

    assert width(0.25) < width(0.5) < width(1.0)
    assert width(1.0) == pytest.approx(61, abs=2)


def test_eraser_and_undo() -> None:
    mask = np.full((300, 300), 255, np.uint8)
    stroke = Stroke(mask, Brush(size=40, hardness=1.0), erase=True)
    stroke.to(150, 150)
    assert mask[150, 150] == 0
    assert mask[10, 10] == 255
    stroke.undo()
    assert mask.min() == 255


def plain(shape: tuple[int, int], x: float, y: float, brush: Brush) -> np.ndarray:
    """One dab at every pixel by the formula, without any shortcut."""
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    radius = brush.size / 2
    soft = max(radius * (1 - brush.hardness), 1.0)
    share = np.clip((radius + 0.5 - np.hypot(xs - x, ys - y)) / soft, 0, 1)
    if brush.hardness < 1:
        share = share * share * (3 - 2 * share)
    return share * 255 * brush.flow


@pytest.mark.parametrize("hardness", [0.0, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("size", [3, 60, 700, 2400])
def test_dabs_are_those_of_the_formula(size: int, hardness: float) -> None:
    shape, brush = (600, 900), Brush(size=size, hardness=hardness, flow=0.9)
    mask = np.zeros(shape, np.uint8)
    stroke = Stroke(mask, brush)
    expected = np.zeros(shape)
    for x, y in ((310.3, 255.5), (312.9, 700.0), (890.0, 20.2)):
        reported = mask.copy()
        expected = np.maximum(expected, plain(shape, x, y, brush))
        dirty = stroke._dab(x, y, 1.0)
        rows = slice(dirty.top(), dirty.bottom() + 1)
        reported[rows, dirty.left() : dirty.right() + 1] = mask[
            rows, dirty.left() : dirty.right() + 1
        ]
        assert (reported == mask).all()
        assert np.abs(mask - expected).max() <= 0.8  # half by rounding, the rest interpolated


def test_pressure_that_grows_lays_more_where_the_brush_stays() -> None:
    mask = np.zeros((600, 600), np.uint8)
    stroke = Stroke(mask, Brush(size=1000, hardness=1.0, pressure_flow=True))
    for pressure, strength in ((0.2, 51), (0.6, 153), (0.4, 153), (1.0, 255)):
        stroke._dab(300, 300, pressure)
        assert mask[300, 300] == strength


def test_what_is_covered_already_is_not_computed_again() -> None:
    mask = np.zeros((2000, 3000), np.uint8)
    stroke = Stroke(mask, Brush(size=6000, hardness=1.0))
    assert not stroke.to(1500, 1000).isEmpty()
    assert stroke._dab(1510, 1000, 1.0).isEmpty()
