from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image
from editor.render.color import ColorSpace, Floats


def border_step(picture: Image, drawn: NDArray[np.bool_]) -> float | None:
    """How much of a step a picture has where a drawn part of it ends, in CIELAB units (ΔE 1976).

    The mean difference of neighbours on both sides of the border, less that of the neighbours
    beside them, so that a picture full of detail is no seam. From about 2 it is seen.

    Args:
        picture: the result.
        drawn: (h, w), what was drawn anew.

    Returns:
        0 where the border does not show; None where there is no border, or nothing beside it.
    """
    pixels = picture.array()[:, :, : picture.colour_channels]
    lab = ColorSpace.of(picture).to_lab(pixels.astype(np.float32) / np.float32(picture.maximum))
    steps = [
        part
        for values, inside in ((lab, drawn), (lab.swapaxes(0, 1), drawn.T))
        for part in _excess(values, inside)
    ]
    return max(0.0, float(np.mean(np.concatenate(steps)))) if steps else None


def _excess(lab: Floats, drawn: NDArray[np.bool_]) -> list[Floats]:
    """Of each border between columns, its step less the mean of the steps on both sides of it."""
    if lab.shape[1] < 4:
        return []
    step = np.linalg.norm(np.diff(lab, axis=1), axis=2)
    border = drawn[:, 1:] != drawn[:, :-1]
    rows, columns = np.nonzero(border[:, 1:-1])
    if not len(rows):
        return []
    beside = (step[rows, columns] + step[rows, columns + 2]) / 2
    return [np.asarray(step[rows, columns + 1] - beside, np.float32)]
