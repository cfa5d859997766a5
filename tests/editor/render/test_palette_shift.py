"""A recolour moves the source's colours and keeps its edges, at any depth and in any space."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from editor.model.image import Image
from editor.model.patch import Patch, Placement
from editor.model.rect import Rect
from editor.render import composite
from editor.render.color import SRGB, Floats
from editor.render.palette_shift import PaletteShift, explained, find_palette_shift

SIDE, WORK = 384, 64
GREEN, RED = (0.2, 0.6, 0.25), (0.75, 0.2, 0.2)
SKY = (0.5, 0.65, 0.9)


def scene(paint: tuple[float, float, float]) -> Floats:
    """A painted square with darker seams and a window, before a sky."""
    pixels = np.empty((SIDE, SIDE, 3), np.float32)
    pixels[:] = SKY
    shade = np.linspace(0.7, 1.0, 168, dtype=np.float32)[None, :, None]
    pixels[96:264, 96:264] = np.asarray(paint, np.float32) * shade
    pixels[96:264:12, 96:264] *= 0.6
    pixels[144:180, 144:180] = (0.95, 0.85, 0.4)
    return pixels


def seen(pixels: Floats) -> Floats:
    """What a small model sees or makes: few pixels, and soft."""
    small = cv2.resize(pixels, (WORK, WORK), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def area() -> NDArray[np.bool_]:
    inside = np.zeros((WORK, WORK), np.bool_)
    inside[14:46, 14:46] = True
    return inside


def image_of(pixels: Floats, dtype: str) -> Image:
    top = np.iinfo(np.dtype(dtype)).max
    return Image.from_array(np.rint(pixels * top).astype(dtype))


def recoloured(source: Image) -> NDArray[np.float64]:
    shift = find_palette_shift(scene(GREEN), seen(scene(GREEN)), seen(scene(RED)), area())
    assert shift is not None
    share = np.repeat(area()[:, :, None], 3, axis=2).astype(np.float16)
    patch = Patch(shift.settings, share, Placement(Rect(0, 0, SIDE, SIDE), WORK / SIDE))
    return composite.render(source, patch, None).array() / source.maximum


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_paint_changes_and_edges_stay(dtype: str) -> None:
    source = image_of(scene(GREEN), dtype)
    made, wanted = recoloured(source), scene(RED)
    inside = (slice(104, 256), slice(184, 256))
    assert np.abs(made[inside] - wanted[inside]).mean() < 0.03
    # Seams stay as sharp as they were: rows beside each other differ as in gold.
    steps = np.abs(np.diff(made[inside].mean(axis=(1, 2))))
    gold_steps = np.abs(np.diff(wanted[inside].mean(axis=(1, 2))))
    assert steps.mean() > 0.85 * gold_steps.mean()


def test_the_background_keeps_its_colour_inside_the_area_and_its_bytes_outside() -> None:
    source = image_of(scene(GREEN), "uint8")
    made = recoloured(source)
    sky = made[90:94, 120:240]  # inside the area, beside the paint
    assert np.abs(sky - np.asarray(SKY)).max() < 0.02
    assert (made[:70] == source.array()[:70] / 255).all()


def test_a_recolour_is_explained_and_another_thing_is_not() -> None:
    before = seen(scene(GREEN))
    assert explained(before, seen(scene(RED)), area()) > 0.6
    other = before.copy()
    y, x = np.mgrid[14:46, 14:46] // 5
    other[14:46, 14:46] = np.where((x + y)[..., None] % 2, (0.9, 0.1, 0.1), (0.05, 0.1, 0.9))
    assert explained(before, other, area()) < 0.4


def test_settings_give_the_same_movement_back() -> None:
    shift = find_palette_shift(scene(GREEN), seen(scene(GREEN)), seen(scene(RED)), area())
    assert shift is not None
    again = PaletteShift.of(shift.settings)
    assert again is not None
    np.testing.assert_allclose(again.movements, shift.movements, atol=1e-5)
    assert PaletteShift.of((("detail", True),)) is None


def test_no_share_keeps_every_value() -> None:
    shift = PaletteShift(np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32))
    pixels = scene(GREEN)
    share = np.zeros((SIDE, SIDE, 1), np.float32)
    assert (shift.apply(pixels, share) == pixels).all()


def test_equal_calls_give_equal_movements() -> None:
    both = [
        find_palette_shift(scene(GREEN), seen(scene(GREEN)), seen(scene(RED)), area())
        for _ in range(2)
    ]
    assert both[0] is not None
    assert both[1] is not None
    assert (both[0].movements == both[1].movements).all()


def test_a_grey_picture_gains_the_colour() -> None:
    grey = Image.from_array(np.rint(scene(GREEN).mean(2, keepdims=True) * 255).astype(np.uint8))
    lab = SRGB.to_oklab(np.full((1, 1, 3), 0.5, np.float32))[0]
    shift = PaletteShift(lab, np.array([[0, 0.1, 0]], np.float32))
    share = np.repeat(area()[:, :, None], 3, axis=2).astype(np.float16)
    patch = Patch(shift.settings, share, Placement(Rect(0, 0, SIDE, SIDE), WORK / SIDE))
    made = composite.render(grey, patch, None)
    assert made.channels == 3
    middle = made.array()[180, 200].astype(int)
    assert middle[0] - middle[1] > 10


@pytest.mark.parametrize(
    "numbers",
    [
        (),
        (0.5,) * 5,
        (0.5,) * 7,
        (float("nan"),) * 6,
        ("a",) * 6,
        (0.5,) * 6 * 1000,
        "colours",
        True,
    ],
)
def test_numbers_that_are_no_movement_are_refused(numbers: object) -> None:
    with pytest.raises(ValueError, match=r"movement|reshape|convert"):
        PaletteShift.of((("palette_shift", numbers),))
