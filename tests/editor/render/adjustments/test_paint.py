from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.model.image import Image
from editor.model.selection import Selection
from editor.render.adjustments.paint import Paint, find_paint, paint_of

RED, GREEN = (0.9, 0.0, 0.0), (0.1, 0.6, 0.2)


def scene(side: int = 200) -> NDArray[np.uint8]:
    """A red wall, shaded from left to right, with a dark window, on a green meadow."""
    pixels = np.full((side, side, 3), (70, 140, 60), np.uint8)
    shade = np.linspace(0.5, 1.0, side // 2)[None, :, None]
    quarter = side // 4
    wall = pixels[quarter : 3 * quarter, quarter : quarter + side // 2]
    wall[:] = (np.array([200, 40, 35]) * shade).astype(np.uint8)
    wall[side // 8 : side // 4, side // 8 : side // 4] = (30, 32, 40)
    return pixels


def wall_selection(side: int = 200, margin: int = 10) -> Selection:
    quarter = side // 4
    coverage = np.zeros((side, side), np.uint8)
    coverage[quarter - margin : 3 * quarter + margin, quarter - margin : 3 * quarter + margin] = 255
    return Selection.from_array(coverage)


def hue(paint: Paint | None) -> float:
    assert paint is not None
    return math.degrees(paint.hue) % 360


def test_the_main_colour_of_a_selection_is_its_paint() -> None:
    paint = find_paint(Image.from_array(scene()), wall_selection())
    assert paint is not None
    assert 20 < hue(paint) < 40
    assert paint.dark < 0.45 < paint.bright
    assert paint.spread < 10


def test_what_lies_around_the_selection_is_no_paint() -> None:
    paint = find_paint(Image.from_array(scene()), wall_selection(margin=45))
    assert 20 < hue(paint) < 40  # the meadow covers more of this selection than the wall


def test_a_named_colour_is_found_in_the_whole_picture() -> None:
    picture = Image.from_array(scene())
    assert 20 < hue(find_paint(picture, None, RED)) < 40
    assert 120 < hue(find_paint(picture, None, GREEN)) < 160
    assert find_paint(picture, None, (0.1, 0.2, 0.9)) is None


def test_a_selected_thing_is_meant_even_if_it_has_not_the_named_colour() -> None:
    blue = (0.1, 0.2, 0.9)
    assert 20 < hue(find_paint(Image.from_array(scene()), wall_selection(), blue)) < 40


def test_the_depth_of_the_picture_changes_nothing() -> None:
    deep = Image.from_array(scene().astype(np.uint16) * 257)
    shallow = Image.from_array(scene())
    one, two = (find_paint(picture, wall_selection()) for picture in (deep, shallow))
    assert one is not None
    assert two is not None
    assert np.allclose(one.numbers, two.numbers, atol=0.01)


def test_a_larger_copy_has_the_same_paint() -> None:
    small = find_paint(Image.from_array(scene()), wall_selection())
    large = find_paint(
        Image.from_array(scene().repeat(5, 0).repeat(5, 1)), wall_selection(1000, margin=50)
    )
    assert small is not None
    assert large is not None
    assert hue(large) == pytest.approx(hue(small), abs=1.5)
    assert large.lightness == pytest.approx(small.lightness, abs=0.02)


def test_nothing_selected_has_no_paint() -> None:
    nothing = Selection.from_array(np.zeros((200, 200), np.uint8))
    assert find_paint(Image.from_array(scene()), nothing) is None


def test_numbers_give_the_paint_back() -> None:
    paint = find_paint(Image.from_array(scene()), wall_selection(margin=30))
    assert paint is not None
    again = Paint.of(paint.numbers)
    assert again.numbers == paint.numbers
    assert (len(again.colours), len(again.others)) == (len(paint.colours), len(paint.others))
    assert paint_of(Image.from_array(scene()), None, None, paint.numbers) == again


@pytest.mark.parametrize(
    "numbers",
    [(), (0.5,) * 9, (0.5, 0.1, 0.1, 5, 0.2, 0.8, 1, 1, 1, 0, 0.5), (math.nan,) * 10,
     (0.5, 0.1, 0.1, 5, 0.8, 0.2, 1, 1, 1, 0), (0.5, 0.1, 0.1, 5, 0.2, 0.8, 1, 1, 1, 3),
     (0.5, 0.1, 0.1, 5, 0.2, 0.8, 1, 0, 1, 0), (0.5,) * 10 + (0.1,) * 99],
)  # fmt: skip
def test_other_numbers_are_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="no paint"):
        Paint.of(numbers)


def test_the_light_of_a_dark_picture_is_dim() -> None:
    dark = Image.from_array((scene() * 0.3).astype(np.uint8))
    paint, day = find_paint(dark, wall_selection()), find_paint(Image.from_array(scene()), None)
    assert paint is not None
    assert day is not None
    assert sum(paint.light) < sum(day.light)
