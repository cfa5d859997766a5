"""Results that are drawn aside: exact shifts and scales, with a real change in between."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from editor.render.color import Floats
from inference.diffusion.alignment import CORRECTED_BELOW, Aligned, Misalignment, align

SIZE = (384, 256)
RIM = 16


def picture() -> Floats:
    """Blots of many sizes, (h, w, 3): there is something to hold on to everywhere."""
    random = np.random.default_rng(3)
    made = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
    for reach in (2, 5, 12, 30):
        noise = random.standard_normal(made.shape).astype(np.float32)
        made += cv2.GaussianBlur(noise, (0, 0), reach) * reach
    return np.asarray((made - made.min()) / np.ptp(made), np.float32)


def edited(source: Floats) -> Floats:
    """A part is drawn anew, and all of it is darker and bluer."""
    made = source.copy()
    made[80:190, 120:270] = 1 - source[80:190, 120:270][::-1, ::-1]
    tint = np.array([0.7, 0.8, 1.1], np.float32)
    return np.asarray(np.clip(made**1.5 * tint, 0, 1), np.float32)


def drawn_aside(made: Floats, shift: float, scale: float) -> Floats:
    """The result as a model would draw it aside: a share of the longer side, and a scale."""
    right, down = 0.8 * shift * SIZE[0], 0.6 * shift * SIZE[0]
    matrix = Misalignment((scale, scale), (right, down), SIZE).matrix
    moved = cv2.warpAffine(
        made, matrix, SIZE, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(moved.clip(0, 1), np.float32)


def inner(made: Any) -> Any:
    return made[RIM:-RIM, RIM:-RIM]


@pytest.mark.parametrize("inside", [False, True])
def test_a_result_that_fits_keeps_its_bytes(inside: bool) -> None:
    source = picture()
    made = edited(source)
    selected = None
    if inside:
        selected = np.zeros(source.shape[:2], np.bool_)
        selected[80:190, 120:270] = True
    found = align(source, made, selected)
    assert found.picture is made
    assert found.facts == {}
    assert found.found is not None
    assert found.found.amount < 0.001


@pytest.mark.parametrize(
    ("shift", "scale"), [(0.005, 1.0), (0.015, 1.0), (0.0, 1.005), (0.0, 0.985), (0.01, 1.015)]
)
def test_a_result_a_little_aside_is_moved_back(shift: float, scale: float) -> None:
    source = picture()
    made = edited(source)
    aside = drawn_aside(made, shift, scale)
    found = align(source, aside)
    assert found.found is not None
    assert found.found.shifted == pytest.approx(shift, abs=0.0008)
    assert found.found.scaled == pytest.approx(scale - 1, abs=0.0015)
    before, after = (np.abs(inner(one - made)).mean() for one in (aside, found.picture))
    assert after < before / 5
    assert found.facts == {"moved_back_percent": round(100 * found.found.amount, 2)}


@pytest.mark.parametrize(
    ("shift", "scale", "name", "percent"),
    [
        (0.05, 1.0, "shifted_percent", 5.0),
        (0.0, 1.05, "scaled_percent", 5.0),
        (0.0, 0.95, "scaled_percent", -5.0),
    ],
)
def test_a_result_far_aside_is_left_and_said(
    shift: float, scale: float, name: str, percent: float
) -> None:
    source = picture()
    aside = drawn_aside(edited(source), shift, scale)
    found = align(source, aside)
    assert found.picture is aside
    assert found.facts[name] == pytest.approx(percent, abs=0.2)
    assert found.found is not None
    assert found.found.amount >= CORRECTED_BELOW


def test_of_another_picture_nothing_is_said() -> None:
    source, other = picture(), np.ascontiguousarray(picture()[::-1, ::-1])
    found = align(source, other)
    assert found.picture is other
    assert found.facts == {}


def test_a_picture_without_outlines_is_left() -> None:
    even = np.full((64, 64, 3), 0.5, np.float32)
    assert align(even, even).picture is even
    assert Aligned(even).facts == {}
