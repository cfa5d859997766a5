"""Two figures that trade off: how much more of one a method has at an equal level of the other.

Methods are run at several settings; each setting is a point. Curves of two methods are compared at
levels that both reach.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.ranking.trade_off import pareto_front
from inference.lab.evaluation.estimates import interval, resampled
from inference.lab.evaluation.protocol import Estimate

_LEVELS: Final = 9

Points = NDArray[np.float64]
"""A figure of every edit at every setting, (edits, settings)."""


def best_line(level: Points, figure: Points) -> tuple[Points, Points]:
    """The points that no other point beats in both figures, by ascending level; (P,) each."""
    line = pareto_front(list(zip(level, figure, strict=True)))[::-1]
    return level[line], figure[line]


def more_at_equal_level(
    first: tuple[Points, Points],
    second: tuple[Points, Points],
    rows: NDArray[np.intp] | None = None,
) -> float:
    """By how much the first method's figure is higher at equal levels, in the mean over them.

    Per method the best line through the means of its settings is taken: the most of the figure for
    at least a level.

    Args:
        first: levels and figures of one method.
        second: of the other, of the same edits.
        rows: edits to take, with repetitions; None for all.

    Returns:
        The mean over nine levels that both reach; nan where they share none.
    """
    lines = []
    for level, figure in (first, second):
        taken = (level, figure) if rows is None else (level[rows], figure[rows])
        lines.append(best_line(taken[0].mean(0), taken[1].mean(0)))
    low = max(line[0][0] for line in lines)
    high = min(line[0][-1] for line in lines)
    if low >= high:
        return float("nan")
    levels = np.linspace(low, high, _LEVELS)
    one, other = (np.interp(levels, *line) for line in lines)
    return float((one - other).mean())


def estimate_more(first: tuple[Points, Points], second: tuple[Points, Points]) -> Estimate | None:
    """`more_at_equal_level` with its interval from resampled edits, the same for both.

    Returns:
        None where the lines share no level.
    """
    mean = more_at_equal_level(first, second)
    if np.isnan(mean):
        return None
    draws = resampled(len(first[0]))
    low, high = interval(np.array([more_at_equal_level(first, second, rows) for rows in draws]))
    return Estimate(mean, low, high)
