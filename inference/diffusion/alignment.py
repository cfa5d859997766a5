"""Whether a repainted picture still lies over its source, and its correction where it does not.

Models that draw a whole picture anew sometimes draw it a little aside, larger or smaller. That is
measured where the source was to stay: phase correlation finds shift and scale roughly (Kuglin and
Hines 1975), enhanced correlation exactly (ECC; Evangelidis and Psarakis 2008), both by OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.ranking.misaligned import MOVED_BACK, SCALED, SHIFTED
from editor.render.color import Floats

CORRECTED_BELOW: Final = 0.02
"""Shift as a share of the longer side, or change of scale, up to which a result is moved back."""

NOTICED: Final = 0.0015
"""Smaller ones are left, so that a result that fits keeps its bytes."""

_SIDE: Final = 512
"""Longest side in pixels that is compared."""
_COARSE_SIDE: Final = 256
_SCALES: Final = tuple(np.linspace(0.9, 1.1, 21))
"""Scales that are tried before the exact search."""
_STEPS: Final = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
_SMOOTHING: Final = 5
_LEAST_CORRELATION: Final = 0.5
"""Below it too little of the source is left to say where it lies."""
_LEAST_FIXED: Final = 0.2
"""Share of the picture that must be outside a selection to be compared alone."""
_MOST_SHEAR: Final = 0.02
_BETTER: Final = 0.95
"""What a correction must make of the difference to the source to be taken."""


@dataclass(frozen=True)
class Misalignment:
    """How a result lies over its source.

    Attributes:
        scale: (across, down), above 1 where it is drawn larger.
        shift: (right, down) of its centre, in pixels.
        size: (width, height) of both pictures in pixels.
    """

    scale: tuple[float, float]
    shift: tuple[float, float]
    size: tuple[int, int]

    @property
    def shifted(self) -> float:
        """The shift as a share of the longer side."""
        return float(np.hypot(*self.shift)) / max(self.size)

    @property
    def scaled(self) -> float:
        """The larger change of scale: .05 where it is drawn 5 % larger, −.05 for smaller."""
        return max((one - 1 for one in self.scale), key=abs)

    @property
    def amount(self) -> float:
        """The larger of shift and change of scale."""
        return max(self.shifted, abs(self.scaled))

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(2, 3): from a pixel of the source to the same thing in the result."""
        centre = (np.array(self.size) - 1) / 2
        scale = np.diag(self.scale)
        return np.column_stack([scale, centre + np.array(self.shift) - scale @ centre])


@dataclass(frozen=True)
class Aligned:
    """A result after the comparison with its source.

    Attributes:
        picture: the result: itself where it fits, is too far away or cannot be compared.
        found: how it lay; None where that cannot be said.
    """

    picture: Floats
    found: Misalignment | None = None

    @property
    def facts(self) -> dict[str, float]:
        """What is recorded of it, in percent (`editor.ranking.misaligned`)."""
        found = self.found
        if found is None or found.amount < NOTICED:
            return {}
        if found.amount < CORRECTED_BELOW:
            return {MOVED_BACK: round(100 * found.amount, 2)}
        return {SHIFTED: round(100 * found.shifted, 2), SCALED: round(100 * found.scaled, 2)}


def align(source: Floats, result: Floats, selected: NDArray[np.bool_] | None = None) -> Aligned:
    """Move a result back over its source where it lies a little aside.

    Args:
        source: what the model saw, (h, w, 3) sRGB 0..1.
        result: what it made of it, of the same shape and range.
        selected: (h, w), where the edit may act; None for everywhere.

    Returns:
        The result, moved if its shift and scale are off by less than `CORRECTED_BELOW`; what
        becomes visible at the border is mirrored.
    """
    fixed = np.ones(source.shape[:2], np.uint8)
    if selected is not None and 1 - selected.mean() >= _LEAST_FIXED:
        fixed = np.asarray(~selected, np.uint8)
    found = measure(source, result, fixed)
    if found is None or found.amount < NOTICED:
        return Aligned(result, found)
    moved = _moved(result, found.matrix)
    if _difference(source, moved, fixed) > _BETTER * _difference(source, result, fixed):
        return Aligned(result)
    return Aligned(moved if found.amount < CORRECTED_BELOW else result, found)


