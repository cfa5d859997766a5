from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from editor.model.history import HistoryNode
from editor.model.image import Image, Pixels
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render.adjustments.parameters import Adjustments

SETTINGS = ("quarter_turns", "flip_horizontal")
"""The settings of `Adjustments` that turn or flip a picture as a whole."""


@dataclass(frozen=True)
class Orientation:
    """A flip and quarter turns: pixels move and none is resampled.

    One of the eight symmetries of a rectangle, those of the EXIF tag Orientation.

    Attributes:
        quarter_turns: by 90° clockwise, 0..3.
        flip_horizontal: left and right are exchanged first.
    """

    quarter_turns: int = 0
    flip_horizontal: bool = False

    @classmethod
    def of(cls, adjustments: Adjustments) -> Orientation:
        """What the settings ask for."""
        return cls(adjustments.quarter_turns % 4, adjustments.flip_horizontal)

    @classmethod
    def of_patch(cls, patch: Patch) -> Orientation:
        """What a patch does; a model's pixels always stay in place."""
        values = dict(patch.parameters)
        return cls(int(values.get(SETTINGS[0], 0)) % 4, bool(values.get(SETTINGS[1], False)))

    @property
    def is_same(self) -> bool:
        """True if every pixel stays where it is."""
        return self == Orientation()

    @property
    def swaps_sides(self) -> bool:
        """True if width and height are exchanged."""
        return self.quarter_turns % 2 == 1

    def inverse(self) -> Orientation:
        """What brings every pixel back."""
        if self.flip_horizontal:
            return self  # a reflection undoes itself
        return Orientation(-self.quarter_turns % 4)

    def then(self, after: Orientation) -> Orientation:
        """This and after it another one, as one."""
        turns = -self.quarter_turns if after.flip_horizontal else self.quarter_turns
        flip = self.flip_horizontal != after.flip_horizontal
        return Orientation((turns + after.quarter_turns) % 4, flip)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of a picture of width × height afterwards."""
        return (height, width) if self.swaps_sides else (width, height)

    def apply(self, pixels: Pixels) -> Pixels:
        """A view of samples (h, w, C) in their new places."""
        flipped = pixels[:, ::-1] if self.flip_horizontal else pixels
        return np.rot90(flipped, -self.quarter_turns)

    def source_rect(self, rect: Rect, width: int, height: int) -> Rect:
        """Where the pixels of a rectangle of the result lie in a source of width × height."""
        x, y, w, h = rect.x, rect.y, rect.width, rect.height
        across, down = self.size(width, height)
        if self.quarter_turns == 1:
            x, y, w, h = y, across - x - w, h, w
        elif self.quarter_turns == 2:
            x, y = across - x - w, down - y - h
        elif self.quarter_turns == 3:
            x, y, w, h = down - y - h, x, h, w
        if self.flip_horizontal:
            x = width - x - w
        return Rect(x, y, w, h)

    def read(self, image: Image, rect: Rect) -> Pixels:
        """Samples of a rectangle of the result, (h, w, C)."""
        return self.apply(image.read(self.source_rect(rect, image.width, image.height)))

    def turned(self, selection: Selection) -> Selection:
        """A selection that goes along with its picture."""
        grid = selection.coverage
        if self.is_same:
            return selection
        size = self.size(grid.width, grid.height)
        return Selection(Image.build(*size, 1, "uint8", lambda rect: self.read(grid, rect)))


def without_orientation(patch: Patch) -> Patch:
    """The same patch with the picture left upright as it was, the patch itself if it is."""
    if Orientation.of_patch(patch).is_same:
        return patch
    return Patch(tuple(pair for pair in patch.parameters if pair[0] not in SETTINGS))


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
    while up[shared : shared + 1] == down[shared : shared + 1] != []:
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
    rest = without_orientation(patch)
    if rest.placement is None:
        settings = Adjustments.from_settings(dict(rest.parameters))
        if settings.changes_geometry:
            return None
    return Orientation.of_patch(patch)
