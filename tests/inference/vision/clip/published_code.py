"""What the authors' `ClipSimilarity` was run on (`reference/README.md`): a stand-in for CLIP.

Pictures and texts are formulas, so that nothing of that code is needed to run the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

SIDE, GRID, WIDTH, CONTEXT = 224, 4, 24, 16

TEXTS = (
    ("a red house", "a blue house"),
    ("a lake at noon", "a lake at night"),
    ("a swan", "a boat on the sea"),
    ("a tree in summer", "a tree in autumn, with snow"),
)


def expected() -> dict[str, Any]:
    """What the authors' code gave."""
    with np.load(Path(__file__).parent / "reference" / "clip_similarity.npz") as file:
        return dict(file)


def wave(*shape: int, k: float = 1.0) -> Tensor:
    """Numbers 0..1 in float64 that look drawn, and are the same everywhere."""
    values = np.sin(np.arange(1, int(np.prod(shape)) + 1) * 12.9898 * k) * 43758.5453
    return torch.from_numpy((values - np.floor(values)).reshape(shape))


def pictures(k: float) -> Tensor:
    """(4, 3, 224, 224) 0..1: squares of 7 × 7 colours."""
    coarse = wave(len(TEXTS), 3, 7, 7, k=k).float()
    return functional.interpolate(coarse, (SIDE, SIDE), mode="nearest")


class Network:
    """Features by fixed matrices."""

    def encode_image(self, pictures: Tensor) -> Tensor:
        """(N, 3, 224, 224) as CLIP gets them to (N, 24), not normalised."""
        seen = functional.adaptive_avg_pool2d(pictures.double(), GRID).flatten(1)
        return (seen @ (wave(seen.shape[1], WIDTH, k=7.0) - 0.5)).float()

    def encode_text(self, tokens: Tensor) -> Tensor:
        """(N, 16) token ids to (N, 24), not normalised."""
        counted = functional.one_hot(tokens, 128).double().sum(1)
        return (counted @ (wave(128, WIDTH, k=11.0) - 0.5)).float()


def tokens(texts: Sequence[str]) -> Tensor:
    """(N, 16): character codes, cut and filled with 0."""
    rows = [[ord(c) for c in text[:CONTEXT]] for text in texts]
    return torch.tensor([row + [0] * (CONTEXT - len(row)) for row in rows])
