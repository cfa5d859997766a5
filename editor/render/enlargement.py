"""A picture drawn larger by a model: every sample is the model's, alpha is the picture's own."""

from __future__ import annotations

from typing import Final

import numpy as np

from editor.model.image import Image, Pixels, Tile
from editor.model.patch import ENLARGED, Patch, Placement, settings_of
from editor.model.rect import Rect
from editor.render.adjustments.geometry import Frame
from editor.render.color import Floats
from editor.render.overlay import lanczos_weights

_DEEP: Final = np.dtype("<u2")


def enlarged_size(factor: float, width: int, height: int) -> tuple[int, int]:
    """Width and height of a picture or mip level of this size once it is enlarged."""
    return max(1, round(width * factor)), max(1, round(height * factor))


def factor_of(patch: Patch) -> float | None:
    """How many times larger a patch makes a picture; None if it leaves the size."""
    factor = dict(patch.parameters).get(ENLARGED)
    return None if factor is None else float(factor)


def enlargement_patch(source: Image, factor: float, colours: Pixels) -> Patch:
    """A patch that holds the enlarged picture, lossless.

    Args:
        source: what was enlarged.
        factor: how many times.
        colours: (H, W, 1 or 3) of the enlarged size and the source's own type, without alpha. The
            patch takes it over and copies nothing: its pixels of 16 bits are (H, W, 2 or 6) bytes,
            the low one of each sample first.
    """
    if colours.dtype == np.uint16:
        colours = np.ascontiguousarray(colours, _DEEP).view(np.uint8)
    placement = Placement(source.bounds, factor)
    return Patch(settings_of({ENLARGED: factor}), colours, placement)


class Enlargement:
    """A patch of `enlargement_patch` rendered tile by tile."""

    def __init__(self, source: Image, patch: Patch, factor: float, scale: float) -> None:
        """Prepare; `source` and `scale` as for `composite.render`, `factor` of the patch."""
        assert patch.pixels is not None
        self._source, self._factor = source, factor
        self._step = round(1 / scale)
        self._deep = source.dtype == "uint16"
        self._pixels = patch.pixels
        size = enlarged_size(factor, source.width, source.height)
        self.frame = Frame(source.width, source.height, *size)
        self.channels, self.meta = source.channels, source.meta

    def tile(self, rect: Rect) -> Tile:
        """The finished tile at a rectangle of the tile grid."""
        colours = self._colours(rect)
        if not self._source.has_alpha:
            return Tile(np.ascontiguousarray(colours))
        return Tile(np.concatenate([colours, self._alpha(rect)], axis=2))

    def _colours(self, rect: Rect) -> Pixels:
        """Samples of the model at the mip level that is rendered, (h, w, C).

        Every pixel of a level is the mean of a block; the last row or column counts for what a
        block lacks, as in `mip.halved`.
        """
        step, (height, width) = self._step, self._pixels.shape[:2]
        wanted = Rect(rect.x * step, rect.y * step, rect.width * step, rect.height * step)
        left, top = min(wanted.x, width - 1), min(wanted.y, height - 1)
        right, bottom = min(wanted.right, width), min(wanted.bottom, height)
        block: Pixels = self._pixels[top:bottom, left:right]
        if self._deep:
            block = np.ascontiguousarray(block).view(_DEEP).astype(np.uint16, copy=False)
        if step == 1:
            return block
        import cv2  # 0.1 s, and the window can be shown without

        beyond = (wanted.height - block.shape[0], wanted.width - block.shape[1])
        if any(beyond):
            block = np.pad(block, ((0, beyond[0]), (0, beyond[1]), (0, 0)), mode="edge")
        size = (rect.width, rect.height)
        small = np.asarray(cv2.resize(block, size, interpolation=cv2.INTER_AREA))
        return small.reshape(rect.height, rect.width, block.shape[2])

    def _alpha(self, rect: Rect) -> Pixels:
        """The picture's alpha by Lanczos, (h, w, 1)."""
        source = self._source
        down, rows = lanczos_weights(rect.y, rect.bottom, 0, 1.0, self._factor, source.height)
        across, columns = lanczos_weights(rect.x, rect.right, 0, 1.0, self._factor, source.width)
        part = Rect(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
        own: Floats = source.read(part)[:, :, -1].astype(np.float32)
        large = np.clip(down @ own @ across.T, 0.0, source.maximum)
        alpha: Pixels = np.rint(large).astype(source.dtype)[:, :, None]
        return alpha
