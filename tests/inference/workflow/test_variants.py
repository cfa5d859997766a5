from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from inference.workflow.variants import SAME_PIXELS, almost_same


def picture(value: int, side: int = 32) -> Image:
    """Grey, with a square of `value` in the middle."""
    pixels = np.full((side, side, 3), 100, np.uint8)
    pixels[8:24, 8:24] = value
    return Image.from_array(pixels)


def test_only_what_was_edited_is_compared() -> None:
    source = picture(100)
    # Over the whole picture the square is a quarter: 16 of 255 would pass there.
    far = [picture(200), picture(216)]
    assert almost_same(source, far, None) == [(), ()]
    assert 16 / 255 / 4 < SAME_PIXELS < 16 / 255
    assert almost_same(source, [picture(200), picture(202)], None) == [(), (0,)]


def test_each_names_all_earlier_ones_it_repeats() -> None:
    found = almost_same(picture(100), [picture(200), picture(50), picture(201), picture(202)], None)
    assert found == [(), (), (0,), (0, 2)]


def test_clip_can_tell_apart_what_pixels_cannot() -> None:
    features = np.eye(2, dtype=np.float32)
    pair = [picture(200), picture(201)]
    assert almost_same(picture(100), pair, features) == [(), ()]
    assert almost_same(picture(100), pair, features[[0, 0]]) == [(), (0,)]


def test_unchanged_results_are_alike_and_other_sizes_are_not() -> None:
    assert almost_same(picture(100), [picture(100), picture(100)], None) == [(), (0,)]
    sizes = [picture(200), picture(200, side=40), picture(200, side=40)]
    assert almost_same(picture(100), sizes, None) == [(), (), ()]


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_grey_and_depth_do_not_matter(depth: type) -> None:
    scale = np.iinfo(depth).max // 255
    grey = Image.from_array(np.full((16, 16, 1), 100 * scale, depth))
    pair = [Image.from_array(np.full((16, 16, 3), v * scale, depth)) for v in (180, 182)]
    assert almost_same(grey, pair, None) == [(), (0,)]
