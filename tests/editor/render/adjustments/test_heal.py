from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from editor.model.image import Image, Pixels
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.render.adjustments.heal import heal, membrane
from editor.render.composite import render

SPOT = Patch(settings_of({"remove_spot": True}))


def disc(height: int, width: int, x: int, y: int, radius: int) -> np.ndarray:
    coverage = np.zeros((height, width), np.uint8)
    cv2.circle(coverage, (x, y), radius, 255, -1)
    return coverage


@pytest.mark.parametrize("depth", [8, 16])
def test_a_spot_disappears(make_scene: Callable[..., Pixels], depth: int) -> None:
    clean = make_scene(depth=depth)
    maximum = (1 << depth) - 1
    for x, y, radius in ((220, 50, 8), (60, 190, 9), (190, 50, 22)):
        coverage = disc(clean.shape[0], clean.shape[1], x, y, radius)
        dirty = clean.copy()
        dirty[disc(clean.shape[0], clean.shape[1], x, y, radius - 2) > 0] = maximum // 12
        out = render(Image.from_array(dirty), SPOT, Selection.from_array(coverage)).array()
        inside = coverage > 0
        assert (out[~inside] == dirty[~inside]).all()
        error = np.abs(out.astype(float) - clean)[inside].mean() / maximum
        assert error < 0.06
        assert error < 0.25 * np.abs(dirty.astype(float) - clean)[inside].mean() / maximum


def test_texture_is_kept_and_16_bits_are_used() -> None:
    rng = np.random.default_rng(0)
    noise = cv2.GaussianBlur(rng.normal(0, 1, (200, 200)), (0, 0), 1.0)
    picture = np.rint(30000 + 9000 * noise / noise.std() * 0.3).astype(np.uint16)
    coverage = disc(200, 200, 100, 100, 20)
    dirty = picture.copy()
    dirty[coverage > 0] = 65535
    out = heal(Image.from_array(dirty), Selection.from_array(coverage)).array()[:, :, 0]
    inside = coverage > 0
    assert out[inside].std() == pytest.approx(picture[inside].std(), rel=0.35)
    assert np.unique(out[inside] % 257).size > 200


def test_nothing_around_to_fill_from() -> None:
    image = Image.from_array(np.full((40, 40, 3), 90, np.uint8))
    everything = Selection.from_array(np.full((40, 40), 255, np.uint8))
    assert heal(image, everything) is image
    nearly = np.full((40, 40), 255, np.uint8)
    nearly[:, 0] = 0
    out = heal(image, Selection.from_array(nearly))
    assert np.abs(out.array().astype(int) - 90).max() <= 1


def test_membrane_solves_laplace() -> None:
    y, x = np.mgrid[:60, :80].astype(np.float32)
    plane = (0.01 * x + 0.004 * y)[:, :, None]
    inside = disc(60, 80, 40, 30, 20) > 0
    holed = np.where(inside[:, :, None], 0.0, plane).astype(np.float32)
    assert np.abs(membrane(holed, ~inside, inside) - plane).max() < 0.01


def test_one_tile_after_another_is_the_whole(make_scene: Callable[..., Pixels]) -> None:
    image = Image.from_array(make_scene(500, 300))
    selection = Selection.from_array(disc(300, 500, 250, 150, 30))
    whole = render(image, SPOT, selection)
    for column, row, rect in image.grid():
        part = render(Image.from_array(image.array()), SPOT, selection, rect=rect)
        assert part.tiles[0].digest == whole.tile(column, row).digest
