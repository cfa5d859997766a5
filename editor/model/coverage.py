"""Edges of coverage: feather, grow, shrink, smooth, fill holes. Pure functions of arrays.

Coverage is (H, W) `uint8`, 0 outside and 255 fully inside. The picture's own border is no edge of a
selection: it neither softens nor moves there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.uint8]
"""(H, W): 0 outside, 255 fully inside."""

_HALF = 128
"""Coverage from which a pixel counts as inside."""


def feathered(coverage: Coverage, radius: float) -> Coverage:
    """Soften inwards: the true edge stays, coverage rises over `radius` pixels inside.

    A distance ramp rather than a blur, so that nothing outside gains coverage.
    """
    if radius <= 0:
        return coverage
    ramp = np.clip(_depth(coverage > 0) / np.float32(radius + 1.0), 0.0, 1.0)
    soft = np.where(coverage > 0, np.maximum(1, np.rint(coverage * ramp)), 0)
    return soft.astype(np.uint8)


def grown(coverage: Coverage, radius: float) -> Coverage:
    """The edge moved outwards by `radius` pixels, smooth as a pen of that radius would draw it."""
    import cv2

    outside = (coverage < _HALF).astype(np.uint8)
    if outside.all():
        return coverage
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.maximum(coverage, _share(radius + 1.0 - distance))


def shrunk(coverage: Coverage, radius: float) -> Coverage:
    """The edge moved inwards by `radius` pixels."""
    return np.minimum(coverage, _share(_depth(coverage >= _HALF) - np.float32(radius)))


def smoothed(coverage: Coverage, radius: float) -> Coverage:
    """Corners rounded and specks gone that are smaller than `radius` pixels.

    A Gaussian, and the edge sharp again where it passes one half.
    """
    import cv2

    if radius <= 0:
        return coverage
    blurred = cv2.GaussianBlur(
        coverage.astype(np.float32) / np.float32(255),
        (0, 0),
        radius,
        borderType=cv2.BORDER_REPLICATE,
    )
    # A straight edge blurred rises by 1 / (radius √(2π)) a pixel where it is steepest, a sharp one
    # by 1. An edge blurred by less than a pixel is sharp already.
    slope = max(1.0, radius * np.sqrt(2 * np.pi))
    return _share((blurred - np.float32(0.5)) * np.float32(slope) + np.float32(0.5))


def without_holes(coverage: Coverage) -> Coverage:
    """Everything selected that is enclosed by fully covered pixels."""
    import cv2

    # The border around the picture is outside, so that a flood from there goes around all of it.
    open_ = np.pad((coverage < 255).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(open_, None, (0, 0), 2)
    return np.where(open_[1:-1, 1:-1] == 2, coverage, np.uint8(255))


@dataclass(frozen=True)
class EdgeValues:
    """How an edge is refined.

    Attributes:
        shift: picture pixels it moves outwards; inwards below zero.
        smooth: radius of the corners that are rounded, picture pixels.
        contrast: 0 leaves the edge as soft as it is, 1 makes it hard.
    """

    shift: int = 0
    smooth: int = 0
    contrast: float = 0.0


def refined(coverage: Coverage, values: EdgeValues) -> Coverage:
    """The edge smoothed, then moved, then made harder; without values the same array."""
    made = smoothed(coverage, values.smooth)
    if values.shift > 0:
        made = grown(made, values.shift)
    elif values.shift < 0:
        made = shrunk(made, -values.shift)
    return hardened(made, values.contrast)


def hardened(coverage: Coverage, contrast: float) -> Coverage:
    """A soft edge steeper about its middle, which stays; `contrast` is 0 … 1, 1 for a hard edge."""
    if contrast <= 0:
        return coverage
    half = np.float32(_HALF - 0.5) / np.float32(255)
    steps = np.arange(256, dtype=np.float32) / np.float32(255)
    gain = np.float32(1.0 / max(1.0 - contrast, 1e-3))
    return _share((steps - half) * gain + half)[coverage]


def _depth(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance of every pixel inside to the nearest one outside, 0 outside."""
    import cv2

    padded = np.pad(inside.astype(np.uint8), 1, mode="edge")
    return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)


def _share(values: NDArray[Any]) -> Coverage:
    """0 … 1 as coverage."""
    share: Coverage = np.rint(np.clip(values, 0.0, 1.0) * 255).astype(np.uint8)
    return share
