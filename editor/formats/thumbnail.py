from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.formats.profile import to_srgb
from editor.model.image import TILE, Image


def thumbnail(image: Image, max_size: int) -> NDArray[np.uint8]:
    """A small sRGB picture, (h, w, 3) or (h, w, 4) with straight alpha, sides up to `max_size`.

    Averages areas tile by tile; a picture that is small enough keeps its size.
    """
    import cv2

    scale = max(image.width, image.height) / max(1, max_size)
    width = max(1, round(image.width / max(scale, 1.0)))
    height = max(1, round(image.height / max(scale, 1.0)))
    step = 1
    while step * 4 <= scale and step < TILE:
        step *= 2
    small = _reduced(image, step)
    if (small.shape[1], small.shape[0]) != (width, height):
        small = cv2.resize(small, (width, height), interpolation=cv2.INTER_AREA)
        small = small.reshape(height, width, image.channels)
    top = float(image.maximum)
    if not image.has_alpha:
        return to_srgb(_eight(small * (255.0 / top)), image.meta.icc)
    alpha = small[:, :, -1:]
    colour = small[:, :, :-1] * (255.0 / np.maximum(alpha, 1e-6))
    rgb = to_srgb(_eight(colour), image.meta.icc)
    return np.concatenate([rgb, _eight(alpha * (255.0 / top))], axis=2)


def _reduced(image: Image, step: int) -> NDArray[np.float32]:
    """The picture at 1/step, float32, colours multiplied by alpha (0..maximum)."""
    width, height = -(-image.width // step), -(-image.height // step)
    out = np.empty((height, width, image.channels), np.float32)
    for column, row, rect in image.grid():
        part = _block_mean(_multiplied(image.tile(column, row).pixels, image), step)
        y, x = rect.y // step, rect.x // step
        out[y : y + part.shape[0], x : x + part.shape[1]] = part
    return out


def _multiplied(pixels: NDArray[Any], image: Image) -> NDArray[Any]:
    if not image.has_alpha:
        return pixels
    own = pixels.astype(np.float32)
    own[:, :, :-1] *= own[:, :, -1:] / float(image.maximum)
    return own


def _block_mean(pixels: NDArray[Any], step: int) -> NDArray[Any]:
    if step == 1:
        return pixels
    import cv2

    height, width, channels = pixels.shape
    down, right = -height % step, -width % step
    if down or right:  # only the last row and column of tiles
        pixels = np.pad(pixels, ((0, down), (0, right), (0, 0)), mode="edge")
    size = ((width + right) // step, (height + down) // step)
    mean = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    shaped: NDArray[Any] = mean.reshape(size[1], size[0], channels)
    return shaped


def _eight(values: NDArray[Any]) -> NDArray[np.uint8]:
    rounded: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded
