"""A recolour as a movement of colours, so that the source's own edges and texture stay.

A small model paints a thing in another colour and softens it. What it did to the colours is enough:
the changed area's colours are put into clusters in Oklab (Ottosson 2020), each cluster moves by the
median change of its pixels, and the movement is applied to the source's pixels at full size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.patch import SettingValues
from editor.render.color import LMS_TO_OKLAB, SRGB, Floats

PALETTE_SHIFT: Final = "palette_shift"
"""Parameter of a patch whose pixels are the share of the movement, 0..1 in every channel."""

_CLUSTERS: Final = 16
_SAMPLES: Final = 20_000
_SPREAD: Final = 0.03
"""Oklab distance over which a colour between two clusters takes part in both movements."""
_SAME_COLOUR: Final = 0.06
_AROUND: Final = 0.5
"""A cluster that has half as many pixels around the area as in it is background, and stays."""
_SEED: Final = 0


@dataclass(frozen=True)
class PaletteShift:
    """Colours and where they go, both (k, 3) float32 Oklab; a movement of 0 keeps the colour."""

    colours: Floats
    movements: Floats

    @property
    def settings(self) -> SettingValues:
        """As a patch's parameter: the numbers of all clusters, colour and movement in turn."""
        numbers = np.concatenate([self.colours, self.movements], axis=1).ravel()
        return ((PALETTE_SHIFT, tuple(round(float(value), 5) for value in numbers)),)

    @classmethod
    def of(cls, parameters: SettingValues) -> PaletteShift | None:
        """The movement that a patch's parameters hold, if they do.

        Raises:
            ValueError: there are other numbers than `settings` writes, as in a damaged document.
        """
        numbers = dict(parameters).get(PALETTE_SHIFT)
        if numbers is None:
            return None
        if not isinstance(numbers, tuple) or not 6 <= len(numbers) <= 6 * _CLUSTERS:
            raise ValueError("no movement of colours")
        rows = np.asarray(numbers, np.float32).reshape(-1, 6)
        if not np.isfinite(rows).all():
            raise ValueError("no movement of colours")
        return cls(np.ascontiguousarray(rows[:, :3]), np.ascontiguousarray(rows[:, 3:]))

    def apply(self, source: Floats, share: Floats) -> Floats:
        """``source`` (h, w, 3) sRGB 0..1 with its colours moved by ``share`` (h, w, 1) 0..1."""
        lab = SRGB.to_oklab(source)
        out = source.copy()
        acts = share[:, :, 0] > 0
        if acts.any():
            moved = lab[acts] + self._movement(lab[acts]) * share[acts]
            out[acts] = _encoded(moved)
        return out

    def _movement(self, lab: Floats) -> Floats:
        """Where colours (n, 3) go: the movements of near clusters, weighted by their distance."""
        distance = _squared_distances(lab, self.colours)
        nearest = distance.min(axis=1, keepdims=True)
        weights = np.exp((nearest - distance) / np.float32(2 * _SPREAD**2))
        weights /= weights.sum(axis=1, keepdims=True)
        # Not a matrix product: with so few columns BLAS' threads cost more than they bring.
        return np.asarray(np.einsum("nk,kc->nc", weights, self.movements), np.float32)


def find_palette_shift(
    source: Floats, before: Floats, after: Floats, area: NDArray[np.bool_]
) -> PaletteShift | None:
    """How colours moved, or None where the change is too little to say.

    Args:
        source: the picture, (H, W, 3) sRGB 0..1, n times the size of the others.
        before: what the model saw, (h, w, 3) sRGB 0..1.
        after: what it made, of the same shape and range.
        area: (h, w), see `changed_area`.
    """
    size = source.shape[1], source.shape[0]
    inside = _enlarged(area, size)
    near = area.shape[0] // 16
    ring = _enlarged(_grown(area, near), size) & ~_enlarged(_grown(area, 1), size)
    lab = SRGB.to_oklab(source)
    change = SRGB.to_oklab(np.clip(after, 0, 1)) - SRGB.to_oklab(np.clip(before, 0, 1))
    change = cv2.resize(change, size, interpolation=cv2.INTER_CUBIC)
    every = max(1, int(inside.sum()) // _SAMPLES)
    colours, changes = lab[inside][::every], change[inside][::every]
    if len(colours) < _CLUSTERS:
        return None
    cv2.setRNGSeed(_SEED)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 1e-4)
    flags = cv2.KMEANS_PP_CENTERS
    _, labels, centres = cv2.kmeans(
        np.ascontiguousarray(colours),
        _CLUSTERS,
        None,
        stop,
        2,
        flags,
    )
    belongs = labels[:, 0]
    around = lab[ring][::every]
    distance = _squared_distances(around, centres)
    alike = distance.min(axis=1) < _SAME_COLOUR**2 if len(around) else np.zeros(0, np.bool_)
    beside = np.bincount(distance[alike].argmin(axis=1), minlength=_CLUSTERS)
    count = np.bincount(belongs, minlength=_CLUSTERS)
    movements = np.zeros_like(centres)
    for cluster in range(_CLUSTERS):
        if count[cluster] and beside[cluster] <= _AROUND * count[cluster]:
            movements[cluster] = np.median(changes[belongs == cluster], axis=0)
    return PaletteShift(centres, movements) if movements.any() else None


def explained(before: Floats, after: Floats, area: NDArray[np.bool_]) -> float:
    """Share of an edit inside ``area`` that movements of colours account for, at most 1."""
    lab = SRGB.to_oklab(np.clip(before, 0, 1))
    change = (SRGB.to_oklab(np.clip(after, 0, 1)) - lab)[area]
    shift = find_palette_shift(np.clip(before, 0, 1), before, after, area)
    if shift is None:
        return 0.0
    left = np.abs(change - shift._movement(lab[area])).sum()
    return float(1 - left / max(1e-6, float(np.abs(change).sum())))


def _squared_distances(colours: Floats, centres: Floats) -> Floats:
    """(n, k) of colours (n, 3) and centres (k, 3)."""
    planes = np.ascontiguousarray(colours.T)
    distances = np.empty((len(colours), len(centres)), np.float32)
    for cluster, (lightness, a, b) in enumerate(centres):
        far = (planes[0] - lightness) ** 2
        far += (planes[1] - a) ** 2
        far += (planes[2] - b) ** 2
        distances[:, cluster] = far
    return distances


def _enlarged(area: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    large = cv2.resize(area.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large > 0.5)


def _grown(area: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    return np.asarray(cv2.dilate(area.astype(np.uint8), kernel) > 0)


@cache
def _to_linear() -> tuple[Floats, Floats]:
    """Oklab to roots of cone responses, and cone responses to linear sRGB; both (3, 3)."""
    roots = np.linalg.inv(LMS_TO_OKLAB).astype(np.float32)
    return roots, np.linalg.inv(SRGB.rgb_to_lms).astype(np.float32)


def _encoded(lab: Floats) -> Floats:
    """(n, 3) Oklab to sRGB 0..1, clipped to its gamut."""
    roots, linear = _to_linear()
    responses = cv2.transform(lab[None], roots)
    encoded: Floats = SRGB.from_linear(cv2.transform(responses * responses * responses, linear))[0]
    return encoded
