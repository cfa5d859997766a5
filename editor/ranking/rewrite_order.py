"""The order of rewritten prompts: what pleases most first, behind the gate of content integrity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

PREFERENCE_SHARE: Final = 0.7
"""α of BeautifulPrompt's reward (Cao et al. 2023): preference 0.7, beauty 0.3."""


@dataclass(frozen=True)
class RewriteFigures:
    """What the place of a rewritten prompt follows from.

    Attributes:
        integrity: content integrity of the prompt, 0..1.
        aesthetic, preference: of its picture, as in `editor.model.score.Score`; None before there
            is one, or where no model rates it.
    """

    integrity: float
    aesthetic: float | None = None
    preference: float | None = None


def rewrite_order(figures: Sequence[RewriteFigures], threshold: float) -> tuple[int, ...]:
    """Places of the prompts, best first.

    Those that pass the gate come first, by (1 − α) · z(aesthetic) + α · z(preference) over all
    prompts; then the others, the most whole first. Equal ones stay as they are.

    Args:
        figures: in any order.
        threshold: τ, the least content integrity that passes.
    """
    beauty = standing([one.aesthetic for one in figures])
    liking = standing([one.preference for one in figures])
    keys = []
    for place, one in enumerate(figures):
        pleasing = (1 - PREFERENCE_SHARE) * beauty[place] + PREFERENCE_SHARE * liking[place]
        passes = one.integrity >= threshold
        keys.append((not passes, -pleasing if passes else -one.integrity, place))
    return tuple(place for *_, place in sorted(keys))


def standing(values: Sequence[float | None]) -> list[float]:
    """z-scores of the values that are known; 0, the middle, for the others and without a spread."""
    known = [value for value in values if value is not None]
    spread = pstdev(known) if known else 0.0
    if not spread:
        return [0.0] * len(values)
    middle = fmean(known)
    return [0.0 if value is None else (value - middle) / spread for value in values]
