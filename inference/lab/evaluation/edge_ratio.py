"""How sharp a picture is where it counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import sobel

from editor.model.image import Pixels
from editor.ranking.fidelity import Mask


def edge_ratio(made: Pixels, wanted: Pixels, mask: Mask) -> float:
    """Mean gradient of ``made`` over that of ``wanted`` inside ``mask``; below 1 is softer.

    Both are sRGB pictures (H, W, 3) uint8 of one size, the mask is (H, W) bool.

    Gradients are Sobel magnitudes of the luma (Rec. 601).
    """
    return float(_edges(made)[mask].mean() / max(1e-6, float(_edges(wanted)[mask].mean())))


def _edges(pixels: Pixels) -> NDArray[np.float64]:
    luma = pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    edges: NDArray[np.float64] = np.hypot(sobel(luma, 0), sobel(luma, 1))
    return edges
