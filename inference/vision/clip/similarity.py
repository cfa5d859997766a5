from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]

NOTHING = 1e-6
"""Norm below which a difference of two unit features is rounding and has no direction."""


@dataclass(frozen=True)
class Similarity:
    """What CLIP says about one candidate; every figure is a cosine, −1..1.

    Attributes:
        direction: of (candidate − source) in pictures and (after − before) in captions (Gal et al.
            2021, StyleGAN-NADA; InstructPix2Pix's `sim_direction`). 0 by definition where the
            pictures are equal: nothing changed. None where the captions are equal or missing:
            there is no direction.
        image: of source and candidate.
        source: of source and caption before, None without caption.
        target: of candidate and caption after, None without caption.
        text: of both captions; the larger, the smaller the change that was asked for.
    """

    direction: float | None
    image: float
    source: float | None = None
    target: float | None = None
    text: float | None = None


def similarities(
    source: Features,
    candidates: Features,
    source_text: Features | None,
    target_texts: Sequence[Features | None],
) -> list[Similarity]:
    """One `Similarity` per candidate, from unit features.

    Args:
        source: (D,) of the source picture.
        candidates: (N, D).
        source_text: (D,) of the caption before, None if it is not known.
        target_texts: N captions after, (D,) each, None where not known.
    """
    if len(candidates) != len(target_texts):
        raise ValueError(f"{len(candidates)} candidates and {len(target_texts)} captions")
    return [
        _similarity(source, candidate, source_text, target)
        for candidate, target in zip(candidates, target_texts, strict=True)
    ]


def _similarity(
    source: Features, candidate: Features, before: Features | None, after: Features | None
) -> Similarity:
    direction = None
    if before is not None and after is not None:
        direction = _cosine_of_changes(candidate - source, after - before)
    return Similarity(
        direction,
        _dot(source, candidate),
        None if before is None else _dot(source, before),
        None if after is None else _dot(candidate, after),
        None if before is None or after is None else _dot(before, after),
    )


def _cosine_of_changes(picture: Features, text: Features) -> float | None:
    wide, long = float(np.linalg.norm(picture)), float(np.linalg.norm(text))
    if long < NOTHING:
        return None
    if wide < NOTHING:
        return 0.0
    return _dot(picture / np.float32(wide), text / np.float32(long))


def _dot(one: Features, two: Features) -> float:
    return float(np.clip(np.dot(one.astype(np.float64), two.astype(np.float64)), -1.0, 1.0))
