"""Where a picture has about the colour of one of its pixels."""

from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from editor.render.similar_colours import similar_colours


def picture(depth: str, channels: int = 3) -> Image:
    """Two red squares on grey, one of them a little darker, over a tile border."""
    top = int(np.iinfo(depth).max)
    pixels = np.full((300, 600, channels), top // 2, depth)
    pixels[100:200, 200:280, 0] = top
    pixels[100:200, 400:480, 0] = top - top // 20
    return Image.from_array(pixels)


@pytest.mark.parametrize("depth", ["uint8", "uint16"])
def test_only_touching_stops_at_other_colours(depth: str) -> None:
    image = picture(depth)
    found = similar_colours(image, 210, 110, 10, only_touching=True)
    assert (found[100:200, 200:280] == 255).all()
    assert found.sum(dtype=np.int64) == 255 * 100 * 80
    everywhere = similar_colours(image, 210, 110, 10, only_touching=False)
    assert everywhere.sum(dtype=np.int64) == 255 * 2 * 100 * 80


def test_tolerance_is_a_share_of_the_range() -> None:
    image = picture("uint16")
    exact = similar_colours(image, 210, 110, 0, only_touching=False)
    assert exact.sum(dtype=np.int64) == 255 * 100 * 80
    assert (similar_colours(image, 0, 0, 100, only_touching=True) == 255).all()


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_grey_and_alpha(channels: int) -> None:
    pixels = np.zeros((20, 30, channels), np.uint8)
    pixels[5:10, 5:10, 0] = 200
    found = similar_colours(Image.from_array(pixels), 6, 6, 5, only_touching=True)
    assert found.sum(dtype=np.int64) == 255 * 25


def test_it_can_be_given_up() -> None:
    found = similar_colours(picture("uint8"), 0, 0, 5, only_touching=True, cancelled=lambda: True)
    assert not found.any()
