"""Where a picture can be seen: transparent pixels have colours that nobody sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image
from editor.model.rect import Rect


def opacity(image: Image) -> NDArray[np.float32] | None:
    """Opacity 0..1 of each pixel, (H, W), the largest being 1; None where nothing is transparent.

    A picture that is faint everywhere counts as a whole one, so the largest is scaled to 1; one
    that is wholly transparent has no figure that could be better than that of all its pixels.
    """
    if not image.has_alpha:
        return None
    alpha = image.array()[:, :, -1]
    top = int(alpha.max())
    if top == 0 or int(alpha.min()) == top:
        return None
    return np.asarray(alpha, np.float32) / np.float32(top)


def visible_coverage(image: Image, coverage: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
    """Coverage times opacity, (H, W); None for everywhere."""
    seen = opacity(image)
    if seen is None:
        return coverage
    whole = 255.0 if coverage is None else coverage
    return np.asarray(np.rint(seen * whole), np.uint8)


def visible_bounds(image: Image) -> Rect:
    """The smallest rectangle with all pixels at least half as opaque as the most opaque one."""
    seen = opacity(image)
    if seen is None:
        return image.bounds
    ys, xs = (np.flatnonzero((seen >= 0.5).any(axis=axis)) for axis in (1, 0))
    left, top = int(xs[0]), int(ys[0])
    return Rect(left, top, int(xs[-1]) + 1 - left, int(ys[-1]) + 1 - top)
