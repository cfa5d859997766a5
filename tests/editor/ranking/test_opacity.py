from __future__ import annotations

import numpy as np

from editor.model.image import Image
from editor.model.rect import Rect
from editor.ranking.opacity import opacity, visible_bounds, visible_coverage


def with_alpha(alpha: np.ndarray) -> Image:
    pixels = np.full((*alpha.shape, 4), 90, alpha.dtype)
    pixels[:, :, 3] = alpha
    return Image.from_array(pixels)


def test_an_opaque_picture_is_measured_everywhere() -> None:
    for alpha in (255, 40, 0):
        image = with_alpha(np.full((3, 5), alpha, np.uint8))
        assert opacity(image) is None
        assert visible_coverage(image, None) is None
        assert visible_bounds(image) == Rect(0, 0, 5, 3)
    plain = Image.from_array(np.zeros((3, 5, 3), np.uint8))
    coverage = np.full((3, 5), 7, np.uint8)
    assert visible_coverage(plain, coverage) is coverage


def test_coverage_is_weighted_by_opacity() -> None:
    alpha = np.array([[0, 100, 200]], np.uint16)
    image = with_alpha(alpha)
    seen = visible_coverage(image, None)
    assert seen is not None
    assert seen.tolist() == [[0, 128, 255]], "the most opaque pixel counts whole"
    part = visible_coverage(image, np.array([[255, 100, 100]], np.uint8))
    assert part is not None
    assert part.tolist() == [[0, 50, 100]]
    assert visible_bounds(image) == Rect(1, 0, 2, 1)
