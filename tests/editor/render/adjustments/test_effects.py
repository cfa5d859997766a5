from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.model.image import Image, Metadata, Pixels
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.ranking.measures import measure
from editor.render.adjustments.parameters import HUES, NO_HUES, Adjustments
from editor.render.color import SRGB, ColorSpace
from editor.render.composite import render


def apply(image: Image, selection: Selection | None = None, **fields: Any) -> Image:
    return render(image, Patch(settings_of(Adjustments(**fields).to_settings())), selection)


def ramp(depth: int = 16) -> Image:
    row = np.arange(1 << depth, dtype=np.uint16 if depth == 16 else np.uint8)
    return Image.from_array(np.repeat(row.reshape(-1, 256)[:, :, None], 3, axis=-1))


DIRECTIONS = [
    ({"exposure": 0.5}, "lightness", 1),
    ({"exposure": -0.5}, "lightness", -1),
    ({"contrast": 0.4}, "contrast", 1),
    ({"contrast": -0.4}, "contrast", -1),
    ({"highlights": 0.5}, "highlights", 1),
    ({"highlights": -0.5}, "highlights", -1),
    ({"shadows": 0.5}, "shadows", 1),
    ({"shadows": -0.5}, "shadows", -1),
    ({"whites": 0.5}, "highlights", 1),
    ({"whites": -0.5}, "highlights", -1),
    ({"blacks": 0.5}, "shadows", 1),
    ({"blacks": -0.5}, "shadows", -1),
    ({"temperature": 0.3}, "warmth", 1),
    ({"temperature": -0.3}, "warmth", -1),
    ({"tint": 0.3}, "tint", 1),
    ({"tint": -0.3}, "tint", -1),
    ({"saturation": 0.4}, "chroma", 1),
    ({"saturation": -0.4}, "chroma", -1),
    ({"vibrance": 0.5}, "chroma_low", 1),
    ({"vibrance": -0.5}, "chroma_low", -1),
    ({"sharpen": 1.0}, "sharpness", 1),
    ({"sharpen": 1.0}, "fine_detail", 1),
    ({"blur": 0.5}, "sharpness", -1),
    ({"blur": 0.5}, "fine_detail", -1),
    ({"clarity": 0.6}, "local_contrast", 1),
    ({"clarity": -0.6}, "local_contrast", -1),
    ({"grain": 0.5}, "noise", 1),
    ({"vignette": 0.6}, "edge_darkening", -1),
    ({"vignette": -0.6}, "edge_darkening", 1),
    ({"shadow_tone": (220.0, 0.5)}, "shadow_warmth", -1),
    ({"highlight_tone": (40.0, 0.5)}, "highlight_warmth", 1),
]


@pytest.mark.parametrize(("fields", "quantity", "sign"), DIRECTIONS, ids=str)
def test_each_field_moves_its_measure(
    pictures: list[Image], fields: dict[str, Any], quantity: str, sign: int
) -> None:
    for image in pictures:
        result = apply(image, **dict[str, Any](fields))
        found = measure(image.array(), result.array(), SRGB, SRGB)
        before, after = found[quantity]
        assert (after - before) * sign > 0.02 * max(1.0, abs(before)), image.pixel_digest


@pytest.mark.parametrize("hue", HUES)
def test_hues_move_alone(pictures: list[Image], hue: str) -> None:
    for image in pictures:
        before = image.array()
        if measure(before, before, SRGB, SRGB).hue_shares[hue] < 0.01:
            continue
        for field, quantity in (("hue_saturation", "chroma"), ("hue_lightness", "lightness")):
            for sign in (-1, 1):
                bands = tuple(0.6 * sign * (name == hue) for name in HUES)
                result = apply(image, **dict[str, Any]({field: bands}))
                found = measure(before, result.array(), SRGB, SRGB)
                change = found.change(f"{quantity}_{hue}")
                assert change * sign > 0.3
                opposite = HUES[(HUES.index(hue) + 4) % 8]
                if found.hue_shares[opposite] > 0.01:
                    assert abs(found.change(f"{quantity}_{opposite}")) < 0.2 * abs(change)


@pytest.mark.parametrize("field", ["temperature", "tint", "saturation", "vibrance", "clarity"])
@pytest.mark.parametrize("amount", [-0.3, 0.3])
def test_colour_and_clarity_leave_lightness_alone(
    pictures: list[Image], field: str, amount: float
) -> None:
    for image in pictures:
        found = measure(
            image.array(), apply(image, **dict[str, Any]({field: amount})).array(), SRGB, SRGB
        )
        assert abs(found.change("lightness")) < 2.0


def test_black_and_white_and_sepia(pictures: list[Image]) -> None:
    for image in pictures:
        grey = apply(image, black_and_white=1.0)
        values = grey.array().astype(int)
        assert np.ptp(values, axis=2).max() <= (1 if image.depth == 8 else 16)
        found = measure(image.array(), grey.array(), SRGB, SRGB)
        assert found["hue_spread"][1] < 0.2
        sepia = measure(image.array(), apply(image, sepia=1.0).array(), SRGB, SRGB)
        assert sepia["warmth"][1] > 4
        assert abs(sepia.change("lightness")) < 2.0


