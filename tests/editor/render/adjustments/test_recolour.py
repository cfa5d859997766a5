from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from editor.render.adjustments.paint import find_paint
from editor.render.adjustments.parameters import Adjustments
from editor.render.color import SRGB
from tests.editor.render.adjustments.test_paint import scene, wall_selection

BLUE = (0.2, 0.4, 0.85)


def patch(colour: tuple[float, ...] = BLUE, **more: Any) -> Patch:
    return Patch(settings_of({"recolour": colour, **more}))


def stored(picture: Image, selection: Selection | None, colour: tuple[float, ...] = BLUE) -> Patch:
    """As `adjust` leaves it: with the paint."""
    paint = find_paint(picture, selection)
    assert paint is not None
    return patch(colour, recolour_paint=paint.numbers)


def lab(pixels: NDArray[Any]) -> NDArray[np.float32]:
    return SRGB.to_oklab(pixels[:, :, :3])


WALL = (slice(105, 145), slice(105, 145))
WINDOW = (slice(80, 95), slice(80, 95))


def test_the_wall_gets_the_colour_and_keeps_its_shading() -> None:
    source = Image.from_array(scene())
    before = lab(source.array())[WALL]
    after = lab(composite.render(source, patch(), wall_selection()).array())[WALL]
    hue = np.degrees(np.arctan2(after[..., 2], after[..., 1])) % 360
    assert np.abs(hue - 261).max() < 12
    across = np.corrcoef(before[..., 0].ravel(), after[..., 0].ravel())[0, 1]
    assert across > 0.99


def test_window_and_meadow_keep_theirs() -> None:
    source = Image.from_array(scene())
    made = composite.render(source, patch(), wall_selection(margin=20)).array()
    assert (made[WINDOW] == scene()[WINDOW]).all()
    assert (made[40:45, 60:140] == scene()[40:45, 60:140]).all()


def test_outside_the_selection_every_byte_stays() -> None:
    source, selection = Image.from_array(scene()), wall_selection()
    made = composite.render(source, patch(), selection).array()
    outside = selection.array() == 0
    assert (made[outside] == source.array()[outside]).all()


def test_acting_outside_finds_the_paint_outside() -> None:
    source, selection = Image.from_array(scene()), wall_selection(margin=0)
    made = composite.render(source, patch(invert_selection=True), selection).array()
    inside = selection.array() == 255
    assert (made[inside] == source.array()[inside]).all()
    assert lab(made)[20, 20, 2] < -0.05  # the meadow is blue


@pytest.mark.parametrize(("colour", "low", "high"), [((0, 0, 0), 0, 0.4), ((1, 1, 1), 0.7, 1)])
def test_black_and_white_have_no_colour_and_look_like_it(
    colour: tuple[float, ...], low: float, high: float
) -> None:
    source = Image.from_array(scene())
    after = lab(composite.render(source, patch(colour), wall_selection()).array())[WALL]
    assert np.hypot(after[..., 1], after[..., 2]).max() < 0.02
    assert low < np.median(after[..., 0]) < high
    assert after[..., 0].max() < 0.995  # nothing clips
    assert (after[..., 0].max() - after[..., 0].min()) > 0.02  # and it is shaded


def test_a_grey_wall_gets_a_colour() -> None:
    pixels = scene()
    wall = pixels[..., 0] > 100
    pixels[wall] = pixels[wall].mean(axis=1, keepdims=True).astype(np.uint8) + 100
    source = Image.from_array(pixels)
    after = lab(composite.render(source, patch(), wall_selection(margin=0)).array())[WALL]
    assert (after[..., 2] < -0.08).all()


def test_a_grey_picture_becomes_coloured() -> None:
    source = Image.from_array(scene().mean(axis=2, keepdims=True).astype(np.uint8))
    made = composite.render(source, patch(), wall_selection())
    assert made.channels == 3


