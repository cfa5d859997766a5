from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image, Pixels
from editor.model.rect import Rect


def halved(image: Image) -> Image:
    """The next mip level: every 2 × 2 block averaged, sides rounded up, depth kept.

    Colour is weighted by alpha, so that hidden colours under alpha 0 do not bleed in.
    """
    width, height = -(-image.width // 2), -(-image.height // 2)

    def read(rect: Rect) -> Pixels:
        wanted = Rect(rect.x * 2, rect.y * 2, rect.width * 2, rect.height * 2)
        block = image.read(wanted.intersect(image.bounds))
        right, down = wanted.width - block.shape[1], wanted.height - block.shape[0]
        if right or down:  # an odd side: the last row or column counts for its missing neighbour
            block = np.pad(block, ((0, down), (0, right), (0, 0)), mode="edge")
        return _average(block, image.has_alpha)

    return Image.build(width, height, image.channels, image.dtype, read, image.meta)


def _average(block: Pixels, has_alpha: bool) -> Pixels:
    import cv2  # 0.1 s, and the window can be shown without

    size = (block.shape[1] // 2, block.shape[0] // 2)
    if not has_alpha or bool((block[:, :, -1] == np.iinfo(block.dtype).max).all()):
        small = cv2.resize(block, size, interpolation=cv2.INTER_AREA)
        return np.asarray(small).reshape(size[1], size[0], block.shape[2])
    values = block.astype(np.float32)
    values[:, :, :-1] *= values[:, :, -1:]
    mean: NDArray[np.float32] = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    mean = mean.reshape(size[1], size[0], block.shape[2])
    np.divide(mean[:, :, :-1], mean[:, :, -1:], out=mean[:, :, :-1], where=mean[:, :, -1:] > 0)
    return np.rint(mean).astype(block.dtype)


def level(image: Image, number: int) -> Image:
    """Mip level `number` of an image: each side 1 / 2^number, rounded up."""
    for _ in range(number):
        image = halved(image)
    return image


def level_for(image: Image, longest: int) -> int:
    """The smallest level whose long side is not under `longest` pixels (0 for small images)."""
    number, side = 0, max(image.width, image.height)
    while -(-side // 2) >= longest:
        side = -(-side // 2)
        number += 1
    return number
