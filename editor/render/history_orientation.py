from __future__ import annotations

from collections.abc import Mapping

from editor.model.history import HistoryNode
from editor.render.adjustments.orientation import Orientation, without_orientation
from editor.render.composite import moves_pixels


def orientation_between(
    nodes: Mapping[str, HistoryNode], before: str, after: str
) -> Orientation | None:
    """How the picture of one idea lies to that of another.

    Args:
        nodes: of the history that holds both.
        before: id of an idea.
        after: id of another one, anywhere in the same tree.

    Returns:
        What brings pixels of the first to their places in the second; None where pixels were
        moved in another way on the path between them, or where there is none.
    """
    up, down = _path(nodes, before), _path(nodes, after)
    shared = 0
    for one, other in zip(up, down, strict=False):
        if one != other:
            break
        shared += 1
    if shared == 0:
        return None
    steps = [(node, True) for node in reversed(up[shared:])]
    steps += [(node, False) for node in down[shared:]]
    found = Orientation()
    for node, back in steps:
        step = _orientation_of(nodes[node])
        if step is None:
            return None
        found = found.then(step.inverse() if back else step)
    return found


def _path(nodes: Mapping[str, HistoryNode], node: str) -> list[str]:
    """Ids from the root to an idea, both included."""
    found = [node]
    while (parent := nodes[found[-1]].parent) is not None:
        found.append(parent)
    return found[::-1]


def _orientation_of(node: HistoryNode) -> Orientation | None:
    """What an idea did to the picture it began with; None where pixels moved in another way."""
    if not node.candidates:
        return None  # opened or pasted
    patch = node.candidates[0].patch
    if moves_pixels(without_orientation(patch)):
        return None
    return Orientation.of_patch(patch)
