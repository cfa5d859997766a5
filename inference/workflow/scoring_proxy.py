from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.ranking.measures import Reference
from editor.ranking.opacity import visible_bounds
from inference.workflow.picture_damage import DamageMeter
from inference.workflow.reduction import halved, levels_below, reduced

PROXY_PIXELS = 262_144
"""Tone and colour are measured on the first mip level with at most this many pixels."""

WINDOW = 512
"""Side of the full-size square on which detail is measured: it vanishes in a mip level."""


@dataclass(frozen=True, eq=False)
class ScoringProxy:
    """A picture and its selection at the mip level where measuring is quick."""

    image: Image
    selection: Selection | None
    scale: float
    window: Rect
    near: Image
    cover: Selection | None
    reference: Reference = field(default_factory=Reference)
    near_reference: Reference = field(default_factory=Reference)
    _meters: list[DamageMeter] = field(default_factory=list)

    def damage_meter(
        self, source: Image, selection: Selection | None, cancelled: Callable[[], bool]
    ) -> DamageMeter:
        """Made when the first candidate wants it."""
        if not self._meters:
            self._meters.append(DamageMeter(source, selection, cancelled))
        return self._meters[0]

    @classmethod
    def of(
        cls, source: Image, selection: Selection | None, cancelled: Callable[[], bool]
    ) -> ScoringProxy:
        """Reduce a picture and its selection; raises what `cancelled` brings about."""
        number = levels_below(source, PROXY_PIXELS)
        image, small = at_proxy_size(source, cancelled), selection
        for _ in range(number):
            if small is not None:
                small = Selection(halved(small.coverage, cancelled))
        window = _window(source, selection, visible_bounds(image), 2**number)
        near = Image.from_array(source.read(window), source.meta)
        cover = Selection.from_array(selection.read(window)) if selection is not None else None
        return cls(image, small, 0.5**number, window, near, cover)


def at_proxy_size(image: Image, cancelled: Callable[[], bool]) -> Image:
    """The first mip level of a picture with at most `PROXY_PIXELS` pixels."""
    return reduced(image, levels_below(image, PROXY_PIXELS), cancelled)


def _window(source: Image, selection: Selection | None, seen: Rect, factor: int) -> Rect:
    """A square at full size about the middle of the selection or of what can be seen.

    Args:
        source: the picture.
        selection: where an edit may act.
        seen: bounds of what is not transparent, in a reduction.
        factor: of that reduction.
    """
    about = source.bounds
    if source.has_alpha:
        about = Rect(*(factor * side for side in (seen.x, seen.y, seen.width, seen.height)))
    if selection is not None and not selection.is_empty:
        about = selection.bounds
    width, height = min(WINDOW, source.width), min(WINDOW, source.height)
    x = min(max(0, about.x + about.width // 2 - width // 2), source.width - width)
    y = min(max(0, about.y + about.height // 2 - height // 2), source.height - height)
    return Rect(x, y, width, height)
