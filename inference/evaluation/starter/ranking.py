"""Ranking of candidates by CLIP as evaluators use it; small, so that another ranking can take over.

Scores are those of InstructPix2Pix' data filter (systems.md 5.3, 5.7): cosines of unit features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from inference.evaluation.starter.figures import Pixels


class Embedder(Protocol):
    """CLIP behind two calls."""

    def embed_images(self, pixels: Pixels) -> Tensor:
        """(N, H, W, 3) uint8 to unit features (N, D)."""

    def embed_texts(self, texts: list[str]) -> Tensor:
        """Texts to unit features (N, D)."""


@dataclass(frozen=True)
class ClipScores:
    """Cosines, −1..1.

    Attributes:
        direction: of the change in pictures with the change in captions.
        image: of the two pictures.
        target: of the candidate with the caption after.
        caption: of the source with the caption before.
    """

    direction: float
    image: float
    target: float
    caption: float


@dataclass(frozen=True)
class Gates:
    """What a candidate must reach to be ranked before those that do not (inclusive)."""

    direction: float = 0.2
    image: float = 0.7
    target: float = 0.2

    def passed(self, scores: ClipScores) -> bool:
        """Whether every gate is passed."""
        return (
            scores.direction >= self.direction
            and scores.image >= self.image
            and scores.target >= self.target
        )


class Ranker(Protocol):
    """Orders candidates for one edit, best first."""

    def __call__(
        self, source: Pixels, candidates: Pixels, before: str, after: str
    ) -> Sequence[int]:
        """Indices of ``candidates`` (N, H, W, 3), best first."""


def clip_scores(
    clip: Embedder, source: Pixels, candidates: Pixels, before: str, after: str
) -> list[ClipScores]:
    """The four cosines of every candidate.

    Args:
        clip: the embedder.
        source: (H, W, 3) uint8.
        candidates: (N, H, W, 3) uint8.
        before: caption of the source.
        after: caption of what is wanted.

    Returns:
        N scores; a candidate equal to the source has direction 0.
    """
    seen = clip.embed_images(np.concatenate([source[None], candidates]))
    read = clip.embed_texts([before, after])
    moved, wanted = seen[1:] - seen[:1], (read[1] - read[0])[None]
    direction = torch.nn.functional.cosine_similarity(moved, wanted.expand_as(moved))
    image, target = seen[1:] @ seen[0], seen[1:] @ read[1]
    caption = float(seen[0] @ read[0])
    return [
        ClipScores(float(d), float(i), float(t), caption)
        for d, i, t in zip(direction, image, target, strict=True)
    ]


def order(scores: Sequence[ClipScores], gates: Gates | None = None) -> list[int]:
    """Those that pass every gate first, then by direction; ties keep their order."""
    gates = Gates() if gates is None else gates
    return sorted(
        range(len(scores)), key=lambda i: (not gates.passed(scores[i]), -scores[i].direction)
    )


@dataclass(frozen=True)
class ClipRanker:
    """Gates, then direction."""

    clip: Any
    gates: Gates = Gates()

    def __call__(
        self, source: Pixels, candidates: Pixels, before: str, after: str
    ) -> Sequence[int]:
        """See `Ranker`."""
        return order(clip_scores(self.clip, source, candidates, before, after), self.gates)
