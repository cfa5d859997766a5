"""A shock filter: soft edges become steep, what is even stays as it is."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np

from editor.render.color import Floats

_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
_REACH: Final = 0.7
"""How far at most, in pixels, a pixel's colour comes from in one step."""
_CURVED: Final = 0.3 / 255
"""Second derivative across an edge from which on the whole reach is taken."""
_GENTLE: Final = 1.5 / 255
_STEEP: Final = 4.0 / 255
"""Gradients from which on some and the whole reach is taken: gentler slopes are no edges, and a
sky must not become bands."""
TIMES: Final = 4
"""How much finer than the model's is the grid that `steepen` is for."""


def shock_filter(picture: Floats, *, sigma: float, steps: int) -> Floats:
    """The picture with steep edges.

    Each pixel takes its colour from a little further off the edge that it lies on: from the bright
    side where the luma bends down, from the dark side where it bends up (Osher and Rudin 1990; the
    side is told on a smoothed luma, across the edge, as by Alvarez and Mazorra 1994). Colours are
    moved, never made, so no halo appears.

    Args:
        picture: (h, w, 3), sRGB 0..1.
        sigma: of the smoothing, in pixels: what is finer is not taken for an edge.
        steps: how often; edges of up to about 1.4 · steps pixels become steep.

    Returns:
        (h, w, 3).
    """
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    made: Any = picture
    for _ in range(steps):
        luma = cv2.GaussianBlur(made @ _LUMA, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
        x, y = _derivative(luma, 1, 0), _derivative(luma, 0, 1)
        squared = x * x + y * y + 1e-12
        xx, xy, yy = _derivative(x, 1, 0), _derivative(x, 0, 1), _derivative(y, 0, 1)
        bend = (xx * x * x + 2 * xy * x * y + yy * y * y) / squared
        length = np.sqrt(squared)
        steep = np.clip((length - _GENTLE) / (_STEEP - _GENTLE), 0, 1)
        reach = -_REACH * np.clip(bend / _CURVED, -1, 1) * steep / length
        made = cv2.remap(
            made,
            columns + reach * x,
            rows + reach * y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
    return np.asarray(made, np.float32)


def enlarge(picture: Floats) -> Floats:
    """What a small model drew, `TIMES` as large, with steep edges.

    Args:
        picture: (h, w, 3), sRGB 0..1.

    Returns:
        (TIMES·h, TIMES·w, 3), 0..1.
    """
    size = (picture.shape[1] * TIMES, picture.shape[0] * TIMES)
    larger = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.float32)
    return np.asarray(np.clip(steepen(larger), 0, 1), np.float32)


def steepen(picture: Floats) -> Floats:
    """Steep edges for what a small model drew, on a grid `TIMES` as fine as the model's."""
    return shock_filter(picture, sigma=1.5, steps=5)


def _derivative(values: Any, dx: int, dy: int) -> Any:
    return cv2.Sobel(values, cv2.CV_32F, dx, dy, ksize=3, scale=0.125)
