"""What a picture file or an array holds, as a few words to compare.

Decoded with libvips, not with the program's own readers, which may change.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from numpy.typing import NDArray

ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"}
SIDE = 12
"""Fields across and down of a small digest."""

MOST, MEAN = 10, 2.5
"""A small digest may differ by so much of 255 in one field, and on the average."""

Samples = NDArray[Any]


def digest(data: bytes) -> str:
    """A short hex digest."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def exact(pixels: Samples) -> str:
    """A digest that any changed sample changes."""
    head = f"{pixels.shape}{pixels.dtype.name}".encode()
    return digest(head + np.ascontiguousarray(pixels).tobytes())


def small(pixels: Samples) -> str:
    """Mean colours of 12 × 12 fields as hex, for pictures that other processors make otherwise."""
    values = pixels.astype(np.float64) / np.iinfo(pixels.dtype).max
    values = values[:, :, :3] if values.shape[2] >= 3 else values[:, :, :1].repeat(3, axis=2)
    rows, columns = _parts(values.shape[0]), _parts(values.shape[1])
    fields = [
        values[top:bottom, left:right].mean(axis=(0, 1))
        for top, bottom in rows
        for left, right in columns
    ]
    return bytes(np.rint(np.array(fields) * 255).astype(np.uint8).ravel()).hex()


def _parts(length: int) -> list[tuple[int, int]]:
    edges = [length * i // SIDE for i in range(SIDE + 1)]
    return [(a, max(b, a + 1)) for a, b in pairwise(edges)]


def alike(one: str, other: str) -> bool:
    """True if two small digests are those of the same picture within the tolerance."""
    a, b = (np.frombuffer(bytes.fromhex(text), np.uint8).astype(int) for text in (one, other))
    if a.shape != b.shape:
        return False
    difference = np.abs(a - b)
    return bool(difference.max() <= MOST and difference.mean() <= MEAN)


def described(path: Path, *, loose: bool) -> dict[str, Any]:
    """A picture file: size, samples, profile, and its pixels (`loose`: roughly)."""
    image = pyvips.Image.new_from_file(str(path))
    pixels: Samples = image.numpy()
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    told: dict[str, Any] = {
        "format": str(image.get("vips-loader")).removesuffix("load"),
        "size": [image.width, image.height],
        "samples": f"{image.bands} × {pixels.dtype.name}",
        "dpi": [round(image.xres * 25.4, 1), round(image.yres * 25.4, 1)],
    }
    for name, field in (("profile", "icc-profile-data"), ("exif", "exif-data")):
        if image.get_typeof(field):
            told[name] = digest(image.get(field))
    if loose:
        told["small"] = small(pixels)
    else:
        told["pixels"] = exact(pixels)
    return told
