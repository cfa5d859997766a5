"""How much two pictures differ, and whether an edit acted where it may not."""

from __future__ import annotations

import numpy as np

from editor.model.image import Image, Pixels, Tile
from editor.model.patch import Patch
from editor.model.selection import Coverage, Selection
from editor.ranking.opacity import opacity
from editor.render.composite import moves_pixels


def can_leak(patch: Patch, selection: Selection | None) -> bool:
    """True if change outside a selection can be measured: there is one, geometry is kept."""
    return selection is not None and not moves_pixels(patch)


def mean_change(before: Image, after: Image) -> float | None:
    """Mean absolute change of all colour samples, 0..1; None for pictures of other sizes.

    Each counts as much as it is opaque in `before`. Exactly 0 only if no sample changed.
    """
    if (before.width, before.height) != (after.width, after.height):
        return None
    if before.pixel_digest == after.pixel_digest:
        return 0.0
    one, two = (colours(image).astype(np.float32) / image.maximum for image in (before, after))
    change, seen = np.abs(one - two), opacity(before)
    mean = change.mean() if seen is None else np.average(change.mean(axis=2), weights=seen)
    return max(float(mean), 1e-9)


def outside_change(
    before: Image, after: Image, patch: Patch, selection: Selection | None
) -> float | None:
    """Largest absolute change of a sample where the edit may not act, 0..1.

    None without a selection, and where the result has another geometry.
    """
    if selection is None or not can_leak(patch, selection):
        return None
    return max(
        tile_change(before.tile(c, r), after.tile(c, r), selection.read(place), patch)
        for c, r, place in before.grid()
    )


def tile_change(old: Tile, new: Tile, coverage: Coverage, patch: Patch) -> float:
    """Largest absolute change of a sample of one tile outside its coverage, 0..1.

    Equal tiles are known by their digest and are not read.
    """
    if old.digest == new.digest:
        return 0.0
    inverted = dict(patch.parameters).get("invert_selection")
    outside = coverage == 255 if inverted else coverage == 0
    if not outside.any():
        return 0.0
    one, two = (
        tile.pixels[outside].astype(np.float32) / np.iinfo(tile.dtype).max for tile in (old, new)
    )
    if one.shape[1] < two.shape[1]:  # grey has become RGB
        one = np.concatenate([one[:, :1].repeat(3, axis=1), one[:, 1:]], axis=1)
    return float(np.abs(one - two).max())


def colours(image: Image) -> Pixels:
    """The samples without alpha, (H, W, 1 or 3)."""
    return image.array()[:, :, : image.colour_channels]
