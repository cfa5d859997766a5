from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from editor.ranking.trade_off import EditPoint, along_front, pareto_front

FIGURE = st.floats(-1, 1, allow_nan=False)
POINTS = st.lists(st.tuples(FIGURE, FIGURE), max_size=12)


def beaten(one: EditPoint, other: EditPoint) -> bool:
    """True if `other` is better in one figure and no worse in the other."""
    return other != one and other[0] >= one[0] and other[1] >= one[1]


@given(POINTS)
def test_the_front_holds_exactly_what_nothing_beats(points: list[EditPoint]) -> None:
    front = pareto_front(points)
    unbeaten = {one for one in points if not any(beaten(one, other) for other in points)}
    assert {points[index] for index in front} == unbeaten
    assert len(front) == len(unbeaten), "equal ones stand there once"


@given(POINTS)
def test_it_goes_from_most_changed_to_most_kept(points: list[EditPoint]) -> None:
    front = [points[index] for index in pareto_front(points)]
    assert front == sorted(front, key=lambda point: -point[0])
    assert front == sorted(front, key=lambda point: point[1])


def test_keep_walks_along_the_front() -> None:
    points = [(0.1, 0.5), (0.4, 0.6), (0.3, 0.8), (0.2, 0.9)]
    assert pareto_front(points) == [1, 2, 3]
    assert [along_front(points, keep, 1) for keep in (0.0, 0.6, 1.0)] == [[1], [2], [3]]
    assert along_front(points, 1.0, 9) == [3, 2, 1, 0], "what is beaten comes last"
    assert along_front(points, 0.0, 2) == [1, 2]


def test_without_edits_there_is_nothing_to_pick() -> None:
    assert pareto_front([]) == []
    assert along_front([], 0.5, 4) == []


@given(POINTS, st.floats(0, 1), st.integers(0, 14))
def test_each_edit_is_picked_at_most_once(points: list[EditPoint], keep: float, count: int) -> None:
    picked = along_front(points, keep, count)
    assert len(picked) == len(set(picked)) == min(count, len(points))
