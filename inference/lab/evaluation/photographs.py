from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from editor.errors import ExpectedError, UnsupportedImage
from editor.formats.load import open_image
from editor.model.image import Image
from editor.model.selection import Selection
from editor.ranking.measures import Measures, measure
from editor.render.adjustments.parameters import HUES
from editor.render.color import ColorSpace


@dataclass(frozen=True, eq=False)
class Photograph:
    """A photograph at evaluation size, with what decides which phrases are fair on it."""

    name: str
    image: Image

    @cached_property
    def measures(self) -> Measures:
        """Its own quantities (before and after are the same)."""
        pixels = self.image.array()[:, :, : self.image.colour_channels]
        space = ColorSpace.of(self.image)
        return measure(pixels, pixels, space, space)

    def fits(self, kind: str) -> bool:
        """True if a phrase with this `photo` entry is fair on it (`tests/data/README.md`)."""
        chroma, lightness = self.measures["chroma"][0], self.measures["lightness"][0]
        rules = {
            "any": True,
            "spot": True,
            "colour": chroma >= 10,
            "muted": chroma <= 10,
            "dark": lightness <= 45,
            "bright": lightness >= 55,
        }
        if kind in rules:
            return rules[kind]
        hues = kind.split("+")
        if any(hue not in HUES for hue in hues):
            raise ValueError(f"unknown kind of photograph {kind!r}")
        return all(self.measures.hue_shares.get(hue, 0.0) >= 0.05 for hue in hues)

    def ellipse(self) -> Selection:
        """A sharp ellipse in the middle, half as wide and high as the picture."""
        coverage = np.zeros((self.image.height, self.image.width), np.uint8)
        centre = (self.image.width // 2, self.image.height // 2)
        axes = (self.image.width // 4, self.image.height // 4)
        cv2.ellipse(coverage, centre, axes, 0, 0, 360, 255, -1)
        return Selection.from_array(coverage)

    def with_spot(self) -> Image:
        """The picture with a dark disc at the lightest place well inside the ellipse."""
        pixels = self.image.array().copy()
        height, width = pixels.shape[:2]
        radius = max(3, min(width, height) // 40)
        light = pixels[:, :, : self.image.colour_channels].mean(axis=2).astype(np.float32)
        light = cv2.blur(light, (4 * radius + 1, 4 * radius + 1))
        y0, x0 = height // 2 - height // 10, width // 2 - width // 10
        part = light[y0 : y0 + height // 5, x0 : x0 + width // 5]
        y, x = np.unravel_index(int(part.argmax()), part.shape)
        ys, xs = np.mgrid[:height, :width]
        disc = (ys - (y0 + y)) ** 2 + (xs - (x0 + x)) ** 2 <= radius**2
        pixels[disc, : self.image.colour_channels] //= 6
        return Image.from_array(pixels, self.image.meta)


def reduced(image: Image, pixels: int) -> Image:
    """Reduced to at most `limit` pixels, averaged; metadata kept."""
    factor = (pixels / (image.width * image.height)) ** 0.5
    if factor >= 1:
        return image
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    small = cv2.resize(image.array(), size, interpolation=cv2.INTER_AREA)
    return Image.from_array(small.reshape(size[1], size[0], image.channels), image.meta)


def is_mask(image: Image) -> bool:
    """True for black and white with hardly anything between, as masks beside photographs are."""
    values = image.array()[:, :, : image.colour_channels].astype(np.float32) / image.maximum
    ends = (values < _NEAR) | (values > 1 - _NEAR)
    colour = float(np.abs(values - values[:, :, :1]).max())
    return colour < _NEAR and float(ends.mean()) >= _MASK


_NEAR = 1 / 16
_MASK = 0.98
"""Share of black and white from which a grey picture is a mask; edges of masks may be soft."""


def photographs(directory: Path, pixels: int) -> list[Photograph]:
    """Every picture of a folder (and its folders) that can be read, reduced, by name; no masks.

    Raises:
        UnsupportedImage: there is none.
    """
    found = []
    for path in sorted(directory.rglob("*")) if directory.is_dir() else []:
        if path.suffix.lower() not in {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"}:
            continue
        try:
            image = open_image(path).image
        except ExpectedError:
            continue
        if not is_mask(image):
            found.append(Photograph(path.name, reduced(image, pixels)))
    if not found:
        raise UnsupportedImage(
            f"There is no picture that can be read in {directory.name}.", "Name another folder."
        )
    return found
