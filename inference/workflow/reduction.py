"""Pictures at a mip level, made so that a cancel is noticed in between."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from editor.model.image import TILE, Image, Pixels
from editor.render import mip
from inference.request.cancel import Cancelled


def levels_below(image: Image, most: int) -> int:
    """How often a picture is halved until it has at most `most` pixels."""
    number = 0
    while (image.width * image.height) >> (2 * number) > most:
        number += 1
    return number


def reduced(image: Image, levels: int, cancelled: Callable[[], bool]) -> Image:
    """The picture, halved so often.

    Raises:
        Cancelled: `cancelled()` was true.
    """
    for _ in range(levels):
        image = halved(image, cancelled)
    return image


def halved(image: Image, cancelled: Callable[[], bool]) -> Image:
    """`mip.halved`, two rows of tiles at a time.

    Raises:
        Cancelled: `cancelled()` was true.
    """
    bands: list[Pixels] = []
    for row in range(0, image.rows, 2):
        if cancelled():
            raise Cancelled
        tiles = image.tiles[row * image.columns : (row + 2) * image.columns]
        height = min(2 * TILE, image.height - row * TILE)
        band = Image(image.width, height, image.channels, image.dtype, tiles, image.meta)
        bands.append(mip.halved(band).array())
    return Image.from_array(np.concatenate(bands), image.meta)
