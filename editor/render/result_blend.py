from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from editor.model.edit import Candidate
from editor.model.history import HistoryNode
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection


@dataclass(frozen=True, eq=False)
class ResultBlend:
    """What the artist looks at before keeping it: one result, faded, or two painted together.

    Attributes:
        first: the result chosen.
        second: another result of the same job, painted in where `paint` says.
        paint: coverage of `second` over `first`.
        opacity: Fade, 0 = source, 1 = result.
    """

    first: Candidate
    second: Candidate | None = None
    paint: Selection | None = None
    opacity: float = 1.0

    @classmethod
    def of_node(cls, node: HistoryNode) -> ResultBlend:
        """The look that made a history node."""
        if not node.candidates:
            raise ValueError("this node was not made by an edit")
        second = node.candidates[1] if len(node.candidates) > 1 else None
        return cls(node.candidates[0], second, node.paint, node.opacity)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """One or two candidates; the second only counts once something was painted."""
        if self.second is None or self.paint is None:
            return (self.first,)
        return (self.first, self.second)


def render_blend(
    source: Image,
    look: ResultBlend,
    selection: Selection | None,
    *,
    rect: Rect | None = None,
    scale: float = 1.0,
    cancelled: Callable[[], bool] | None = None,
) -> Image:
    """Render a look at source size and depth; pure.

    Args:
        source: the picture the edit started from, or its mip level k with `scale` = 2^-k.
        look: what to show.
        selection: where the edit acts, at the size of `source`.
        rect: part of the output to render; None for all of it.
        scale: 2^-k when `source` is a mip level.
        cancelled: asked between tiles.
    """
    from editor.render import composite  # heavy: not needed to show a window

    result = composite.render(
        source, look.first.patch, selection, rect=rect, scale=scale, cancelled=cancelled
    )
    if look.second is not None and look.paint is not None:
        other = composite.render(
            source, look.second.patch, selection, rect=rect, scale=scale, cancelled=cancelled
        )
        result = composite.paint_in(result, other, _part(look.paint, rect))
    # A crop or a turn has no before at its place: it is kept whole, as the canvas shows it.
    if look.opacity < 1.0 and not composite.moves_pixels(look.first.patch):
        before = source if rect is None else Image.from_array(source.read(rect), source.meta)
        result = composite.fade(before, result, look.opacity)
    return result


def _part(coverage: Selection, rect: Rect | None) -> Selection:
    return coverage if rect is None else Selection.from_array(coverage.read(rect))
