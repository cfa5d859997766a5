"""Damage of candidates and of finished pictures, measured near the work size of `damage`."""

from __future__ import annotations

from collections.abc import Callable

from editor.model.image import Image, Pixels
from editor.model.patch import Patch
from editor.model.selection import Selection
from editor.ranking.damage import WORK_PIXELS, DamageReference, damage
from editor.render import composite
from editor.render.color import ColorSpace
from inference.workflow.reduction import halved, reduced


def work_levels(image: Image) -> int:
    """How often a picture can be halved and still has the pixels that damage is measured on."""
    number = 0
    while (image.width >> (number + 1)) * (image.height >> (number + 1)) >= WORK_PIXELS:
        number += 1
    return number


class DamageMeter:
    """Measures what edits of one picture damaged; the source's side is computed once."""

    def __init__(
        self, source: Image, selection: Selection | None, cancelled: Callable[[], bool]
    ) -> None:
        """Reduce the picture.

        Args:
            source: at full size.
            selection: where edits may act, None for everywhere.
            cancelled: called between tiles.

        Raises:
            Cancelled: `cancelled()` was true.
        """
        levels = work_levels(source)
        self._scale = 0.5**levels
        self._source = reduced(source, levels, cancelled)
        self._selection = selection
        if selection is not None:
            coverage = selection.coverage
            for _ in range(levels):
                coverage = halved(coverage, cancelled)
            self._selection = Selection(coverage)
        self._reference = DamageReference()

    def candidate(self, patch: Patch, cancelled: Callable[[], bool]) -> float | None:
        """Damage of what a method made; see `damage`."""
        if self._source.width * self._source.height < WORK_PIXELS:
            return None
        return self._of(
            composite.render(
                self._source, patch, self._selection, scale=self._scale, cancelled=cancelled
            )
        )

    def picture(self, after: Image, cancelled: Callable[[], bool]) -> float | None:
        """Damage of a finished picture; None if its size is another than the source's."""
        return self._of(reduced(after, work_levels(after), cancelled))

    def _of(self, after: Image) -> float | None:
        before = self._source
        if (before.width, before.height) != (after.width, after.height):
            return None
        return damage(
            _colours(before),
            _colours(after),
            ColorSpace.of(before),
            ColorSpace.of(after),
            coverage=self._selection.array() if self._selection is not None else None,
            reference=self._reference,
        )


def _colours(image: Image) -> Pixels:
    return image.array()[:, :, : image.colour_channels]
