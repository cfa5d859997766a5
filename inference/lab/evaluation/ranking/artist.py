"""A simulated artist: whether the ranking learns what somebody weighs from what they keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from editor.ranking.learn import DECISIVE, KeptChoice, learn_weights
from editor.ranking.weights import Sides, Weights
from inference.lab.evaluation.ranking.figures import interval

CHOICES: Final = 40
ARTISTS: Final = 100
_SPREAD: Final = 0.8
"""Standard deviation of the logarithm of hidden weights: half of them lie within .58 and 1.7."""


def evaluate_artists(
    groups: Sequence[Sequence[Sides]], seed: int, *, artists: int = ARTISTS, choices: int = CHOICES
) -> dict[str, Any]:
    """How often the first place is the artist's own, by default and after learning.

    Each artist has hidden weights and keeps, of `choices` groups drawn at random, the result with
    the highest weighted sum, with the uncertainty of a logistic choice. On all other groups the
    learnt first place is compared with what the artist would keep for certain. Gates are left out:
    they are not learnt.

    Args:
        groups: sides of the results of each group, at least two; more than `choices` groups.
        seed: of artists and choices.
        artists: how many.
        choices: that each of them makes before.

    Returns:
        Shares over all artists, and their difference with its 95 % interval (bootstrap over
        artists, paired).

    Raises:
        ValueError: there are no more groups than choices.
    """
    if len(groups) <= choices:
        raise ValueError("there must be more groups than choices")
    rng = np.random.default_rng((seed, 0xA27))
    default, learnt = [], []
    for _ in range(artists):
        hidden = Weights(*(float(w) for w in np.exp(rng.normal(0.0, _SPREAD, 3))))
        order = rng.permutation(len(groups))
        kept = [_kept(groups[int(i)], hidden, rng) for i in order[:choices]]
        found = learn_weights(kept, Weights()) or Weights()
        rest = [groups[int(i)] for i in order[choices:]]
        default.append(_agreement(rest, hidden, Weights()))
        learnt.append(_agreement(rest, hidden, found))
    more = np.array(learnt) - np.array(default)
    return {
        "artists": artists,
        "choices": choices,
        "groups": len(groups),
        "default": round(float(np.mean(default)), 4),
        "learnt": round(float(np.mean(learnt)), 4),
        "learnt_more_by": round(float(more.mean()), 4),
        "difference_interval": interval(more),
    }


def _first(group: Sequence[Sides], weights: Weights) -> int:
    return int(np.argmax([one.total(weights) for one in group]))


def _kept(group: Sequence[Sides], hidden: Weights, rng: np.random.Generator) -> KeptChoice:
    liked = [DECISIVE * one.total(hidden) + rng.gumbel() for one in group]
    kept = int(np.argmax(liked))
    return KeptChoice(group[kept], tuple(one for i, one in enumerate(group) if i != kept))


def _agreement(groups: Sequence[Sequence[Sides]], hidden: Weights, weights: Weights) -> float:
    right = [_first(group, hidden) == _first(group, weights) for group in groups]
    return float(np.mean(right))
