from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.model.image import Image
from editor.model.patch import Patch, Placement, settings_of
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render.adjustments.parameters import Adjustments
from editor.render.composite import RenderCancelled, fade, output_size, paint_in, render
from editor.render.mip import level


def patch(**fields: Any) -> Patch:
    return Patch(settings_of(Adjustments(**fields).to_settings()))


def noise(
    width: int, height: int, channels: int = 3, depth: int = 16, seed: int = 0, blur: float = 2.0
) -> Image:
    import cv2

    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.random((height, width, channels), dtype=np.float32), (0, 0), blur)
    values = np.clip((soft.reshape(height, width, channels) - 0.5) * blur * 1.6 + 0.5, 0, 1)
    dtype = np.uint8 if depth == 8 else np.uint16
    return Image.from_array(np.rint(values * np.iinfo(dtype).max).astype(dtype))


EVERYTHING: list[dict[str, Any]] = [
    {"exposure": 0.5, "temperature": 0.3},
    {"contrast": 0.4, "blacks": -0.3},
    {"highlights": -0.6, "shadows": 0.6, "clarity": 0.5},
    {"saturation": 0.5, "hue_lightness": (0.0, 0.0, 0.5, 0.0, 0.0, -0.5, 0.0, 0.0)},
    {"blur": 0.4},
    {"blur": 4.0},
    {"sharpen": 1.5, "grain": 0.5},
    {"noise_reduction": 0.6},
    {"vignette": 0.7, "sepia": 0.5},
    {"straighten": 3.0, "clarity": 0.5},
    {"crop_ratio": (4.0, 5.0), "vignette": 0.5, "blur": 3.0},
]


@pytest.mark.parametrize("fields", EVERYTHING, ids=str)
def test_a_part_has_the_same_pixels_as_the_whole(fields: dict[str, Any]) -> None:
    image = noise(700, 560)
    whole = render(image, patch(**fields), None).array()
    assert whole.shape[1::-1] == output_size(image, patch(**fields))
    height, width = whole.shape[:2]
    for rect in (
        Rect(256, 256, min(256, width - 256), min(256, height - 256)),
        Rect(101, 203, 180, 90),
        Rect(width - 37, height - 41, 37, 41),
    ):
        # Another Image object: nothing remembered from the whole picture.
        fresh = Image.from_array(image.array())
        part = render(fresh, patch(**fields), None, rect=rect, workers=1).array()
        assert (part == whole[rect.y : rect.bottom, rect.x : rect.right]).all()


@settings(max_examples=30)
@given(st.data())
def test_outside_the_selection_every_byte_stays(data: st.DataObject) -> None:
    fields = data.draw(st.sampled_from([f for f in EVERYTHING if "straighten" not in f][:-1]))
    channels = data.draw(st.sampled_from([1, 2, 3, 4]))
    depth = data.draw(st.sampled_from([8, 16]))
    image = noise(300, 290, channels, depth, seed=channels)
    rect = Rect(
        data.draw(st.integers(0, 290)),
        data.draw(st.integers(0, 280)),
        data.draw(st.integers(0, 200)),
        data.draw(st.integers(0, 200)),
    )
    selection = Selection.from_rect(rect, 300, 290).feathered(data.draw(st.integers(0, 20)))
    inverted = data.draw(st.booleans())
    out = render(image, patch(**fields, invert_selection=inverted), selection)
    coverage = (selection.inverted() if inverted else selection).array()
    before, after = image.array(), out.array()
    if after.shape[2] != before.shape[2]:
        before = before[:, :, [0, 0, 0, *range(1, before.shape[2])]]
    assert (after[coverage == 0] == before[coverage == 0]).all()


def test_tiles_without_coverage_are_the_same_objects() -> None:
    image = noise(800, 600)
    selection = Selection.from_rect(Rect(10, 10, 100, 100), 800, 600)
    out = render(image, patch(exposure=1.0, clarity=0.5), selection)
    assert out.tiles[0] is not image.tiles[0]
    assert all(a is b for a, b in zip(out.tiles[1:], image.tiles[1:], strict=True))


def test_neutral_is_the_identical_image() -> None:
    image = noise(300, 300)
    assert render(image, patch(), None) is image
    assert render(image, patch(seed=4), None) is image
    assert render(
        image, patch(exposure=1.0), Selection.from_rect(Rect(0, 0, 0, 0), 300, 300)
    ).equals(image)
    cut = render(image, patch(), None, rect=Rect(5, 6, 70, 80))
    assert (cut.array() == image.array()[6:86, 5:75]).all()


def test_full_coverage_is_no_selection() -> None:
    image = noise(300, 270)
    everything = Selection.from_array(np.full((270, 300), 255, np.uint8))
    for fields in ({"exposure": 0.7}, {"saturation": 0.5}, {"clarity": 0.4}):
        assert render(image, patch(**fields), everything).equals(
            render(image, patch(**fields), None)
        )


def test_cancelled_between_tiles() -> None:
    image = noise(1100, 600)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    for workers in (1, 2):
        asked = 0
        with pytest.raises(RenderCancelled):
            render(image, patch(exposure=1.0), None, cancelled=cancelled, workers=workers)


def test_a_rect_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves the result"):
        render(noise(300, 300), patch(crop_ratio=(1.0, 3.0)), None, rect=Rect(0, 0, 200, 200))


