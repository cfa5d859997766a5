"""Positions of things, drawn from the layout seed alone, so that edits keep everything in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

_SPOTS: Final = tuple(
    (float(a), float(b), float(c)) for a, b, c in np.random.default_rng(5).random((64, 3))
)


@dataclass(frozen=True)
class SceneLayout:
    """Positions in the unit square (x right, y down) and phases for curves.

    Attributes:
        side: +1 when second object, sun and moon are on the right, -1 when on the left.
        subject_x, base_y: foot of the subject; jitter: its height factor.
        second_x, second_y: foot of the second object.
        hills: (8,) phases in 0..2π for hill lines and waves.
        clouds: (x, y, size) of three clouds.
        spots: (64, 3) float in 0..1, for flowers, drops, flakes, stars, leaves; the same in every
            layout, because where a flake falls says nothing and yet takes most of the bits of a
            small picture.
        flip: whether things that face somewhere face left.
    """

    side: int
    subject_x: float
    base_y: float
    jitter: float
    second_x: float
    second_y: float
    horizon: float
    hills: tuple[float, ...]
    clouds: tuple[tuple[float, float, float], ...]
    spots: tuple[tuple[float, float, float], ...]
    flip: bool


def layout(seed: int) -> SceneLayout:
    """The layout of a seed; the order of draws is part of the world and must not change."""
    rng = np.random.default_rng(seed)
    side = 1 if rng.random() < 0.5 else -1

    def mirrored(x: float) -> float:
        return x if side > 0 else 1.0 - x

    subject_x = mirrored(0.41 + float(rng.uniform(-0.02, 0.02)))
    base_y = 0.775 + float(rng.uniform(-0.015, 0.015))
    jitter = float(rng.uniform(0.96, 1.04))
    second_x = mirrored(0.845 + float(rng.uniform(-0.015, 0.015)))
    second_y = 0.835 + float(rng.uniform(-0.01, 0.01))
    horizon = 0.6 + float(rng.uniform(-0.02, 0.02))
    hills = tuple(float(v) for v in rng.uniform(0, 2 * np.pi, 8))
    clouds = tuple(
        (
            mirrored(x + float(rng.uniform(-0.04, 0.04))),
            y + float(rng.uniform(-0.02, 0.02)),
            size * float(rng.uniform(0.9, 1.1)),
        )
        for x, y, size in ((0.17, 0.15, 0.25), (0.5, 0.1, 0.2), (0.88, 0.34, 0.2))
    )
    flip = bool(rng.random() < 0.5)
    return SceneLayout(
        side,
        subject_x,
        base_y,
        jitter,
        second_x,
        second_y,
        horizon,
        hills,
        clouds,
        _SPOTS,
        flip,
    )
