"""Measures of likeness: what they are for equal pictures, for soft ones and for other ones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from editor.ranking.fidelity import psnr, ssim
from inference.lab.evaluation.edge_ratio import edge_ratio

EVERYWHERE = np.ones((64, 64), np.bool_)


def checks(cell: int = 8) -> NDArray[np.uint8]:
    y, x = np.mgrid[:64, :64] // cell
    plane = np.where((x + y) % 2, 200, 60).astype(np.uint8)
    return np.repeat(plane[..., None], 3, 2)


def softened(pixels: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return gaussian_filter(pixels.astype(float), (sigma, sigma, 0)).astype(np.uint8)


def test_equal_pictures() -> None:
    pixels = checks()
    assert ssim(pixels, pixels, EVERYWHERE) == pytest.approx(1)
    assert psnr(pixels, pixels, EVERYWHERE) == 100
    assert edge_ratio(pixels, pixels, EVERYWHERE) == pytest.approx(1)


def test_psnr_is_that_of_the_mean_square_error() -> None:
    pixels = checks()
    assert psnr(pixels + np.uint8(5), pixels, EVERYWHERE) == pytest.approx(34.15, abs=0.01)


def test_soft_pictures_lose_edges_and_structure() -> None:
    pixels = checks()
    ratios = [edge_ratio(softened(pixels, sigma), pixels, EVERYWHERE) for sigma in (0.5, 1, 2)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] < 0.8
    likeness = [ssim(softened(pixels, sigma), pixels, EVERYWHERE) for sigma in (0.5, 1, 2)]
    assert likeness == sorted(likeness, reverse=True)


def test_other_structure_is_unlike_though_its_colours_are_the_same() -> None:
    moved = np.roll(checks(), 8, axis=1)
    assert ssim(moved, checks(), EVERYWHERE) < 0.1


def test_only_what_the_mask_covers_counts() -> None:
    pixels = checks()
    spoilt = pixels.copy()
    spoilt[:, 40:] = 255 - spoilt[:, 40:]
    left = EVERYWHERE.copy()
    left[:, 30:] = False
    assert psnr(spoilt, pixels, left) == 100
    assert ssim(spoilt, pixels, left) == pytest.approx(1)
    assert psnr(spoilt, pixels, ~left) < 20
