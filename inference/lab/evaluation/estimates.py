"""Means with 95 % intervals, where several values come from one session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.lab.evaluation.protocol import Estimate
from inference.lab.evaluation.starter.figures import CONFIDENCE, wilson

RESAMPLES: Final = 2000


def resampled(groups: int) -> NDArray[np.intp]:
    """2,000 draws of as many groups with replacement, (2000, groups), of a fixed seed."""
    return np.random.default_rng(groups).integers(groups, size=(RESAMPLES, groups))


def interval(drawn: NDArray[np.float64]) -> tuple[float, float]:
    """Percentiles of resampled figures; those that are not numbers are left out."""
    tail = (1 - CONFIDENCE) / 2
    low, high = np.nanquantile(drawn, (tail, 1 - tail))
    return float(low), float(high)


def mean_over_sessions(sessions: Sequence[Sequence[float]]) -> Estimate:
    """The mean of all values; whole sessions are resampled, for their values depend on each other.

    Args:
        sessions: the values of each; at least one value in all.
    """
    sums = np.array([sum(values) for values in sessions], float)
    counts = np.array([len(values) for values in sessions])
    drawn = resampled(len(sessions))
    taken = counts[drawn].sum(1)
    means = np.where(taken > 0, sums[drawn].sum(1) / np.maximum(taken, 1), np.nan)
    low, high = interval(means)
    return Estimate(float(sums.sum() / counts.sum()), low, high, int(counts.sum()))


def share_of(outcomes: Sequence[bool]) -> Estimate:
    """The share of outcomes that are true, with Wilson's interval; at least one outcome."""
    right, count = sum(outcomes), len(outcomes)
    return Estimate(right / count, *wilson(right, count), count)