def test_mixed_pixels_of_an_edge_lie_between_both_sides() -> None:
    """No fringe: each pixel of a soft edge is a mixture of new paint and old neighbour."""
    share = np.clip((np.arange(200) - 90) / 20, 0, 1)[None, :, None]
    paint, beside = np.array([200.0, 40, 35]), np.array([235.0, 235, 235])
    linear = SRGB.to_linear(np.stack([paint, beside])[None] / 255)[0]
    mixed = SRGB.from_linear(np.repeat(linear[0] * share + linear[1] * (1 - share), 200, 0))
    source = Image.from_array(np.rint(mixed * 255).astype(np.uint8))
    coverage = np.zeros((200, 200), np.uint8)
    coverage[:, 80:] = 255
    selection = Selection.from_array(coverage)
    row = lab(composite.render(source, stored(source, selection), selection).array())[100]
    assert (np.diff(row[88:112, 2]) < 0.004).all()  # steadily bluer
    assert (row[88:112, 1] < 0.03).all()  # no rim of red: in the source it rises to 0.17
    assert (np.diff(row[88:112, 0]) < 0.004).all()  # steadily darker


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_any_part_has_the_pixels_of_the_whole(depth: type[np.unsignedinteger[Any]]) -> None:
    pixels = scene(600).astype(depth) * (257 if depth is np.uint16 else 1)
    pixels += np.random.default_rng(0).integers(0, 5, pixels.shape).astype(depth)
    source, selection = Image.from_array(pixels), wall_selection(600, margin=30)
    made = stored(source, selection)
    whole = composite.render(source, made, selection).array()
    rect = Rect(200, 190, 150, 170)
    part = composite.render(source, made, selection, rect=rect).array()
    assert (part == whole[190:360, 200:350]).all()
    assert whole.dtype == depth


def test_a_smaller_level_is_the_same_recolour() -> None:
    pixels = scene(512)
    source, selection = Image.from_array(pixels), wall_selection(512, margin=20)
    made = stored(source, selection)
    whole = composite.render(source, made, selection).array()
    half = Image.from_array(pixels[::2, ::2])
    small = Selection.from_array(selection.array()[::2, ::2])
    level = composite.render(half, made, small, scale=0.5).array()
    apart = np.abs(level.astype(int) - whole[::2, ::2]).max(axis=2)
    assert (apart <= 1).mean() > 0.98  # but for the edges, which a smaller level draws itself


def test_a_neighbour_of_dark_paint_decides_where_hue_says_nothing() -> None:
    pixels = scene()
    pixels[120:124, 120:124] = (14, 14, 14)  # a block of a JPEG without chroma
    pixels[100:150, 100:150] = (pixels[100:150, 100:150] * 0.25).astype(np.uint8)
    source = Image.from_array(pixels)
    selection = Selection.from_rect(Rect(100, 100, 50, 50), 200, 200)
    after = lab(composite.render(source, patch((1, 1, 0.2)), selection).array())
    assert after[122, 122, 2] > 0.005  # dark, but of the new colour as well


def test_gold_has_more_contrast_than_its_colour() -> None:
    source = Image.from_array(scene())
    plain, metal = (
        lab(
            composite.render(
                source, patch((0.8, 0.65, 0.2), recolour_metallic=metallic), wall_selection()
            ).array()
        )[WALL]
        for metallic in (False, True)
    )
    assert metal[..., 0].std() > 1.1 * plain[..., 0].std()


def test_a_recolour_without_colour_is_neutral() -> None:
    alone = Adjustments(recolour_from=BLUE, recolour_metallic=True)
    assert alone.is_neutral
    assert Adjustments(recolour=(2.0, 0.0, 0.0)).clamped().is_neutral
    assert Adjustments(recolour=(float("nan"), 0.0, 0.0)).clamped().is_neutral


def test_settings_keep_a_recolour() -> None:
    wanted = Adjustments(recolour=BLUE, recolour_from=(1.0, 0.0, 0.0), exposure=0.5)
    assert Adjustments.from_settings(wanted.to_settings()) == wanted


def test_a_damaged_paint_is_refused() -> None:
    with pytest.raises(ValueError, match="no paint"):
        composite.render(
            Image.from_array(scene()), patch(recolour_paint=(1.0, 2.0)), wall_selection()
        )