@pytest.mark.parametrize(
    "fields",
    [
        {"exposure": 0.6},
        {"blur": 2.0},
        {"highlights": -0.7, "shadows": 0.7},
        {"clarity": 0.6},
        {"vignette": 0.6},
        {"straighten": 2.0},
    ],
    ids=str,
)
def test_a_mip_level_shows_what_the_whole_becomes(fields: dict[str, Any]) -> None:
    image = noise(800, 600, seed=2, blur=12.0)
    exact = level(render(image, patch(**fields), None), 1).array().astype(float)
    quick = render(level(image, 1), patch(**fields), None, scale=0.5).array().astype(float)
    height, width = min(exact.shape[0], quick.shape[0]), min(exact.shape[1], quick.shape[1])
    difference = np.abs(exact[:height, :width] - quick[:height, :width]) / 65535
    assert difference.mean() < 0.006


def test_fade() -> None:
    image = noise(600, 300)
    result = render(image, patch(exposure=1.0), Selection.from_rect(Rect(0, 0, 50, 300), 600, 300))
    assert fade(image, result, 0.0) is image
    assert fade(image, result, 1.0) is result
    half = fade(image, result, 0.5)
    middle = (image.array().astype(float) + result.array()) / 2
    assert np.abs(half.array() - middle).max() <= 0.5
    assert half.tiles[1] is image.tiles[1]


def test_fade_of_a_grey_picture_that_gained_colour() -> None:
    image = noise(80, 60, channels=1, depth=8)
    result = render(image, patch(sepia=1.0), None)
    half = fade(image, result, 0.5)
    assert half.channels == 3
    middle = (image.array().astype(float) + result.array()) / 2
    assert np.abs(half.array() - middle).max() <= 0.5


def test_paint_in() -> None:
    image = noise(600, 300)
    first, second = (render(image, patch(exposure=s), None) for s in (-1.0, 1.0))
    coverage = np.zeros((300, 600), np.uint8)
    coverage[:, 300:] = 255
    coverage[:, 280:300] = np.linspace(1, 254, 20).astype(np.uint8)
    out = paint_in(first, second, Selection.from_array(coverage))
    done = out.array()
    assert (done[:, :280] == first.array()[:, :280]).all()
    assert (done[:, 300:] == second.array()[:, 300:]).all()
    assert out.tiles[0] is first.tiles[0]
    assert out.tiles[2] is second.tiles[2]
    between = done[:, 280:300].astype(int)
    low = np.minimum(first.array(), second.array())[:, 280:300].astype(int)
    high = np.maximum(first.array(), second.array())[:, 280:300].astype(int)
    assert ((between >= low) & (between <= high)).all()


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pixel_patch_of_the_source_itself_changes_next_to_nothing(channels: int) -> None:
    image = noise(301, 223, channels, depth=16)
    colour = np.repeat(image.array()[..., :1], 3, -1) if channels == 1 else image.array()[..., :3]
    pixels = (colour / 65535).astype(np.float16)
    padded = np.pad(pixels, ((3, 5), (2, 1), (0, 0)), mode="reflect")
    made = Patch(pixels=padded, placement=Placement(Rect(0, 0, 301, 223), 1.0, (2, 3, 1, 5)))
    out = render(image, made, None)
    assert (out.channels, out.dtype) == (channels, "uint16")
    assert np.abs(out.array().astype(int) - image.array()).max() <= 33  # half of float16's step


def test_pixel_patch_lies_where_its_crop_is() -> None:
    image = Image.from_array(np.zeros((300, 400, 3), np.uint8))
    y, x = np.mgrid[:60, :80].astype(np.float32) + 0.5
    blob = np.exp(-((x - 50) ** 2 + (y - 20) ** 2) / (2 * 5.0**2))
    made = Patch(
        pixels=np.repeat(blob[:, :, None], 3, -1).astype(np.float16),
        placement=Placement(Rect(100, 50, 160, 120), 0.5, (0, 0, 0, 0)),
    )
    assert output_size(image, made) == (400, 300)
    for scale, picture in ((1.0, image), (0.5, level(image, 1))):
        out = render(picture, made, None, scale=scale).array()[:, :, 0].astype(float)
        v, u = np.mgrid[: out.shape[0], : out.shape[1]] + 0.5
        place = (
            [(out * u).sum() / out.sum() / scale, (out * v).sum() / out.sum() / scale]
            if 0
            else [
                (out * u).sum() / out.sum(),
                (out * v).sum() / out.sum(),
            ]
        )
        assert place == pytest.approx([200 * scale, 90 * scale], abs=0.1)
    selection = Selection.from_rect(Rect(190, 80, 10, 10), 400, 300)
    part = render(image, made, selection).array()
    assert part[80:90, 190:200].any()
    part[80:90, 190:200] = 0
    assert not part.any()


def test_pixel_patch_in_colour_makes_grey_rgb() -> None:
    image = noise(100, 90, channels=1, depth=8)
    red = np.zeros((45, 50, 3), np.uint8)
    red[..., 0] = 200
    made = Patch(pixels=red, placement=Placement(Rect(0, 0, 100, 90), 0.5))
    out = render(image, made, Selection.from_rect(Rect(0, 0, 50, 90), 100, 90))
    assert out.channels == 3
    assert np.abs(out.array()[40, 20].astype(int) - (200, 0, 0)).max() <= 1
    assert (out.array()[:, 50:] == image.array()[:, 50:]).all()
