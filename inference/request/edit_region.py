from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class EditRegion:
    """The part of a picture that the words of an edit are about, as a method's maps show it.

    Attributes:
        mask: (h, w) bool, True inside.
        place: left, top, width and height of the mask in pixels of the source; it may reach beyond
            the picture.
    """

    mask: NDArray[np.bool_]
    place: tuple[float, float, float, float]

    def at(self, width: int, height: int, scale: float) -> NDArray[np.bool_]:
        """The region on a reduction of the source.

        Args:
            width: of the reduction.
            height: of the reduction.
            scale: its pixels per pixel of the source.

        Returns:
            (height, width) bool; False where the mask does not reach.
        """
        left, top, wide, high = self.place
        rows, columns = self.mask.shape
        x = np.floor(((np.arange(width) + 0.5) / scale - left) / wide * columns).astype(int)
        y = np.floor(((np.arange(height) + 0.5) / scale - top) / high * rows).astype(int)
        found = self.mask[np.clip(y, 0, rows - 1)][:, np.clip(x, 0, columns - 1)]
        covered = ((y >= 0) & (y < rows))[:, None] & ((x >= 0) & (x < columns))
        return np.asarray(found & covered)
