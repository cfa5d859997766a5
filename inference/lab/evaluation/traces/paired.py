"""Whether one way lowers the remaining edits further than another, place by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.stats import permutation_test

from inference.lab.evaluation.starter.figures import bootstrap

RESAMPLES: Final = 9999


@dataclass(frozen=True)
class PairedDifference:
    """The mean of the differences of two ways at the same places.

    Attributes:
        mean, low, high: with the 95 % interval (bootstrap over places).
        p: two-sided, by changing signs at random (paired permutation test).
        n: places.
    """

    mean: float
    low: float
    high: float
    p: float
    n: int

    def report(self) -> dict[str, Any]:
        """As JSON values."""
        rounded = {name: round(getattr(self, name), 4) for name in ("mean", "low", "high")}
        return {**rounded, "p": round(self.p, 5), "n": self.n}


def paired_difference(first: Sequence[float], second: Sequence[float]) -> PairedDifference:
    """How much larger the first values are than the second.

    Raises:
        ValueError: they are not of the same places, or there are none.
    """
    if len(first) != len(second) or not first:
        raise ValueError("differences need the same places twice")
    gaps = np.asarray(first, float) - np.asarray(second, float)
    low, high = bootstrap(gaps.tolist())
    if not gaps.any():
        return PairedDifference(0.0, low, high, 1.0, len(gaps))
    found = permutation_test(
        (np.asarray(first, float), np.asarray(second, float)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(len(gaps)),
    )
    return PairedDifference(float(gaps.mean()), low, high, float(found.pvalue), len(gaps))
