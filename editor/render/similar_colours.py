from __future__ import annotations

from collections.abc import Callable

import numpy as np

from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Coverage


def similar_colours(
    image: Image,
    x: int,
    y: int,
    tolerance: float,
    *,
    only_touching: bool,
    cancelled: Callable[[], bool] = lambda: False,
) -> Coverage:
    """Where the picture has about the colour of one of its pixels, (H, W) `uint8`, 0 or 255.

    Args:
        image: the picture.
        x: of the pixel, inside the picture.
        y: of the pixel, inside the picture.
        tolerance: how far each channel may differ, percent of its whole range.
        only_touching: only what hangs together with the pixel, side by side.
        cancelled: asked before every tile; nothing more is found once it is true.
    """
    import cv2

    colours = image.colour_channels
    seed = image.read(Rect(x, y, 1, 1))[0, 0, :colours].astype(np.float64)
    reach = tolerance / 100.0 * image.maximum
    low, high = np.ceil(seed - reach), np.floor(seed + reach)
    found = np.zeros((image.height, image.width), np.uint8)
    for column, row, place in image.grid():
        if cancelled():
            return found
        pixels = np.ascontiguousarray(image.tile(column, row).pixels[:, :, :colours])
        inside = cv2.inRange(pixels, tuple(low), tuple(high))
        found[place.y : place.bottom, place.x : place.right] = inside
    if not only_touching:
        return found
    cv2.floodFill(found, None, (x, y), 128)
    return np.where(found == 128, np.uint8(255), np.uint8(0))
