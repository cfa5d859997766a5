"""How like two pictures are where it counts: SSIM and PSNR inside a mask.

All functions take sRGB pictures (H, W, C) of one size, samples from 0 to 255, and a mask (H, W)
bool.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from editor.model.image import Pixels

Mask = NDArray[np.bool_]

_SIGMA = 1.5
WINDOW = 11
"""Side in pixels of what SSIM sees around each pixel."""
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_BEST_PSNR = 100.0
"""dB of two equal pictures, so that means stay finite."""


def ssim(first: Pixels, second: Pixels, mask: Mask) -> float:
    """Structural similarity (Wang et al. 2004, eq. 13), mean of the channels inside ``mask``.

    The window is the paper's Gaussian of 1.5 pixels; its statistics are taken over the whole
    picture, so pixels at the edge of the mask see their neighbours outside.
    """
    total = 0.0
    for channel in range(first.shape[2]):
        a, b = first[..., channel].astype(np.float64), second[..., channel].astype(np.float64)
        mean_a, mean_b = _blurred(a), _blurred(b)
        var_a = _blurred(a * a) - mean_a**2
        var_b = _blurred(b * b) - mean_b**2
        common = _blurred(a * b) - mean_a * mean_b
        top = (2 * mean_a * mean_b + _C1) * (2 * common + _C2)
        bottom = (mean_a**2 + mean_b**2 + _C1) * (var_a + var_b + _C2)
        total += float((top / bottom)[mask].mean())
    return total / int(first.shape[2])


def psnr(first: Pixels, second: Pixels, mask: Mask) -> float:
    """Peak signal-to-noise ratio in dB inside ``mask``; 100 where both are equal."""
    difference = first[mask].astype(np.float64) - second[mask]
    error = float(np.mean(difference * difference))
    return _BEST_PSNR if error == 0 else min(_BEST_PSNR, 10 * math.log10(255.0**2 / error))


def _blurred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # 3.5 sigmas on each side are the paper's 11 × 11 window.
    blurred: NDArray[np.float64] = gaussian_filter(values, _SIGMA, truncate=3.5)
    return blurred
