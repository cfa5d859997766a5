from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from editor.patch import Settings


@dataclass(frozen=True)
class Score:
    """Figures about one candidate.

    Attributes:
        key: the candidate's key.
        direction: CLIP directional similarity, −1..1; None outside the CLIP model's domain.
        image: CLIP similarity of source and candidate, −1..1, or None.
        target: CLIP similarity of candidate and caption after, −1..1, or None.
        outside: largest absolute change outside the selection, 0..1; None without a selection.
        asked: measured: share of the asked change that was achieved, 0..1 and above, or None.
        unasked: measured: change in quantities nobody asked for, 0 and up, or None.
        clipped: measured: share of pixels newly clipped, 0..1, or None.
        extra: further named scores.
        reasons: clauses in words from measured facts, what it does best first, then its cost.
    """

    key: str
    direction: float | None = None
    image: float | None = None
    target: float | None = None
    outside: float | None = None
    asked: float | None = None
    unasked: float | None = None
    clipped: float | None = None
    extra: Settings = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """One place in a ranking. `passed` is False below the artist's bar (dimmed, never hidden)."""

    key: str
    rank: int
    passed: bool
    reason: str
    score: Score | None


@dataclass(frozen=True)
class Ranking:
    """Candidates best first, each with its reason."""

    places: tuple[Ranked, ...] = ()

    def place(self, key: str) -> Ranked | None:
        """The place of a candidate."""
        return next((p for p in self.places if p.key == key), None)


@dataclass(frozen=True)
class Weights:
    """How much each side of the ranking counts (the sliders of "Why this order"); 1 = some."""

    words: float = 1.0
    picture: float = 1.0
    beauty: float = 0.0


def rank(
    scores: Iterable[Score], weights: Weights | None = None
) -> Ranking:  # pragma: no cover - replaced by the ranking worker
    """Order candidates best first; see the module's rules."""
    raise NotImplementedError
