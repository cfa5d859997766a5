"""Finding a subject with networks that are known exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from editor.model.image import Image
from inference.request.cancel import Cancelled
from inference.vision.guided_filter import guide_coefficients, guided
from inference.vision.segmentation import find_subject

WIDTH, HEIGHT = 900, 700


class Reds:
    """Marks what is red."""

    def __init__(self, seen: Callable[[torch.Tensor], None] = lambda picture: None) -> None:
        self.seen = seen
        self.calls = 0

    def coverage(self, picture: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.seen(picture)
        return (picture[0] > picture[1] + 0.2).float()


class LeftHalf:
    """Marks the same place whatever is there."""

    def coverage(self, picture: torch.Tensor) -> torch.Tensor:
        marks = torch.zeros(picture.shape[-2:])
        marks[:, :128] = 1.0
        return marks


def disc(x: int = 300, y: int = 400, radius: int = 150) -> tuple[Any, Any]:
    """A red disc on noisy grey, and where it is."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    inside = (columns - x) ** 2 + (rows - y) ** 2 < radius**2
    pixels = np.random.default_rng(0).integers(100, 140, (HEIGHT, WIDTH, 3))
    pixels[inside] = (200, 60, 50)
    return pixels.astype(np.uint8), inside


def iou(coverage: Any, inside: Any) -> float:
    found = coverage > 127
    return float((found & inside).sum() / (found | inside).sum())


@pytest.mark.parametrize("deep", [False, True])
def test_the_edge_is_that_of_the_full_size(deep: bool) -> None:
    pixels, inside = disc()
    if deep:
        pixels = pixels.astype(np.uint16) * 257
    network = Reds()
    found = find_subject(network, Image.from_array(pixels), lambda: None)
    assert found.coverage.shape == (HEIGHT, WIDTH)
    assert found.confidence == 1.0
    assert network.calls == 4, "the whole and a closer look, both mirrored too"
    assert iou(found.coverage, inside) > 0.985
    far = cv2.dilate(inside.astype(np.uint8), np.ones((41, 41), np.uint8)) == 0
    assert not found.coverage[far].any()


def test_what_a_mirror_changes_is_not_sure() -> None:
    found = find_subject(LeftHalf(), Image.from_array(disc()[0]), lambda: None)
    assert found.confidence == 0.0


def test_nothing_red_is_nothing_found() -> None:
    network = Reds()
    grey = Image.from_array(np.full((40, 50, 1), 90, np.uint8))
    found = find_subject(network, grey, lambda: None)
    assert not found.coverage.any()
    assert (found.confidence, network.calls) == (0.0, 2)


def test_a_cancel_is_heard_between_looks_and_tiles() -> None:
    for number in (1, 3, 6):
        calls: list[int] = []

        def check(number: int = number, calls: list[int] = calls) -> None:
            calls.append(1)
            if len(calls) == number:
                raise Cancelled

        with pytest.raises(Cancelled):
            find_subject(Reds(), Image.from_array(disc()[0]), check)
        assert len(calls) == number


def test_the_guided_filter_is_the_papers() -> None:
    """Against the sums of equations 16 to 18, written out for one pixel."""
    rng = np.random.default_rng(3)
    guide = rng.random((15, 17, 3)).astype(np.float32)
    mask = rng.random((15, 17)).astype(np.float32)
    gain, offset = guide_coefficients(guide, mask, 2)
    gains, offsets = [], []
    for row in range(5, 10):
        for column in range(6, 11):
            window = np.s_[row - 2 : row + 3, column - 2 : column + 3]
            colours, marks = guide[window].reshape(-1, 3).astype(float), mask[window].ravel()
            spread = np.cov(colours.T, bias=True) + 1e-4 * np.eye(3)
            both = (colours * marks[:, None]).mean(axis=0) - colours.mean(axis=0) * marks.mean()
            gains.append(np.linalg.solve(spread, both))
            offsets.append(marks.mean() - gains[-1] @ colours.mean(axis=0))
    assert np.allclose(gain[7, 8], np.mean(gains, axis=0), atol=2e-4)
    assert np.isclose(offset[7, 8], np.mean(offsets), atol=2e-4)
    whole = guided(gain, offset, guide)
    assert 0.0 <= whole.min() <= whole.max() <= 1.0
