"""Which candidates of one edit are almost the same picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image
from inference.vision.clip.similarity import Features

SAME_PIXELS: Final = 0.02
"""Mean difference (of 1) of two candidates where either changed the source, at most."""

SAME_TO_CLIP: Final = 0.01
"""CLIP distance (one minus cosine) of two candidates, at most."""

_CHANGED: Final = 4 / 255
"""Difference from which a pixel changed."""


def almost_same(
    source: Image, candidates: Sequence[Image], features: Features | None
) -> list[tuple[int, ...]]:
    """For each candidate the earlier ones that it repeats.

    Two are almost the same if they differ little where either of them changed the source, in
    pixels and, where a CLIP model knows such pictures, to CLIP. Elsewhere both are the source.

    Args:
        source: reduced for measuring.
        candidates: of the same edit, in request order; those of another size repeat nothing.
        features: (N, D) unit CLIP features of the candidates, None without them.
    """
    shown = [_colours(image) for image in (source, *candidates)]
    before, after = shown[0], shown[1:]
    changed = [
        np.abs(one - before).max(axis=2) > _CHANGED if one.shape == before.shape else None
        for one in after
    ]
    found: list[tuple[int, ...]] = []
    for i, picture in enumerate(after):
        twins = []
        for j in range(i):
            first, second = changed[i], changed[j]
            if first is None or second is None:
                continue
            if features is not None and 1.0 - float(features[i] @ features[j]) > SAME_TO_CLIP:
                continue
            region = first | second
            if not region.any() or float(np.abs(picture - after[j])[region].mean()) <= SAME_PIXELS:
                twins.append(j)
        found.append(tuple(twins))
    return found


def _colours(image: Image) -> NDArray[np.float32]:
    """(h, w, 3) float32 0..1; grey as three equal channels."""
    pixels = image.array()[:, :, : image.colour_channels].astype(np.float32) / image.maximum
    return np.asarray(pixels if pixels.shape[2] == 3 else pixels.repeat(3, axis=2), np.float32)
