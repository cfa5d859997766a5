"""Where the ideas stand on the map: root left, one column per step, branches below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

CARD_WIDTH: Final = 152.0
CARD_HEIGHT: Final = 86.0
COLUMN: Final = 274.0
"""From one step to the next."""
LINE: Final = 150.0
"""From one card to the one below: the card, the sheets under it, its words, "You are here"."""
ROOT_GAP: Final = 0.35
"""Further room between pictures opened one after another, as a share of `LINE`."""


@dataclass(frozen=True)
class Place:
    """The place of one idea.

    Attributes:
        column: steps from its root.
        line: 0 = the topmost; parents stand in the middle of their children, so it may be 1.5.
    """

    column: int
    line: float

    @property
    def x(self) -> float:
        """Left edge of the card."""
        return self.column * COLUMN

    @property
    def y(self) -> float:
        """Top edge of the card."""
        return self.line * LINE


@dataclass
class _Tree:
    """A part of the map while it is put together: per column from its own, the lines it covers."""

    top: list[float]
    bottom: list[float]
    below: list[tuple[str, float]] = field(default_factory=list)


def place_ideas(parents: Mapping[str, str]) -> dict[str, Place]:
    """Places every idea.

    Trees are packed by their outlines, as Reingold and Tilford draw them: a short branch moves
    up beside a long one where they do not touch. Children keep their order, so an idea that is
    added moves nothing above it in its column.

    Args:
        parents: id of the parent of every idea, "" for a root; parents before children.

    Returns:
        The places by id.
    """
    children: dict[str, list[str]] = {idea: [] for idea in parents}
    roots = []
    for idea, parent in parents.items():
        if parent in children:
            children[parent].append(idea)
        else:
            roots.append(idea)
    # From the leaves up and without recursion: a document may be thousands of steps deep.
    trees: dict[str, _Tree] = {}
    for idea in reversed(list(parents)):
        trees[idea] = _join([(child, trees.pop(child)) for child in children[idea]], trees)
    return _settle(roots, trees, children)


def _join(parts: list[tuple[str, _Tree]], trees: dict[str, _Tree]) -> _Tree:
    """Puts the trees of the children below each other and their parent at line 0 before them."""
    if not parts:
        return _Tree([0.0], [0.0])
    shifts = [0.0]
    top, bottom = list(parts[0][1].top), list(parts[0][1].bottom)
    for _, tree in parts[1:]:
        common = min(len(bottom), len(tree.top))
        shift = max(bottom[n] + 1.0 - tree.top[n] for n in range(common))
        shifts.append(shift)
        bottom[: len(tree.bottom)] = [line + shift for line in tree.bottom]
        top.extend(line + shift for line in tree.top[len(top) :])
    middle = (shifts[0] + shifts[-1]) / 2
    for child, tree in parts:
        trees[child] = tree
    return _Tree(
        [0.0, *(line - middle for line in top)],
        [0.0, *(line - middle for line in bottom)],
        [(child, shift - middle) for (child, _), shift in zip(parts, shifts, strict=True)],
    )


def _settle(
    roots: Sequence[str], trees: Mapping[str, _Tree], children: Mapping[str, list[str]]
) -> dict[str, Place]:
    places: dict[str, Place] = {}
    free = 0.0
    for root in roots:
        tree = trees[root]
        start = free - min(tree.top)
        waiting = [(root, 0, start)]
        while waiting:
            idea, column, line = waiting.pop()
            places[idea] = Place(column, line)
            waiting += [(c, column + 1, line + away) for c, away in trees[idea].below]
        free = start + max(tree.bottom) + 1.0 + ROOT_GAP
    return {idea: places[idea] for idea in children}


def step_from(places: Mapping[str, Place], parents: Mapping[str, str], idea: str, way: str) -> str:
    """Returns the idea an arrow key leads to from `idea`; itself where there is none.

    Args:
        places: from `place_ideas`.
        parents: as there.
        idea: where the focus is.
        way: left, right, up or down.
    """
    here = places[idea]
    if way == "left":
        return parents[idea] if parents[idea] in places else idea
    if way == "right":
        found = [other for other, parent in parents.items() if parent == idea]
        return min(found, key=lambda o: abs(places[o].line - here.line), default=idea)
    sign = -1 if way == "up" else 1
    beyond = [o for o, p in places.items() if (p.line - here.line) * sign > 1e-6]
    # Within the column first; where it ends, on to the nearest card above or below at all.
    same = [o for o in beyond if places[o].column == here.column]
    return min(
        same or beyond,
        key=lambda o: (abs(places[o].line - here.line), abs(places[o].column - here.column)),
        default=idea,
    )
