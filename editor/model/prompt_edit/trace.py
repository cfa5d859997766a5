"""How far a suggested edit leads along a trace of edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RemainingEdits:
    """How far along a trace a picture is.

    Attributes:
        most_similar: index of the most similar picture of the trace, the first of equals.
        similarity: to that picture, −1..1.
        percent: edits that remain from there to the end, 0..100 (RNE).
    """

    most_similar: int
    similarity: float
    percent: float

    @property
    def reduction(self) -> float:
        """Percentage of the edits that are saved."""
        return 100.0 - self.percent


def remaining_edits(similarities: Sequence[float]) -> RemainingEdits:
    """MS = argmax over 0 ≤ j ≤ N of the similarities, RNE = 100·(N − MS)/N.

    Args:
        similarities: of one picture to the pictures i₀ … i_N of a trace, oldest first.

    Raises:
        ValueError: a trace has at least one edit.
    """
    edits = len(similarities) - 1
    if edits < 1:
        raise ValueError("a trace has at least one edit")
    best = max(range(edits + 1), key=lambda j: (similarities[j], -j))
    return RemainingEdits(best, similarities[best], 100.0 * (edits - best) / edits)