def measure(source: Floats, result: Floats, fixed: NDArray[np.uint8]) -> Misalignment | None:
    """How a result lies over its source.

    Args:
        source: (h, w, 3) sRGB 0..1.
        result: of the same shape and range.
        fixed: (h, w), 1 where the source was to stay. What changed there all the same is left out
            of a second pass.

    Returns:
        None where the two have too little in common.
    """
    height, width = source.shape[:2]
    before, after = _outlines(source, _SIDE), _outlines(result, _SIDE)
    small = (before.shape[1], before.shape[0])
    mask = cv2.resize(fixed, small, interpolation=cv2.INTER_NEAREST)
    warp = _coarse(source, result, small)
    try:
        _, warp = cv2.findTransformECC(
            before, after, warp, cv2.MOTION_AFFINE, _STEPS, mask, _SMOOTHING
        )
        kept = mask * _alike(before, _moved(after, warp))
        correlation, warp = cv2.findTransformECC(
            before, after, warp, cv2.MOTION_AFFINE, _STEPS, kept, _SMOOTHING
        )
    except cv2.error:  # it does not converge
        return None
    shear = max(abs(float(warp[0, 1])), abs(float(warp[1, 0])))
    if correlation < _LEAST_CORRELATION or shear > _MOST_SHEAR:
        return None
    centre = (np.array(small) - 1) / 2
    ratio = np.array([width, height]) / np.array(small)
    right, down = (warp[:, :2] @ centre + warp[:, 2] - centre) * ratio
    scale = (float(warp[0, 0]), float(warp[1, 1]))
    return Misalignment(scale, (float(right), float(down)), (width, height))


def _coarse(source: Floats, result: Floats, size: tuple[int, int]) -> NDArray[np.float32]:
    """The best of some scales with its shift, as a (2, 3) matrix for pictures of a size."""
    before, after = _outlines(source, _COARSE_SIDE), _outlines(result, _COARSE_SIDE)
    height, width = before.shape
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    found = []
    for scale in _SCALES:
        matrix = Misalignment((scale, scale), (0.0, 0.0), (width, height)).matrix
        shift, response = cv2.phaseCorrelate(before, _moved(after, matrix), window)
        found.append((response, scale, shift))
    _, scale, (right, down) = max(found)
    times = size[0] / width
    shift = (right * scale * times, down * scale * times)
    return Misalignment((scale, scale), shift, size).matrix.astype(np.float32)


def _outlines(picture: Floats, side: int) -> NDArray[np.float32]:
    """(h, w) luma without light and contrast of its surroundings, the longer side at most `side`.

    Edits of light and weather leave it nearly the same.
    """
    height, width = picture.shape[:2]
    ratio = min(1.0, side / max(height, width))
    luma = np.asarray(picture @ np.array([0.299, 0.587, 0.114]), np.float32)
    if ratio < 1.0:
        small = (max(1, round(width * ratio)), max(1, round(height * ratio)))
        luma = cv2.resize(luma, small, interpolation=cv2.INTER_AREA)
    radius = max(luma.shape) / 32
    apart = luma - cv2.GaussianBlur(luma, (0, 0), radius)
    contrast = np.sqrt(cv2.GaussianBlur(apart * apart, (0, 0), radius))
    return np.asarray(apart / (contrast + 0.02), np.float32)


def _alike(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.uint8]:
    """1 where two pictures of outlines differ no more than at three quarters of all pixels."""
    apart = cv2.GaussianBlur(np.abs(before - after), (0, 0), max(before.shape) / 64)
    return np.asarray(apart <= np.quantile(apart, 0.75), np.uint8)


def _moved(picture: Floats, matrix: NDArray[np.float64]) -> Floats:
    """A picture moved back: `matrix` says where each of its new pixels lies now."""
    height, width = picture.shape[:2]
    flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(
        picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(moved, np.float32)


def _difference(source: Floats, result: Floats, fixed: NDArray[np.uint8]) -> float:
    """How far the outlines of two pictures are apart where the source was to stay."""
    before, after = _outlines(source, _SIDE), _outlines(result, _SIDE)
    mask = cv2.resize(fixed, before.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    return float(np.abs(before - after)[mask].mean())
