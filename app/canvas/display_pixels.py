"""Pixels on their way to the screen: any depth and mode to premultiplied 8-bit BGRA."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from editor.model.image import Pixels

Array8 = NDArray[np.uint8]
ColorTransform = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]


def to_display(pixels: Pixels, transform: ColorTransform | None = None) -> Array8:
    """Converts a tile to what is drawn.

    Args:
        pixels: (h, w) or (h, w, c) with c = 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; `uint8` or
            `uint16`.
        transform: picture profile to display profile, applied to (h, w, 3) `uint8` RGB.

    Returns:
        (h, w, 4) `uint8`, BGRA, premultiplied, contiguous.
    """
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.dtype == np.uint16:
        # v / 257 rounded, without leaving 16 bits for the largest value.
        pixels = ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
    data = np.ascontiguousarray(pixels, np.uint8)
    channels = data.shape[2]
    alpha = data[:, :, channels - 1] if channels in (2, 4) else None
    rgb = data[:, :, :3] if channels >= 3 else np.repeat(data[:, :, :1], 3, axis=2)
    if transform is not None:
        rgb = transform(np.ascontiguousarray(rgb))
    out = np.empty((*data.shape[:2], 4), np.uint8)
    out[:, :, 0], out[:, :, 1], out[:, :, 2] = rgb[:, :, 2], rgb[:, :, 1], rgb[:, :, 0]
    out[:, :, 3] = 255
    if alpha is not None and int(alpha.min()) < 255:
        share = alpha.astype(np.uint16)[:, :, None]
        premultiplied = (out[:, :, :3].astype(np.uint16) * share + 127) // 255
        out[:, :, :3] = premultiplied.astype(np.uint8)
        out[:, :, 3] = alpha
    return out


def opaque(display: Array8) -> bool:
    """Returns True when no pixel lets the checkerboard through."""
    return bool(display[:, :, 3].min() == 255)


def halve(display: Array8) -> Array8:
    """Returns the 2 × 2 box average; odd edges are repeated first."""
    import cv2  # 0.1 s, and the window can be shown without

    height, width = display.shape[:2]
    if height % 2 or width % 2:
        repeat = cv2.BORDER_REPLICATE
        display = cast(Array8, cv2.copyMakeBorder(display, 0, height % 2, 0, width % 2, repeat))
    half = ((width + 1) // 2, (height + 1) // 2)
    return cast(Array8, cv2.resize(display, half, interpolation=cv2.INTER_AREA))


def wrap_display(display: Array8, *, is_opaque: bool | None = None) -> QImage:
    """Wraps display pixels as an image without copying; the caller keeps the array alive."""
    height, width = display.shape[:2]
    kind = QImage.Format.Format_ARGB32_Premultiplied
    if opaque(display) if is_opaque is None else is_opaque:
        kind = QImage.Format.Format_RGB32  # opaque tiles are drawn without blending
    return QImage(display.data, width, height, display.strides[0], kind)


def image_array(image: QImage) -> Array8:
    """Returns (h, w, 4) BGRA of an image, a copy, whatever its format and stride."""
    kind = QImage.Format.Format_ARGB32_Premultiplied
    it = image if image.format() == kind else image.convertToFormat(kind)
    height, width, stride = it.height(), it.width(), it.bytesPerLine()
    rows = np.frombuffer(it.constBits(), np.uint8, height * stride).reshape(height, stride)
    return rows[:, : width * 4].reshape(height, width, 4).copy()
