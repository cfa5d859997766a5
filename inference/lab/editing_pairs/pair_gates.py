"""Which pairs are kept: CLIP's gates, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from editor.model.score import Gates
from inference.lab.editing_pairs.pair_sampler import DrawnPair
from inference.vision.clip.similarity import Similarity

PUBLISHED: Final = Gates()
"""Pictures alike ≥ 0.7, direction ≥ 0.2, each picture with its caption ≥ 0.2, by ViT-L/14."""


@dataclass(frozen=True)
class MeasuredPair:
    """A pair with what CLIP says of it.

    Attributes:
        pair: the pictures.
        found: source and target are those of the pair, with their captions.
    """

    pair: DrawnPair
    found: Similarity

    @property
    def direction(self) -> float:
        """CLIP's direction; 0 where it has none."""
        return self.found.direction or 0.0

    def passes(self, gates: Gates) -> bool:
        """Whether every figure reaches its gate; equal is enough."""
        found = self.found
        return (
            found.source is not None
            and found.target is not None
            and gates.image <= found.image <= gates.most
            and self.direction >= gates.direction
            and min(found.source, found.target) >= gates.caption
        )

    def to_json(self) -> dict[str, Any]:
        """A line of ``metadata.jsonl``, with the published keys."""
        return {
            "seed": self.pair.seed,
            "p2p_threshold": self.pair.share,
            "cfg_scale": self.pair.guidance,
            "clip_sim_0": self.found.source,
            "clip_sim_1": self.found.target,
            "clip_sim_dir": self.direction,
            "clip_sim_image": self.found.image,
        }


def best_pairs(pairs: Sequence[MeasuredPair], gates: Gates, most: int) -> list[MeasuredPair]:
    """Those that pass, by direction from the highest, at most so many."""
    passing = [one for one in pairs if one.passes(gates)]
    passing.sort(key=lambda one: (one.direction, one.pair.seed), reverse=True)
    return passing[:most]
