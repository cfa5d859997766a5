"""Which methods Auto runs for one instruction in the time that the artist gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inference.request.registry import MethodInfo

SecondsOf = Callable[[MethodInfo], float]
"""Seconds that one candidate of a method takes."""


def shares(count: int, methods: int) -> list[int]:
    """How many of `count` candidates each of so many methods makes; the first make one more."""
    return [count // methods + (place < count % methods) for place in range(methods)]


def within_time(
    fitting: Sequence[MethodInfo], count: int, limit: float, seconds_of: SecondsOf
) -> tuple[str, ...]:
    """Auto's mix: the best fitting method, and others as long as all fit into the time.

    Args:
        fitting: methods for the words, the best fitting first. It always runs.
        count: candidates in all, which the methods share.
        limit: seconds for all candidates.
        seconds_of: what one candidate takes.

    Returns:
        Their names, the cheapest first. A method joins, the cheapest first, if all candidates of
        the mix with it are made within the limit and each method makes at least one.
    """
    if not fitting:
        return ()
    mix = [fitting[0]]
    for info in sorted(fitting[1:], key=seconds_of):
        wider = sorted([*mix, info], key=seconds_of)
        taken = zip(shares(count, len(wider)), wider, strict=True)
        if len(wider) <= count and sum(n * seconds_of(one) for n, one in taken) <= limit:
            mix = wider
    return tuple(info.name for info in sorted(mix, key=seconds_of))


class MethodTimes:
    """Seconds that a candidate of each method took last on this machine; at first its cost."""

    def __init__(self) -> None:
        self._measured: dict[str, float] = {}

    def note(self, method: str, seconds: float) -> None:
        """Remember what a candidate took."""
        self._measured[method] = seconds

    def seconds(self, info: MethodInfo) -> float:
        """What a candidate is expected to take."""
        return self._measured.get(info.name, info.cost)
