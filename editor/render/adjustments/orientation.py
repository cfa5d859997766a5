from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
        """How a patch turns the picture; patches with a model's pixels do not."""
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
