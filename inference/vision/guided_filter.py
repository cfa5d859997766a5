"""The guided filter with a colour guide: a coarse mask takes on the edges of the picture."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.render.color import Floats

_EVEN: Final = 1e-4
"""ε of the paper, for colours 0..1: windows of less variance count as even. Of 1e-4 and 1e-3 the
masks of people were alike within .001 in IoU; this one keeps more of hair."""


def guide_coefficients(guide: Floats, mask: Floats, radius: int) -> tuple[Floats, Floats]:
    """How a mask follows from its picture in a window about each pixel: gain · colour + offset.

    He, Sun & Tang 2013, "Guided Image Filtering", equations 16 and 17, averaged over the windows as
    in equation 18. They can be computed on a small picture, enlarged, and applied to the colours of
    the large one (He & Sun 2015, "Fast Guided Filter"), which `guided` does.

    Args:
        guide: (h, w, 3) colours 0..1.
        mask: (h, w) 0..1.
        radius: of the window in pixels.

    Returns:
        (h, w, 3) gains and (h, w) offsets.
    """
    colour, mean = _mean(guide, radius), _mean(mask, radius)
    covariance = _mean(guide * mask[:, :, None], radius) - colour * mean[:, :, None]
    variance = np.empty((*mask.shape, 3, 3), np.float32)
    for one in range(3):
        for other in range(one, 3):
            product = _mean(guide[:, :, one] * guide[:, :, other], radius)
            variance[:, :, one, other] = product - colour[:, :, one] * colour[:, :, other]
            variance[:, :, other, one] = variance[:, :, one, other]
    variance += np.eye(3, dtype=np.float32) * np.float32(_EVEN)
    gain = np.linalg.solve(variance, covariance[:, :, :, None])[:, :, :, 0]
    offset = mean - (gain * colour).sum(axis=2)
    return _mean(gain, radius), _mean(offset, radius)


def guided(gain: Floats, offset: Floats, colours: Floats) -> Floats:
    """The mask of colours (h, w, 3), given coefficients of the same size; (h, w), 0..1."""
    mask = np.clip((gain * colours).sum(axis=2) + offset, 0.0, 1.0)
    return np.asarray(mask, np.float32)


def _mean(values: NDArray[Any], radius: int) -> Floats:
    side = 2 * radius + 1
    mean = cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT)
    return np.asarray(mean, np.float32)
