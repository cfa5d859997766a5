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
