"""Ranking of candidates by CLIP as evaluators use it; small, so that another ranking can take over.

Scores are those of InstructPix2Pix' data filter (Brooks et al. 2023, section 3.1.2): cosines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from torch import Tensor

from editor.model.image import Pixels
from editor.model.score import Score
from editor.ranking.rank import rank
from inference.vision.clip.calibration import Calibration
from inference.vision.clip.similarity import similarities


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
        text: of both captions, where it is known.
    """

    direction: float
    image: float
    target: float
    caption: float
    text: float | None = None


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
    pictures = clip.embed_images(np.concatenate([source[None], candidates])).numpy()
    read = clip.embed_texts([before, after]).numpy()
    found = similarities(pictures[0], pictures[1:], read[0], [read[1]] * len(candidates))
    return [
        ClipScores(one.direction or 0.0, one.image, one.target or 0.0, one.source or 0.0, one.text)
        for one in found
    ]


def order(scores: Sequence[ClipScores], calibration: Calibration | None = None) -> list[int]:
    """The program's own ranking (`editor.ranking.rank.rank`): those that pass every gate first.

    Args:
        scores: of one source.
        calibration: of the CLIP model that made them; None holds them to the paper's gates.
    """
    listed = [
        Score(
            str(i),
            direction=one.direction,
            image=one.image,
            source=one.caption,
            target=one.target,
            gates=calibration.gates(one.text, one.caption) if calibration is not None else None,
        )
        for i, one in enumerate(scores)
    ]
    return [int(place.key) for place in rank(listed).places]


@dataclass(frozen=True)
class ClipRanker:
    """The program's ranking by the CLIP model behind ``clip``."""

    clip: Any

    def __call__(
        self, source: Pixels, candidates: Pixels, before: str, after: str
    ) -> Sequence[int]:
        """See `Ranker`."""
        scores = clip_scores(self.clip, source, candidates, before, after)
        return order(scores, getattr(self.clip, "calibration", None))