@settings(max_examples=25)
@given(
    st.sampled_from(["exposure", "contrast", "whites", "blacks", "highlights", "shadows"]),
    st.floats(-1.0, 1.0),
)
def test_tones_are_monotone_and_grey_stays_grey(field: str, amount: float) -> None:
    image = ramp(8)
    flat = Image.from_array(image.array().reshape(1, 256, 3).repeat(4, axis=0))
    value = amount * 4 if field == "exposure" else amount
    out = apply(flat, **dict[str, Any]({field: value})).array()
    assert (out == out[..., :1]).all()
    if field not in ("highlights", "shadows"):  # those look at the surroundings
        assert (np.diff(out[0, :, 0].astype(int)) >= 0).all()


@settings(max_examples=25)
@given(st.floats(-4.0, 4.0), st.floats(0.0, 1.0))
def test_more_exposure_is_never_darker(stops: float, more: float) -> None:
    rng = np.random.default_rng(0)
    image = Image.from_array(rng.integers(0, 65536, (16, 16, 3), dtype=np.uint16))
    low, high = (apply(image, exposure=s).array().astype(int) for s in (stops, stops + more))
    # In luminance: single channels may trade places where colours go to white.
    weights = SRGB.luminance
    light = [(SRGB.to_linear(a.astype(np.uint16)) * weights).sum(axis=-1) for a in (low, high)]
    assert (light[1] - light[0]).min() > -2e-3


@pytest.mark.parametrize(
    "fields",
    [
        {"exposure": 0.1},
        {"contrast": 0.05},
        {"temperature": 0.05},
        {"saturation": 0.3},
        {"shadows": 0.1},
        {"vignette": 0.0, "blacks": 0.02},
    ],
    ids=str,
)
def test_a_16_bit_ramp_keeps_its_levels(fields: dict[str, float]) -> None:
    image = ramp(16)
    out = apply(image, **dict[str, Any](fields)).array()
    assert np.unique(out[..., 1]).size > 60_000


def test_exposure_is_linear_light() -> None:
    image = ramp(16)
    out = apply(image, exposure=-1.0).array()
    before, after = SRGB.to_linear(image.array()), SRGB.to_linear(out)
    assert np.abs(after - before / 2).max() < 2e-5
    up = SRGB.to_linear(apply(image, exposure=1.0).array())
    dark = before < 0.18
    assert np.abs(up[dark] / np.maximum(before[dark], 1e-3) - 2)[before[dark] > 1e-3].max() < 0.01


def test_hue_holds_when_colours_leave_the_gamut(pictures: list[Image]) -> None:
    for image in pictures:
        before = SRGB.to_oklab(image.array())
        for fields in ({"saturation": 1.0}, {"exposure": 1.0}, {"vibrance": 1.0}):
            after = SRGB.to_oklab(apply(image, **dict[str, Any](fields)).array())
            chroma = np.hypot(before[..., 1], before[..., 2])
            strong = (chroma > 0.06) & (np.hypot(after[..., 1], after[..., 2]) > 0.04)
            turned = np.arctan2(after[..., 2], after[..., 1]) - np.arctan2(
                before[..., 2], before[..., 1]
            )
            turned = np.abs(np.degrees((turned + np.pi) % (2 * np.pi) - np.pi))
            assert np.quantile(turned[strong], 0.95) < 9.0


def test_smooth_gradients_stay_smooth() -> None:
    x = np.linspace(0.0, 1.0, 700, dtype=np.float32)
    strips = [np.stack([x, x * a, x * b], -1) for a in (0.2, 0.9) for b in (0.1, 1.0)]
    strips += [np.stack([1 - 0.6 * x, 0.5 + 0 * x, 0.4 + 0.6 * x], -1)]
    picture = np.stack(strips).repeat(8, axis=0)
    image = Image.from_array(np.rint(picture * 65535).astype(np.uint16))
    for fields in (
        {"exposure": 1.5},
        {"saturation": 0.8},
        {"contrast": 0.8},
        {"whites": 1.0},
        {"temperature": 0.8},
        {"hue_saturation": (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)},
        {"shadows": 1.0, "highlights": -1.0},
    ):
        out = apply(image, **dict[str, Any](fields)).array()[4::8].astype(np.float64) / 65535
        step = np.abs(np.diff(out, n=2, axis=1))
        assert step[:, 10:].max() < 0.012, fields


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("depth", [8, 16])
def test_size_depth_channels_profile_and_alpha_stay(channels: int, depth: int) -> None:
    dtype = np.uint8 if depth == 8 else np.uint16
    rng = np.random.default_rng(channels)
    pixels: Pixels = rng.integers(0, np.iinfo(dtype).max, (90, 270, channels)).astype(dtype)
    if channels in (2, 4):
        pixels[:30, :, -1] = 0
    meta = Metadata(dpi=(300.0, 300.0), exif=b"exif")
    image = Image.from_array(pixels, meta)
    for fields in (
        {"exposure": 0.5},
        {"saturation": 0.5},
        {"clarity": 0.5, "shadows": 0.3},
        {"blur": 1.0},
        {"grain": 0.5},
        {"sharpen": 1.0},
        {"noise_reduction": 0.5},
        {"vignette": 0.5},
    ):
        out = apply(image, **dict[str, Any](fields))
        assert (out.width, out.height, out.channels) == (270, 90, channels)
        assert (out.dtype, out.meta) == (image.dtype, meta)
        if channels in (2, 4):
            assert (out.array()[..., -1] == pixels[..., -1]).all()
            assert (out.array()[:30] == pixels[:30]).all()


