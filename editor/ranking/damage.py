"""Damage that an edit did: edges that became soft, and seams.

Both are measured at a fixed work size on what changed, so that the figure of a picture does not
depend on its resolution, and only against the source, so that nothing needs to know the right
result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Pixels
from editor.ranking.seams import seams
from editor.render.color import ColorSpace, Floats

_Mask = NDArray[np.bool_]

WORK_PIXELS: Final = 384 * 384
"""Pixels on which damage is measured; larger pictures are averaged down to it."""

_FINE: Final = 0.5
_COARSE: Final = 2.5
"""Scales of the two gradients in work pixels (standard deviations of Gaussians)."""

_NEIGHBOURHOOD: Final = 9
"""Side of the square in which the strongest gradients are compared, in work pixels."""

_EDGE: Final = 0.6
_STRONGEST: Final = 6.0
"""Coarse gradient from which there is an edge, and beyond which it counts no more; CIELAB units
a work pixel."""

_RIDGE: Final = 0.5
"""Share of its neighbourhood's strongest gradient from which a pixel is on an edge."""

_LEAST_CRISPNESS: Final = 0.2
"""A source without crisp edges asks for none; below this the quotient would be noise."""

_KEPT: Final = 0.75
_LOST: Final = 0.25
"""Share of the expected crispness at which nothing is lost, and at which all is."""

_CHANGED: Final = 2.0
"""CIELAB difference from which a pixel changed."""

_PLACE: Final = 1 / 16
"""Size of a place whose edges are seen together (standard deviation, share of the side)."""

_FEW_EDGES: Final = 0.5
"""Share of the source's usual density of edges; places with fewer count in proportion."""

_WORST: Final = 0.1
"""Share of what changed that is looked at: the places where most is lost."""


@dataclass(frozen=True)
class _Edges:
    """Edges of one picture at work size, (h, w) each.

    Attributes:
        lab: (h, w, 3) CIELAB.
        weight: how strong an edge is there; 0 where there is none.
        near: the strongest coarse gradient in the neighbourhood.
        crispness: 0 for an edge wider than both scales, about 1.9 for an ideal step.
    """

    lab: Floats
    weight: Floats
    near: Floats
    crispness: Floats

    @classmethod
    def of(cls, pixels: Pixels, space: ColorSpace) -> _Edges:
        lab = np.ascontiguousarray(space.to_lab(_at_work_size(pixels)), np.float32)
        square = np.ones((_NEIGHBOURHOOD, _NEIGHBOURHOOD), np.uint8)
        coarse = _gradient(lab, _COARSE)
        fine, near = cv2.dilate(_gradient(lab, _FINE), square), cv2.dilate(coarse, square)
        ridge = (coarse >= _EDGE) & (coarse >= _RIDGE * near)
        weight = np.where(ridge, np.minimum(coarse, _STRONGEST), 0.0)
        crispness = fine / np.maximum(near, 1e-6) - 1.0
        return cls(
            lab,
            np.asarray(weight, np.float32),
            np.asarray(near, np.float32),
            np.asarray(crispness, np.float32),
        )

    def usual_crispness(self) -> float:
        """The crispness that half of the edges, by strength, have."""
        on_edge = self.weight > 0
        if not on_edge.any():
            return _LEAST_CRISPNESS
        order = np.argsort(self.crispness[on_edge])
        total = np.cumsum(self.weight[on_edge][order])
        middle = int(np.searchsorted(total, total[-1] / 2))
        return float(self.crispness[on_edge][order][middle])


class DamageReference:
    """The source's side of several measurements. Belongs to one picture."""

    def __init__(self) -> None:
        self._made: _Edges | None = None

    def of(self, before: Pixels, space: ColorSpace) -> _Edges:
        """The edges of the source."""
        if self._made is None:
            self._made = _Edges.of(before, space)
        return self._made


