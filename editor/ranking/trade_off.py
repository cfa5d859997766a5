"""Of several edits, those that no other beats in both following the words and keeping the picture.

InstructPix2Pix is judged by these two figures (Brooks et al. 2023, figure 8): CLIP's direction says
how much of the asked change was made, CLIP's image similarity how much of the picture is left. More
of one costs some of the other, so there is no best edit, only a front of good ones.
"""

from __future__ import annotations

from collections.abc import Sequence

EditPoint = tuple[float, float]
"""Direction and image similarity of one edit, both the larger the better."""


def pareto_front(points: Sequence[EditPoint]) -> list[int]:
    """The edits that no other beats: none has more of one figure and no less of the other.

    Args:
        points: in any order; of equal ones the first stays.

    Returns:
        Their indices, from the one that changes most to the one that keeps most.
    """
    by_direction = sorted(range(len(points)), key=lambda i: (-points[i][0], -points[i][1], i))
    front: list[int] = []
    for index in by_direction:
        if not front or points[index][1] > points[front[-1]][1]:
            front.append(index)
    return front


def along_front(points: Sequence[EditPoint], keep: float, count: int) -> list[int]:
    """Edits for a wish between changing more and keeping more of the picture.

    Args:
        points: of all edits.
        keep: 0 takes the end of the front that changes most, 1 the end that keeps most.
        count: how many are wanted.

    Returns:
        Indices of at most `count` edits: those on the front come first, the nearest to the wish
        first among them; then the others, in the same order.
    """
    front = pareto_front(points)
    if not front:
        return []
    low, high = points[front[0]][1], points[front[-1]][1]
    wanted = low + keep * (high - low)

    def away(index: int) -> float:
        return abs(points[index][1] - wanted)

    on_it = set(front)
    rest = [index for index in range(len(points)) if index not in on_it]
    return [*sorted(front, key=away), *sorted(rest, key=away)][:count]
