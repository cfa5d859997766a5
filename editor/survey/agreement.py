"""How far raters agree beyond chance: weighted κ of two raters and of any number.

Cohen 1968, "Weighted kappa"; for more than two raters with one chance distribution for all, as in
Fleiss 1971. Nothing to agree about (all ratings equal) is undefined, not perfect agreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

LINEAR: Final = 1
QUADRATIC: Final = 2

Table = NDArray[np.float64]


def weighted_kappa(joint: Table, power: int) -> float | None:
    """κ_w = 1 − Σ W∘O / Σ W∘E, with W_ij = |i−j|^p / (k−1)^p.

    Args:
        joint: (k, k) how often one rater gave level i and the other level j; any scale.
        power: p; `LINEAR` or `QUADRATIC`.

    Returns:
        At most 1; None where chance alone cannot disagree (Σ W∘E = 0) or nothing was rated.

    Raises:
        ValueError: the table is not square with at least two levels, or has negative counts.
    """
    if joint.ndim != 2 or joint.shape[0] != joint.shape[1] or joint.shape[0] < 2:
        raise ValueError("the table is not square")
    if (joint < 0).any():
        raise ValueError("a count is negative")
    total = joint.sum()
    if total == 0:
        return None
    observed = joint / total
    levels = np.arange(len(joint))
    weights = (np.abs(levels[:, None] - levels) / (len(joint) - 1.0)) ** power
    expected = np.outer(observed.sum(1), observed.sum(0))
    chance = float((weights * expected).sum())
    if chance == 0.0:
        return None
    return 1.0 - float((weights * observed).sum()) / chance


def joint_counts(first: Sequence[int], second: Sequence[int], levels: int) -> Table:
    """(levels, levels) counts of two raters' levels, 0-based, item by item."""
    table = np.zeros((levels, levels))
    np.add.at(table, (np.asarray(first, int), np.asarray(second, int)), 1.0)
    return table


def rater_pairs(
    ratings: Mapping[str, Mapping[str, int]], levels: int, power: int
) -> dict[tuple[str, str], float | None]:
    """κ_w of every two raters that have items in common.

    Args:
        ratings: rater → item → level, 0-based.
        levels: how many levels there are.
        power: p of the weights.
    """
    found: dict[tuple[str, str], float | None] = {}
    for one, other in combinations(sorted(ratings), 2):
        common = sorted(set(ratings[one]) & set(ratings[other]))
        if common:
            table = joint_counts(
                [ratings[one][item] for item in common],
                [ratings[other][item] for item in common],
                levels,
            )
            found[one, other] = weighted_kappa(table, power)
    return found


def mean_kappa(pairs: Mapping[tuple[str, str], float | None]) -> float | None:
    """The mean κ over the pairs of raters where it is defined; None where it is for none."""
    defined = [kappa for kappa in pairs.values() if kappa is not None]
    return float(np.mean(defined)) if defined else None


def pooled_kappa(ratings: Mapping[str, Mapping[str, int]], levels: int, power: int) -> float | None:
    """One κ_w of all raters: all ordered pairs of ratings of an item, one chance for all raters.

    An item with m ≥ 2 ratings counts m times, so each rating weighs the same whoever else rated the
    item. With equal m this is Fleiss' κ with weights.

    Args:
        ratings: rater → item → level, 0-based.
        levels: how many levels there are.
        power: p of the weights.
    """
    counts: dict[str, Table] = {}
    for items in ratings.values():
        for item, level in items.items():
            counts.setdefault(item, np.zeros(levels))[level] += 1
    joint = np.zeros((levels, levels))
    for count in counts.values():
        if count.sum() >= 2:
            joint += (np.outer(count, count) - np.diag(count)) / (count.sum() - 1)
    return weighted_kappa(joint, power)
