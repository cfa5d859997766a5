"""Where an edit of a part changed a picture, so that everything else keeps its bytes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label

from editor.render.color import Floats

STRONG: Final = 40 / 255
"""A change as large as this is meant; a model's noise is not."""
WEAK: Final = 18 / 255
"""What is connected to a strong change belongs to it down to this."""
GROWTH: Final = 2
"""Work pixels around the change that belong to it: an autoencoder's edges are soft."""

_LARGEST_PART: Final = 0.45
_MOST_NOISE: Final = 6 / 255


def changed_area(before: Floats, after: Floats) -> NDArray[np.bool_] | None:
    """What an edit of a part changed, (h, w); None where the whole picture changed or nothing did.

    Hysteresis as in Canny's edge detector (1986, section V): weak changes count where they touch
    a strong one. An edit is one of a part if that area is less than 45 % of the picture and the
    mean change elsewhere is no more than a small model's noise.

    Args:
        before: the source, (h, w, 3) sRGB 0..1 at work size, through the model's autoencoder.
        after: the edit, of the same shape and range.
    """
    change = np.abs(after - before).max(axis=2)
    parts, _ = label(change > WEAK, np.ones((3, 3)))
    strong = np.unique(parts[change > STRONG])
    area = np.isin(parts, strong[strong > 0])
    if not area.any():
        return None
    side = 2 * GROWTH + 1
    area = binary_dilation(area, np.ones((side, side), np.bool_))
    if area.mean() >= _LARGEST_PART or change[~area].mean() >= _MOST_NOISE:
        return None
    found: NDArray[np.bool_] = area
    return found
