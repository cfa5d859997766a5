"""Which tokens of two prompts stay: the longest common subsequence, in as few gaps as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """Tokens between two kept ones: ``source[a:b]`` goes, ``target[c:d]`` comes."""

    source: tuple[int, int]
    target: tuple[int, int]


def gaps(source: Sequence[str], target: Sequence[str]) -> tuple[Gap, ...]:
    """The gaps of the alignment, in order; everything between them is equal, one to one.

    Of several longest common subsequences the one with the fewest gaps is taken, then the one
    whose kept tokens shift least, then the one that keeps the earliest tokens of the source, so
    that the answer is the same everywhere.
    """
    first, last = 0, 0
    shorter = min(len(source), len(target))
    while first < shorter and source[first] == target[first]:
        first += 1
    while last < shorter - first and source[-1 - last] == target[-1 - last]:
        last += 1
    inner_source = source[first : len(source) - last]
    inner_target = target[first : len(target) - last]
    found: list[Gap] = []
    i = j = 0
    for a, b in [*_kept(inner_source, inner_target), (len(inner_source), len(inner_target))]:
        if a > i or b > j:
            found.append(Gap((first + i, first + a), (first + j, first + b)))
        i, j = a + 1, b + 1
    return tuple(found)


def _kept(source: Sequence[str], target: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of the tokens that stay. O(n·m) time and memory.

    ``best[state][i][j]`` is (length, −gaps, −shifts) of the rest from i and j on; in state 1 the
    pair before was kept, so that leaving something out opens a gap.
    """
    n, m = len(source), len(target)
    if not n or not m:
        return []
    best = [[[(0, 0, 0)] * (m + 1) for _ in range(n + 1)] for _ in range(2)]
    for state in range(2):
        for i in range(n + 1):
            for j in range(m + 1):
                if i < n or j < m:
                    best[state][i][j] = (0, -state, 0)
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            left_out = max(best[0][i + 1][j], best[0][i][j + 1])
            for state in range(2):
                option = (left_out[0], left_out[1] - state, left_out[2])
                if source[i] == target[j]:
                    option = max(option, _with(best[1][i + 1][j + 1], i - j))
                best[state][i][j] = option
    pairs: list[tuple[int, int]] = []
    i = j = state = 0
    while i < n and j < m:
        here = best[state][i][j]
        if source[i] == target[j] and here == _with(best[1][i + 1][j + 1], i - j):
            pairs.append((i, j))
            i, j, state = i + 1, j + 1, 1
        elif best[0][i + 1][j] >= best[0][i][j + 1]:
            i, state = i + 1, 0
        else:
            j, state = j + 1, 0
    return pairs


def _with(rest: tuple[int, int, int], shift: int) -> tuple[int, int, int]:
    """The value of a rest with one more kept token before it."""
    return rest[0] + 1, rest[1], rest[2] - abs(shift)
