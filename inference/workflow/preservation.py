"""How much of the picture is kept where an edit has nothing to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.fidelity import WINDOW, psnr, ssim
from editor.render.composite import moves_pixels
from inference.request.edit_region import EditRegion
from inference.workflow.change import colours

_LEAST: Final = 0.02
"""Share of the picture: what is left of less says nothing."""


def with_preservation(
    score: Score, before: Image, after: Image, outside: NDArray[np.bool_] | None
) -> Score:
    """The score with SSIM and PSNR outside of where the edit belongs.

    Args:
        score: of a candidate.
        before: the picture, at some mip level.
        after: the result at that level.
        outside: (height, width) bool, see `outside_of`; None leaves the score as it is.
    """
    if outside is None or (before.width, before.height) != (after.width, after.height):
        return score
    first, second = (_eight_bit(image) for image in (before, after))
    if first.shape != second.shape:
        return score
    # The window of SSIM is not to see what changed inside.
    window = np.ones((WINDOW, WINDOW), np.uint8)
    clear = np.asarray(cv2.erode(outside.astype(np.uint8), window) > 0)
    return replace(
        score,
        outside_psnr=round(psnr(first, second, outside), 2),
        outside_ssim=round(ssim(first, second, clear), 4) if clear.any() else None,
    )


def outside_of(
    patch: Patch,
    image: Image,
    scale: float,
    selection: Selection | None,
    region: EditRegion | None,
) -> NDArray[np.bool_] | None:
    """Where a result should be as its source is.

    Outside the selection where there is one, else outside the region that the attention maps of the
    method point to. None where neither is known, where pixels move, and where almost nothing is
    outside.

    Args:
        patch: of the candidate.
        image: the source at some mip level.
        scale: its pixels per pixel of the source.
        selection: at that level, None for everywhere.
        region: where the words belong, None where the method knows of none.
    """
    if moves_pixels(patch):
        return None
    if selection is not None:
        inside = selection.array() > 0
        if dict(patch.parameters).get("invert_selection"):
            inside = selection.array() < 255
    elif region is not None:
        inside = region.at(image.width, image.height, scale)
    else:
        return None
    outside = np.asarray(~inside)
    return outside if outside.mean() >= _LEAST else None


def _eight_bit(image: Image) -> NDArray[np.float32]:
    """The colour samples on the scale of 8 bit, (H, W, 1 or 3)."""
    samples = colours(image).astype(np.float32)
    return samples if image.maximum == 255 else samples * np.float32(255 / image.maximum)
