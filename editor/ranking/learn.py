"""What an artist keeps says what counts for them: weights of the ranking, learnt from choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.ranking.weights import Sides, Weights

LEAST_CHOICES: Final = 20
"""With fewer choices the ranking stays as it is."""

DECISIVE: Final = 10.0
"""Log odds with which a result is kept that is better by one unit of the weighted sum."""

PRIOR_DEVIATION: Final = 0.7
"""How far weights are expected to lie from the sliders."""

LARGEST: Final = 4.0
"""Weights are kept within 0 and this."""

_STEPS: Final = 50
_SMALL: Final = 1e-9


@dataclass(frozen=True)
class KeptChoice:
    """The result that was kept of one run, and its siblings that were not."""

    kept: Sides
    others: tuple[Sides, ...]


def learn_weights(choices: Sequence[KeptChoice], prior: Weights) -> Weights | None:
    """The weights under which the choices are likeliest, near the sliders; pure.

    Conditional logistic regression (McFadden 1973): of the results of a run each is kept with a
    probability that grows with its weighted sum. The prior is normal about the sliders, so few
    choices move little and a side that never differs stays. The sum is concave: Newton's method
    finds its only maximum.

    Args:
        choices: in any order; those without a sibling say nothing.
        prior: where the sliders stand.

    Returns:
        None with fewer than `LEAST_CHOICES`.
    """
    runs = [_differences(one) for one in choices if one.others]
    if len(runs) < LEAST_CHOICES:
        return None
    apart, present = _in_one_array(runs)
    start = np.array(astuple(prior))
    weights = start.copy()
    for _ in range(_STEPS):
        slope, curve = -(weights - start) / PRIOR_DEVIATION**2, np.eye(3) / PRIOR_DEVIATION**2
        odds = present * np.exp(np.clip(apart @ weights, -50, 50))
        share = odds / (1.0 + odds.sum(axis=1, keepdims=True))  # the kept one has odds of 1
        mean = np.einsum("rk,rki->ri", share, apart)
        slope = slope - mean.sum(axis=0)
        curve = curve + np.einsum("rk,rki,rkj->ij", share, apart, apart) - mean.T @ mean
        step = np.linalg.solve(curve, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if float(np.abs(step).max()) < _SMALL:
            break
    return Weights(*(float(value) for value in np.clip(weights, 0.0, LARGEST)))


def _in_one_array(
    runs: Sequence[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Runs of different lengths as (runs, most siblings, 3), and where there is a sibling."""
    apart = np.zeros((len(runs), max(map(len, runs)), 3))
    present = np.zeros(apart.shape[:2], np.bool_)
    for number, run in enumerate(runs):
        apart[number, : len(run)], present[number, : len(run)] = run, True
    return apart, present


def _differences(choice: KeptChoice) -> NDArray[np.float64]:
    """(siblings, 3): each minus the kept one."""
    kept = choice.kept.array()
    return DECISIVE * np.array([other.array() - kept for other in choice.others])
