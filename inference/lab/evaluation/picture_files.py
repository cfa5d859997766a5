"""Photographs of a folder, for protocols that measure on real ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.errors import UnsupportedImage
from editor.formats import open_image, thumbnail

_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp")


def picture_files(folder: Path) -> list[Path]:
    """Every picture file in a folder and below, by name."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in _ENDINGS)


def reduced_pictures(folder: Path, side: int) -> Iterator[tuple[Path, NDArray[np.uint8]]]:
    """The pictures that can be read, upright, reduced by area to a longest side; (h, w, 3) sRGB."""
    for path in picture_files(folder):
        try:
            image = open_image(path).image
        except UnsupportedImage:
            continue
        yield path, thumbnail(image, side)[:, :, :3]
