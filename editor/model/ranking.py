from __future__ import annotations

from dataclasses import dataclass

from editor.messages import Message
from editor.model.score import Score


@dataclass(frozen=True)
class Ranked:
    """One place in a ranking. `passed` is False below the artist's bar (dimmed, never hidden).

    `reason` is the English of `clauses`, and all there is in documents from before messages.
    """

    key: str
    rank: int
    passed: bool
    reason: str
    score: Score | None
    clauses: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Candidates best first, each with its reason."""

    places: tuple[Ranked, ...] = ()

    def place(self, key: str) -> Ranked | None:
        """The place of a candidate."""
        return next((p for p in self.places if p.key == key), None)
