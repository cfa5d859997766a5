from __future__ import annotations

import cv2
import numpy as np
import pytest

from editor.model.image import Image
from editor.model.patch import Patch, Placement
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from editor.render.detail import DETAIL, fit_gain_offset

SIDE, WORK = 768, 128


def textured(dtype: str = "uint8") -> Image:
    rng = np.random.default_rng(2)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    base = np.stack([0.3 + 0.3 * x, 0.4 + 0.2 * y, 0.5 - 0.2 * x], -1)
    base[200:420, 300:520] += 0.15
    fine = rng.normal(0, 0.05, (SIDE, SIDE, 1))
    top = np.iinfo(np.dtype(dtype)).max
    return Image.from_array((np.clip(base + fine, 0, 1) * top).astype(dtype))


def small(image: Image) -> np.ndarray:
    values = image.array().astype(np.float32) / image.maximum
    return cv2.GaussianBlur(
        cv2.resize(values, (WORK, WORK), interpolation=cv2.INTER_AREA), (0, 0), 0.8
    )  # blurred, as an autoencoder does


def patch_of(before: np.ndarray, after: np.ndarray) -> Patch:
    made = fit_gain_offset(before, after.astype(np.float32), 2)
    return Patch(((DETAIL, True),), made, Placement(Rect(0, 0, SIDE, SIDE), WORK / SIDE))


def fine_detail(image: Image) -> float:
    values = image.array()[..., 1].astype(np.float32) / image.maximum
    return float((values - cv2.GaussianBlur(values, (0, 0), 2)).std())


def test_light_and_colour_change_without_blur() -> None:
    source = textured()
    before = small(source)
    warmer = np.clip(before * (1.1, 1.0, 0.8) - 0.02, 0, 1)
    result = composite.render(source, patch_of(before, warmer), None)
    assert fine_detail(result) > 0.9 * fine_detail(source)
    change = (result.array().astype(float) - source.array()).mean((0, 1)) / 255
    assert np.abs(change - (warmer - before).mean((0, 1))).max() < 0.01
    plain = Patch((), warmer.astype(np.float16), Placement(Rect(0, 0, SIDE, SIDE), WORK / SIDE))
    assert fine_detail(composite.render(source, plain, None)) < 0.3 * fine_detail(source)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_no_change_leaves_every_byte(dtype: str) -> None:
    source = textured(dtype)
    before = small(source)
    rng = np.random.default_rng(0)
    after = before + rng.normal(0, 0.3 / 255, before.shape)  # what a sampler leaves behind
    result = composite.render(source, patch_of(before, after), None)
    assert result.pixel_digest == source.pixel_digest


def test_something_new_is_the_models_own() -> None:
    source = textured()
    before = small(source)
    after = before.copy()
    board = (np.indices((40, 40)).sum(0) // 5 % 2).astype(np.float32)
    after[60:100, 20:60] = 0.1 + 0.8 * board[:, :, None]
    result = composite.render(source, patch_of(before, after), None).array()
    patch = Patch((), after.astype(np.float16), Placement(Rect(0, 0, SIDE, SIDE), WORK / SIDE))
    plain = composite.render(source, patch, None).array()
    inner = np.s_[66 * 6 : 94 * 6, 26 * 6 : 54 * 6]
    assert np.abs(result[inner].astype(int) - plain[inner]).mean() < 6
    assert np.array_equal(result[:300, 300:], source.array()[:300, 300:])


def test_something_removed_leaves_no_ghost() -> None:
    source = textured()
    before = small(source)
    after = before.copy()
    y, x = np.mgrid[0:WORK, 0:WORK] / WORK
    plain = np.stack([0.3 + 0.3 * x, 0.4 + 0.2 * y, 0.5 - 0.2 * x], -1)
    after[30:74, 46:92] = plain[30:74, 46:92]
    result = composite.render(source, patch_of(before, after), None).array() / 255
    edge = cv2.GaussianBlur(result[..., 1].astype(np.float32), (0, 0), 6)
    inside, outside = edge[330:390, 330:480].mean(), edge[330:390, 180:260].mean()
    assert abs(inside - outside) < 0.03  # was 0.15


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_selection_and_mip_levels(scale: float) -> None:
    from editor.render import mip

    source = textured("uint16")
    before = small(source)
    patch = patch_of(before, np.clip(before * 0.7, 0, 1))
    selection = Selection.from_rect(Rect(100, 120, 300, 200), SIDE, SIDE).feathered(30)
    image, where = source, selection
    if scale < 1:
        image, where = mip.halved(source), Selection(mip.halved(selection.coverage))
    result = composite.render(image, patch, where, scale=scale).array()
    kept = where.array() == 0
    assert np.array_equal(result[kept], image.array()[kept])
    full = where.array() == 255
    ratio = result[full].mean() / image.array()[full].mean()
    assert abs(ratio - 0.7) < 0.02


def test_a_part_equals_the_whole() -> None:
    source = textured()
    before = small(source)
    patch = patch_of(before, np.clip(before * 0.8 + 0.1, 0, 1))
    whole = composite.render(source, patch, None)
    part = composite.render(source, patch, None, rect=Rect(256, 256, 512, 256))
    assert np.array_equal(part.array(), whole.read(Rect(256, 256, 512, 256)))