@pytest.mark.parametrize("channels", [1, 2])
def test_grey_becomes_rgb_only_with_colour(channels: int) -> None:
    rng = np.random.default_rng(0)
    image = Image.from_array(rng.integers(0, 255, (40, 50, channels)).astype(np.uint8))
    assert apply(image, exposure=0.4, saturation=0.5, black_and_white=1.0).channels == channels
    coverage = np.zeros((40, 50), np.uint8)
    coverage[:, 25:] = 255
    toned = apply(image, Selection.from_array(coverage), sepia=1.0)
    assert toned.channels == channels + 2
    left = toned.array()[:, :25]
    assert (left[..., :3] == image.array()[:, :25, :1]).all()
    right = measure(
        image.array()[:, 25:, :1],
        toned.array()[:, 25:, :3],
        ColorSpace.of(image),
        ColorSpace.of(toned),
    )
    assert right["warmth"][1] > 3


def test_straighten_and_crop(pictures: list[Image]) -> None:
    image = pictures[0]
    square = apply(image, crop_ratio=(1.0, 1.0))
    assert square.width == square.height == min(image.width, image.height)
    offset = (image.width - square.width) // 2
    assert (square.array() == image.array()[:, offset : offset + square.width]).all()
    turned = apply(image, straighten=5.0)
    ratio = image.width / image.height
    assert turned.width / turned.height == pytest.approx(ratio, rel=0.01)
    assert turned.width < image.width
    both = apply(image, straighten=-3.0, crop_ratio=(16.0, 9.0))
    assert both.width / both.height == pytest.approx(16 / 9, rel=0.01)


def test_clockwise_is_positive_and_places_are_exact() -> None:
    y, x = np.mgrid[:201, :301].astype(np.float64) + 0.5
    for degrees in (3.0, -7.0):
        # A soft spot right of the centre, where it lands can be computed.
        spot = np.exp(-((x - 200.5) ** 2 + (y - 100.5) ** 2) / (2 * 4.0**2))
        image = Image.from_array(np.rint(spot * 65535).astype(np.uint16))
        out = apply(image, straighten=degrees).array()[:, :, 0].astype(np.float64)
        weight = out / out.sum()
        v, u = np.mgrid[: out.shape[0], : out.shape[1]] + 0.5
        place = np.array(
            [(weight * u).sum() - out.shape[1] / 2, (weight * v).sum() - out.shape[0] / 2]
        )
        angle = np.radians(degrees)
        assert place == pytest.approx([50 * np.cos(angle), 50 * np.sin(angle)], abs=0.02)


def test_grain_is_of_the_seed_and_neutral() -> None:
    image = Image.from_array(np.full((300, 300, 3), 128, np.uint8))
    first, again = apply(image, grain=0.5, seed=1), apply(image, grain=0.5, seed=1)
    assert first.equals(again)
    assert not first.equals(apply(image, grain=0.5, seed=2))
    values = first.array().astype(int)
    assert np.ptp(values, axis=2).max() <= 1
    assert abs(values.mean() - 128) < 1.0


def test_blur_lets_nothing_bleed_in_from_outside() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[:, :150] = (250, 20, 20)
    picture[:, 150:] = (20, 20, 200)
    coverage = np.zeros((200, 300), np.uint8)
    coverage[:, :150] = 255
    for blur in (1.0, 5.0, 8.0):
        out = apply(
            Image.from_array(picture),
            Selection.from_array(coverage),
            blur=blur,
            invert_selection=True,
        ).array()
        assert np.abs(out.astype(int) - picture).max() <= 1


def test_no_hues_is_neutral() -> None:
    assert Adjustments(hue_saturation=NO_HUES).is_neutral


def test_values_beyond_their_range_count_as_its_end() -> None:
    image = ramp(8)
    for field, beyond, end in (("contrast", 7.0, 1.0), ("exposure", -1e9, -5.0)):
        assert apply(image, **dict[str, Any]({field: beyond})).equals(
            apply(image, **dict[str, Any]({field: end}))
        )
    assert Adjustments(saturation=float("nan")).clamped().is_neutral
    inside = Adjustments(exposure=1.0, seed=3)
    assert inside.clamped() is inside
