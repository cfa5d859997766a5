"""Turns and flips: every pixel moves, none changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.model.image import Image, Metadata
from editor.model.patch import Patch, Placement, settings_of
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from editor.render.adjustments.orientation import Orientation, without_orientation
from editor.render.adjustments.parameters import Adjustments

ALL = [Orientation(turns, flip) for turns in range(4) for flip in (False, True)]
WIDTH, HEIGHT = 613, 301


def patch_of(orientation: Orientation, **more: float) -> Patch:
    adjustments = Adjustments(
        quarter_turns=orientation.quarter_turns,
        flip_horizontal=orientation.flip_horizontal,
        **more,  # type: ignore[arg-type]
    )
    return Patch(settings_of(adjustments.to_settings()))


def noise(channels: int, dtype: str) -> Image:
    rng = np.random.default_rng(channels)
    top = np.iinfo(dtype).max
    return Image.from_array(
        rng.integers(0, top, (HEIGHT, WIDTH, channels), dtype, endpoint=True),
        Metadata(dpi=(300.0, 150.0)),
    )


def expected(orientation: Orientation, pixels: np.ndarray) -> np.ndarray:
    flipped = np.fliplr(pixels) if orientation.flip_horizontal else pixels
    return np.rot90(flipped, -orientation.quarter_turns)


@pytest.mark.parametrize("orientation", ALL, ids=str)
@pytest.mark.parametrize(("channels", "dtype"), [(1, "uint8"), (3, "uint16"), (4, "uint16")])
def test_every_sample_is_the_same_at_its_new_place(
    orientation: Orientation, channels: int, dtype: str
) -> None:
    source, patch = noise(channels, dtype), patch_of(orientation)
    result = composite.render(source, patch, None)
    assert np.array_equal(result.array(), expected(orientation, source.array()))
    assert (result.width, result.height) == composite.output_size(source, patch)
    assert result.meta.dpi == ((150.0, 300.0) if orientation.swaps_sides else (300.0, 150.0))


@pytest.mark.parametrize("orientation", ALL, ids=str)
def test_a_part_has_the_pixels_of_the_whole(orientation: Orientation) -> None:
    source = noise(3, "uint16")
    part = Rect(40, 60, 200, 180)
    result = composite.render(source, patch_of(orientation), None, rect=part)
    whole = expected(orientation, source.array())
    assert np.array_equal(result.array(), whole[part.y : part.bottom, part.x : part.right])


@pytest.mark.parametrize("orientation", ALL, ids=str)
def test_its_inverse_brings_every_pixel_back(orientation: Orientation) -> None:
    source = noise(3, "uint16")
    there = composite.render(source, patch_of(orientation), None)
    back = composite.render(there, patch_of(orientation.inverse()), None)
    assert back.equals(source)
    assert back.meta == source.meta


@pytest.mark.parametrize("orientation", ALL, ids=str)
def test_a_selection_goes_along(orientation: Orientation) -> None:
    coverage = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH), np.uint8, endpoint=True)
    selection = Selection.from_array(coverage)
    turned = orientation.turned(selection)
    assert np.array_equal(turned.array(), expected(orientation, coverage))
    assert orientation.inverse().turned(turned).digest == selection.digest


@pytest.mark.parametrize("orientation", ALL, ids=str)
def test_tones_are_those_of_the_upright_picture(orientation: Orientation) -> None:
    """Turned and brighter is the brighter picture, turned; only where it is selected."""
    source = noise(3, "uint16")
    selection = Selection.from_rect(Rect(20, 30, 300, 140), WIDTH, HEIGHT)
    both = composite.render(source, patch_of(orientation, exposure=0.5), selection)
    brighter = composite.render(source, Patch(settings_of({"exposure": 0.5})), selection)
    assert np.array_equal(both.array(), expected(orientation, brighter.array()))


@given(
    st.sampled_from(ALL),
    st.integers(1, 40),
    st.integers(1, 40),
    st.data(),
)
def test_a_rectangle_of_the_result_is_found_in_the_source(
    orientation: Orientation, width: int, height: int, data: st.DataObject
) -> None:
    pixels = np.arange(width * height, dtype=np.int64).reshape(height, width, 1)
    whole = expected(orientation, pixels)
    down, across = whole.shape[:2]
    x, y = data.draw(st.integers(0, across - 1)), data.draw(st.integers(0, down - 1))
    rect = Rect(x, y, data.draw(st.integers(1, across - x)), data.draw(st.integers(1, down - y)))
    place = orientation.source_rect(rect, width, height)
    assert place == place.intersect(Rect(0, 0, width, height))
    found = orientation.apply(pixels[place.y : place.bottom, place.x : place.right])
    assert np.array_equal(found, whole[rect.y : rect.bottom, rect.x : rect.right])


def test_straightening_and_crops_follow_the_turn() -> None:
    source = noise(3, "uint8")
    turned = Image.from_array(np.rot90(source.array(), -1))
    more = {"straighten": 4.0, "crop_ratio": (1.0, 2.0)}
    both = composite.render(source, patch_of(Orientation(1), **more), None)  # type: ignore[arg-type]
    after = composite.render(turned, Patch(settings_of(more)), None)
    assert np.array_equal(both.array(), after.array())


def test_a_patch_without_its_orientation() -> None:
    warmer = Patch(settings_of({"temperature": 0.3}))
    assert without_orientation(warmer) is warmer
    assert without_orientation(patch_of(Orientation(1, True), temperature=0.3)).parameters == (
        ("temperature", 0.3),
    )
    pixels = Patch((), np.zeros((4, 4, 3), np.uint8), Placement(Rect(0, 0, 4, 4)))
    assert Orientation.of_patch(pixels).is_same
    assert without_orientation(pixels) is pixels


@pytest.mark.parametrize(
    ("patch", "moves"),
    [
        ({"temperature": 0.3}, False),
        ({"quarter_turns": 2}, True),
        ({"flip_horizontal": True}, True),
        ({"crop_ratio": (1.0, 1.0)}, True),
        ({"straighten": 1.0}, True),
    ],
)
def test_what_moves_pixels_has_no_before_to_fade_to(patch: dict[str, object], moves: bool) -> None:
    assert composite.moves_pixels(Patch(settings_of(patch))) is moves
