"""Selections: exact pixels, combination, outline on the pixel boundary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, Qt
from pytestqt.qtbot import QtBot

from app.canvas import outline
from app.canvas.outline import MaskLevels, boundary, outline_of, reduce_max, reduce_min
from app.canvas.shapes import (
    combine,
    covered,
    ellipse,
    moved,
    polygon,
    rectangle,
)
from app.canvas.tool_options import combine_mode
from tests.waiting import wait_for

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def test_modes() -> None:
    assert combine_mode(Qt.KeyboardModifier.NoModifier) == "replace"
    assert combine_mode(SHIFT) == "add"
    assert combine_mode(ALT) == "subtract"
    assert combine_mode(SHIFT | ALT) == "intersect"


def test_rectangle_is_whole_pixels_inside_the_picture() -> None:
    shape, box = rectangle(QPointF(30.2, 5.4), QPointF(-4, 12.6), 20, 20)
    assert box == QRect(0, 5, 20, 8)
    assert shape.shape == (8, 20)
    assert shape.min() == 255


def test_ellipse_has_its_area_and_smooth_edges() -> None:
    shape, box = ellipse(QPointF(10, 10), QPointF(90, 50), 100, 100)
    assert shape.sum() / 255 == pytest.approx(np.pi * 40 * 20, rel=0.01)
    assert box == QRect(10, 10, 80, 40)
    assert ((shape > 0) & (shape < 255)).any()


def test_polygon_is_not_shifted() -> None:
    corners = [QPointF(10, 10), QPointF(20, 10), QPointF(20, 20), QPointF(10, 20)]
    shape, box = polygon(corners, 50, 50)
    full = np.zeros((50, 50), np.uint8)
    full[box.top() : box.bottom() + 1, box.left() : box.right() + 1] = shape
    assert (full[11:19, 11:19] == 255).all()
    ys, xs = np.mgrid[0:50, 0:50] + 0.5
    weight = full / full.sum()
    assert (float((xs * weight).sum()), float((ys * weight).sum())) == pytest.approx(
        (15, 15), abs=0.2
    )


masks = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).choice([0, 60, 255], (24, 32)).astype(np.uint8)
)


@given(masks, st.sampled_from(["replace", "add", "subtract", "intersect"]), st.booleans())
def test_combine_changes_only_what_it_says(old: np.ndarray, mode: str, none: bool) -> None:
    shape, box = np.full((6, 9), 200, np.uint8), QRect(5, 7, 9, 6)
    before = None if none else old.copy()
    out, dirty = combine(before, shape, box, mode, (32, 24))  # type: ignore[arg-type]
    base = np.zeros((24, 32), np.uint8) if none else old
    if before is not None:
        assert np.array_equal(before, old)
    differs = covered((out != base).astype(np.uint8))
    assert differs.isEmpty() or dirty.contains(differs)
    full = np.zeros((24, 32), np.uint8)
    full[7:13, 5:14] = 200
    want = {
        "replace": full,
        "add": np.maximum(base, full),
        "subtract": np.minimum(base, 255 - full),
        "intersect": full if none else np.minimum(base, full),
    }[mode]
    assert np.array_equal(out, want)


@given(masks, st.integers(-40, 40), st.integers(-40, 40))
def test_moved(mask: np.ndarray, dx: int, dy: int) -> None:
    out, dirty = moved(mask, dx, dy)
    padded = np.pad(mask, 60)
    want = np.roll(padded, (dy, dx), (0, 1))[60:-60, 60:-60]
    assert np.array_equal(out, want)
    differs = covered((out != mask).astype(np.uint8))
    assert differs.isEmpty() or dirty.contains(differs)


def filled(lines: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Returns pixels whose centre is inside an odd number of lines."""
    inside = np.zeros(shape, bool)
    for line in lines:
        nxt = np.roll(line, -1, axis=0)
        for (x0, y0), (x1, y1) in zip(line, nxt, strict=True):
            if y0 == y1:
                continue
            assert x0 == x1, "boundaries run along pixel edges"
            top, bottom = sorted((int(y0), int(y1)))
            inside[top:bottom, int(x0) :] ^= True
    return inside


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.5, 0.9]))
def test_boundary_lies_exactly_on_pixel_edges(seed: int, share: float) -> None:
    mask = np.random.default_rng(seed).random((14, 18)) < share
    assert np.array_equal(filled(boundary(mask, smooth=False), mask.shape), mask)


def test_smooth_boundary_stays_within_a_pixel() -> None:
    ys, xs = np.mgrid[0:80, 0:80]
    mask = np.hypot(xs - 40, ys - 40) < 30
    (line,) = boundary(mask, smooth=True)
    away = np.hypot(line[:, 0] - 40.5, line[:, 1] - 40.5)
    assert abs(away - 29.5).max() < 1.2
    assert len(line) < 120


@given(masks, st.sampled_from([1, 2, 4, 8]))
def test_blocks_are_reduced_to_their_extremes(mask: np.ndarray, step: int) -> None:
    most, least = reduce_max(mask, step), reduce_min(mask, step)
    for y in range(most.shape[0]):
        for x in range(most.shape[1]):
            block = mask[y * step : (y + 1) * step, x * step : (x + 1) * step]
            assert (most[y, x], least[y, x]) == (block.max(), block.min())


def test_levels_follow_a_stroke_by_its_rectangle(qtbot: QtBot) -> None:
    mask = np.zeros((512, 512), np.uint8)
    levels = MaskLevels(mask)
    levels.get(2)
    mask[100:111, 203:209] = 255
    mask[400, 400] = 9  # outside the rectangle told: must not be looked at
    levels.update(mask, QRect(203, 100, 6, 11))
    pair = levels.get(2)
    assert pair is not None
    most, least = pair
    want = reduce_max(mask, 4)
    want[100, 100] = 0
    assert np.array_equal(most, want)
    assert least[26, 51] == 255


def test_another_selection_leaves_nothing_of_the_last(qtbot: QtBot) -> None:
    old, new = np.zeros((64, 64), np.uint8), np.full((64, 64), 255, np.uint8)
    levels = MaskLevels(old)
    levels.get(1)
    levels.replace(new)
    pair = levels.get(1)
    assert pair is not None
    assert pair[0].min() == 255
    levels.replace(None)
    assert levels.get(0) is None
    assert levels.get(1) is None


def test_what_was_built_for_the_last_selection_is_dropped(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline, "SYNC_MASK", 0)  # as for large masks: on the tile thread
    old, new = np.zeros((64, 64), np.uint8), np.full((64, 64), 255, np.uint8)
    levels = MaskLevels(old)
    assert levels.get(1) is None
    levels.replace(new)
    wait_for(lambda: levels.get(1) is not None)
    pair = levels.get(1)
    assert pair is not None
    assert pair[0].min() == 255


def test_feather_gets_a_second_line_and_a_smooth_edge_does_not(qtbot: QtBot) -> None:
    ys, xs = np.mgrid[0:200, 0:200]
    away = np.hypot(xs - 100, ys - 100)
    soft = np.clip((80 - away) / 30 * 255, 0, 255).astype(np.uint8)
    crisp = np.clip((80 - away) * 255, 0, 255).astype(np.uint8)
    seen = QRect(0, 0, 200, 200)
    for mask, wanted in ((soft, True), (crisp, False)):
        lines = outline_of(MaskLevels(mask), seen, 0, 1.0)
        assert lines is not None
        assert not lines.edge.isEmpty()
        assert lines.full.isEmpty() != wanted
