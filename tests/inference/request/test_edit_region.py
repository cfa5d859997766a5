from __future__ import annotations

import numpy as np

from inference.request.edit_region import EditRegion


def test_a_region_lies_on_a_reduction_where_it_lies_on_the_source() -> None:
    mask = np.zeros((4, 8), np.bool_)
    mask[0, 6:] = True  # the upper right corner
    region = EditRegion(mask, (0.0, 0.0, 800.0, 400.0))
    half = region.at(400, 200, 0.5)
    assert half.shape == (200, 400)
    assert half[:50, 300:].all()
    assert half.sum() == 50 * 100


def test_a_mask_that_reaches_beyond_the_picture_is_cut_and_a_smaller_one_ends() -> None:
    whole = np.ones((2, 2), np.bool_)
    beyond = EditRegion(whole, (-10.0, 0.0, 40.0, 20.0)).at(20, 20, 1.0)
    assert beyond.all()
    part = EditRegion(whole, (10.0, 0.0, 10.0, 10.0)).at(20, 20, 1.0)
    assert part[:10, 10:].all()
    assert part.sum() == 100