def damage(
    before: Pixels,
    after: Pixels,
    space_before: ColorSpace,
    space_after: ColorSpace,
    *,
    coverage: NDArray[np.uint8] | None = None,
    reference: DamageReference | None = None,
) -> float | None:
    """How much an edit softened the edges of what it changed, or left seams; 0 (sound) to 1.

    The width of an edge follows from the quotient of its gradients at two scales, whatever its
    contrast (Zhuo & Sim 2011, "Defocus map estimation from a single image", eq. 4 to 6): an edge
    in fog is as crisp as one in the sun. Expected of each edge of the result is the crispness that
    the source has there, and where the source has no edge, or a crisper one than usual, the median
    of all its edges. What is missing is averaged over places of 1/16 of the side, and the mean of
    the worst tenth of what changed is the damage. So a melted roof counts in a large picture, and
    blur that the source has itself does not. A seam (`editor.ranking.seams`) counts if it is worse.

    Args:
        before: (h, w, c) encoded samples of the source, `uint8`, `uint16` or float 0..1, c = 1 or
            3 (alpha left out).
        after: the same of the result.
        space_before: colour space of `before`.
        space_after: colour space of `after`.
        coverage: (h, w) `uint8`, the selection; its own border is no seam. None for everywhere.
        reference: keeps what only depends on `before`, for the other results of a picture.

    Returns:
        None if the sizes differ (the edit has another geometry), and for pictures of fewer than
        `WORK_PIXELS`: there a crisp edge is as wide as a model's own.
    """
    height, width = before.shape[:2]
    if after.shape[:2] != (height, width) or height * width < WORK_PIXELS:
        return None
    if space_before == space_after and np.array_equal(before, after):
        return 0.0
    source = (reference or DamageReference()).of(before, space_before)
    result = _Edges.of(after, space_after)
    difference = result.lab - source.lab
    changed = np.abs(difference).max(axis=2) > _CHANGED
    if not changed.any():
        return 0.0
    border = _border(coverage, changed.shape)
    return max(_softness(source, result, changed), seams(source.lab, difference, border))


def _softness(source: _Edges, result: _Edges, changed: _Mask) -> float:
    changed = cv2.dilate(changed.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    usual = source.usual_crispness()
    here = np.where(source.near >= _EDGE, np.minimum(source.crispness, usual), usual)
    share = result.crispness / np.maximum(here, _LEAST_CRISPNESS)
    lost = np.clip((_KEPT - share) / (_KEPT - _LOST), 0.0, 1.0) * (here >= _LEAST_CRISPNESS)
    weight = np.where(changed, result.weight, np.float32(0.0))
    sigma = _PLACE * max(changed.shape)
    few = _FEW_EDGES * float(source.weight.mean()) * _blurred(changed.astype(np.float32), sigma)
    edges = np.maximum(_blurred(weight, sigma), np.maximum(few, 1e-3))
    places = (_blurred((weight * lost).astype(np.float32), sigma) / edges)[changed]
    count = max(1, int(_WORST * places.size))
    worst = np.partition(places, places.size - count)[-count:]
    return float(np.clip(worst.mean(), 0.0, 1.0))


def _at_work_size(pixels: Pixels) -> Pixels:
    """At most `WORK_PIXELS`, averaged; (h, w, c) of the same type."""
    height, width, channels = pixels.shape
    factor = (WORK_PIXELS / (height * width)) ** 0.5
    if factor >= 1.0:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small.reshape(size[1], size[0], channels)


def _gradient(lab: Floats, sigma: float) -> Floats:
    """Magnitude over the three planes of the gradient of a Gaussian's output, (h, w)."""
    smooth = _blurred(lab, sigma)
    across, down = (
        cv2.Sobel(smooth, cv2.CV_32F, dx, dy, ksize=3, scale=1 / 8, borderType=cv2.BORDER_REFLECT)
        for dx, dy in ((1, 0), (0, 1))
    )
    return np.asarray(np.sqrt((across * across + down * down).sum(axis=2)), np.float32)


def _blurred(values: Floats, sigma: float) -> Floats:
    return np.asarray(
        cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32
    )


def _border(coverage: NDArray[np.uint8] | None, shape: tuple[int, ...]) -> _Mask:
    """Where a selection begins and ends, three work pixels wide, (h, w)."""
    if coverage is None:
        return np.zeros(shape, np.bool_)
    small = cv2.resize(coverage, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    square = np.ones((7, 7), np.uint8)
    return np.asarray(cv2.dilate(small, square) != cv2.erode(small, square))
