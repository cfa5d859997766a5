"""Ways of choosing a candidate, and how often each is right, in pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from editor.model.score import Gates, Score
from editor.ranking.rank import rank

OURS: Final = "ranking"
RANDOM: Final = "random"
ALONE: Final = ("direction", "target", "image")
WAYS: Final = (OURS, RANDOM, *ALONE)
TASTE: Final = ("aesthetic", "preference")
PAPER: Final = "paper_filter"
SOUNDEST: Final = "damage"
MIXED_WAYS: Final = (*WAYS, *TASTE, SOUNDEST, PAPER)
"""Ways of choosing among the results of several methods."""
_RESAMPLES: Final = 10_000
_CONFIDENCE: Final = 0.95


def first_places(scores: Sequence[Score], ways: Sequence[str] = WAYS) -> dict[str, int]:
    """Which candidate each way puts first, by number.

    "ranking" is the program's own (`editor.ranking.rank.rank`), "paper_filter" that of
    InstructPix2Pix (Brooks et al. 2023, 3.1.2: those over its three gates, by direction), "damage"
    takes the least damaged, the others the highest figure of their name, without gates.
    """
    places = {}
    for name in ways:
        if name == OURS:
            places[name] = int(rank(scores).places[0].key)
        elif name == PAPER:
            places[name] = int(max(scores, key=_paper_order).key)
        elif name == SOUNDEST:
            places[name] = int(min(scores, key=lambda score: score.damage or 0.0).key)
        elif name != RANDOM:
            values = [getattr(score, name) for score in scores]
            known = [-np.inf if value is None else value for value in values]
            places[name] = int(scores[int(np.argmax(known))].key)
    return places


def _paper_order(score: Score) -> tuple[bool, float]:
    """Over the gates of InstructPix2Pix's filter or not, then the direction."""
    gates = Gates()
    figures = (score.image, score.direction, score.source, score.target)
    bars = (gates.image, gates.direction, gates.caption, gates.caption)
    over = all(value is not None and value >= bar for value, bar in zip(figures, bars, strict=True))
    return over, score.direction or 0.0


@dataclass
class ChoiceTally:
    """How often each way's first place was among the best; "random" is exact, not drawn."""

    ways: Sequence[str] = WAYS
    right: dict[str, list[float]] = field(init=False)
    chosen: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.right = {way: [] for way in self.ways}

    def add(self, first: Mapping[str, int], best: frozenset[int], kinds: Sequence[str]) -> None:
        """Count one group.

        Args:
            first: what each way put first.
            best: the candidates that count as right.
            kinds: of the candidates, to report what was chosen instead of the best.
        """
        for way, place in first.items():
            self.right[way].append(float(place in best))
        self.right[RANDOM].append(len(best) / len(kinds))
        kind = kinds[first[OURS]]
        self.chosen[kind] = self.chosen.get(kind, 0) + 1

    def report(self) -> dict[str, Any]:
        """Shares with 95 % intervals, and differences to ours over the same groups."""
        ours = np.array(self.right[OURS])
        ways = {}
        for way, values in self.right.items():
            shares = np.array(values)
            row: dict[str, Any] = {"share": _rounded(shares.mean()), "interval": interval(shares)}
            if way != OURS:
                row["ours_more_by"] = _rounded((ours - shares).mean())
                row["difference_interval"] = interval(ours - shares)
                row["clearly"] = row["difference_interval"][0] > 0
            ways[way] = row
        chosen = dict(sorted(self.chosen.items(), key=lambda p: -p[1]))
        return {"groups": len(ours), "ways": ways, "first_places": chosen}


def interval(values: NDArray[np.float64]) -> list[float]:
    """Percentile bootstrap interval of the mean, 95 %, 10,000 resamples of a fixed seed."""
    rng = np.random.default_rng(len(values))
    # A resample is how often each group is drawn: a multinomial, not a matrix of indices.
    count = len(values)
    drawn = rng.multinomial(count, np.full(count, 1.0 / count), size=_RESAMPLES)
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(drawn @ values / count, (tail, 1 - tail))
    return [_rounded(low), _rounded(high)]


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), 4)
