"""Pixels to bytes and back, lossless.

Green is taken from red and blue, each row from the row above, and the low and high bytes are
kept apart; zstd level 1 packs the rest. Chosen by measurement: docs/document-file.md.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

ROWS = 1
"""The only codec so far: row differences in byte planes, zstd."""

LEVEL = 1


class _Own(threading.local):
    """zstd contexts may not be shared by threads."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=False)
        self.decompressor = zstandard.ZstdDecompressor()


_own = _Own()


def encode(pixels: NDArray[Any]) -> bytes:
    """Pack (h, w, C) `uint8`, `uint16` or `float16` (as its bits)."""
    words = pixels.view(np.uint16) if pixels.dtype == np.float16 else pixels
    # A copy in planes: one contiguous (h, w) sheet per channel.
    planes = np.array(np.moveaxis(words, 2, 0), order="C")
    if planes.shape[0] >= 3:
        planes[0] -= planes[1]
        planes[2] -= planes[1]
    difference = np.empty_like(planes)
    difference[:, 0] = planes[:, 0]
    np.subtract(planes[:, 1:], planes[:, :-1], out=difference[:, 1:])
    if difference.dtype == np.uint16:
        # Numpy's copies let other threads run meanwhile, joining `bytes` does not.
        pairs = difference.astype("<u2", copy=False).view(np.uint8).reshape(-1, 2)
        return _own.compressor.compress(np.ascontiguousarray(pairs.T).data)
    return _own.compressor.compress(difference.data)


def decode(data: bytes, shape: tuple[int, int, int], dtype: str) -> NDArray[Any]:
    """Unpack what `encode` made; the result is read-only.

    Raises:
        ValueError: the bytes are not a whole packed block of exactly this shape.
    """
    height, width, channels = shape
    wide = dtype != "uint8"
    count = height * width * channels
    size = count * (2 if wide else 1)
    try:
        # The frame states its size; checked first so that a small block cannot fill memory.
        if zstandard.frame_content_size(data) != size:
            raise ValueError("packed block has another size")
        raw = np.frombuffer(_own.decompressor.decompress(data, max_output_size=size), np.uint8)
    except zstandard.ZstdError as error:
        raise ValueError(f"packed block is damaged: {error}") from error
    if raw.size != size:
        raise ValueError("packed block is cut short")
    planes: NDArray[Any]
    if wide:
        planes = raw[count:].astype(np.uint16)
        planes <<= 8
        planes |= raw[:count]
    else:
        planes = raw.copy()
    planes = planes.reshape(channels, height, width)
    # Running sum over rows in log2(h) whole-array steps: five times faster than accumulate.
    step = 1
    while step < height:
        planes[:, step:] = planes[:, step:] + planes[:, :-step]
        step *= 2
    if channels >= 3:
        planes[0] += planes[1]
        planes[2] += planes[1]
    out = np.empty(shape, planes.dtype)
    for channel in range(channels):
        out[:, :, channel] = planes[channel]
    if dtype == "float16":
        out = out.view(np.float16)
    out.flags.writeable = False
    return out
