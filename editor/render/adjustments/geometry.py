from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, cos, floor, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image, Pixels
from editor.model.rect import Rect
from editor.model.selection import Coverage, Selection
from editor.render.adjustments.orientation import Orientation
from editor.render.adjustments.parameters import Adjustments
from editor.render.color import Floats, scaled

Matrix = NDArray[np.float64]

_MARGIN = 6
"""Source pixels read around what is needed by the resampling kernels."""


@dataclass(frozen=True)
class Frame:
    """Where the result's pixels lie on the source.

    Attributes:
        source_width: pixels, of the source after `orientation`.
        source_height: pixels, of the source after `orientation`.
        width: of the result.
        height: of the result.
        degrees: rotation, clockwise positive.
        orientation: flip and quarter turns, before everything else.
    """

    source_width: int
    source_height: int
    width: int
    height: int
    degrees: float = 0.0
    orientation: Orientation = field(default_factory=Orientation)

    @classmethod
    def of(cls, width: int, height: int, adjustments: Adjustments) -> Frame:
        """The largest upright crop of the wanted proportions inside the turned picture.

        Without `crop_ratio` the picture's own proportions are kept.

        Args:
            width: of the source, pixels.
            height: of the source, pixels.
            adjustments: what to do.
        """
        orientation = Orientation.of(adjustments)
        width, height = orientation.size(width, height)
        if not adjustments.straighten and adjustments.crop_ratio is None:
            return cls(width, height, width, height, orientation=orientation)
        across, down = adjustments.crop_ratio or (width, height)
        ratio = across / down
        c = cos(radians(adjustments.straighten))
        s = abs(sin(radians(adjustments.straighten)))
        wide = min(width / (c + s / ratio), height / (s + c / ratio))
        return cls(
            width,
            height,
            max(1, min(width, floor(wide + 1e-6))),
            max(1, min(height, floor(wide / ratio + 1e-6))),
            adjustments.straighten,
            orientation,
        )

    @property
    def bounds(self) -> Rect:
        """The result's rectangle."""
        return Rect(0, 0, self.width, self.height)

    @property
    def is_same(self) -> bool:
        """True if every pixel stays where it is."""
        return (
            self.orientation.is_same
            and self.degrees == 0.0
            and self.width == self.source_width
            and self.height == self.source_height
        )

    @property
    def is_nearly_same(self) -> bool:
        """True if nothing moves and at most one row or column goes, by rounding of a ratio."""
        lost = max(self.source_width - self.width, self.source_height - self.height)
        return self.orientation.is_same and self.degrees == 0.0 and lost <= 1

    def read(self, image: Image, rect: Rect) -> Pixels:
        """Samples of the result's rectangle, (h, w, C).

        Whole samples of the image's type while nothing turns; else float32 0..1, resampled,
        colours weighted by alpha.
        """
        if self.degrees == 0.0:
            return self.orientation.read(image, rect.shift(*self._offset))
        window, matrix, start = self._window(rect)
        pixels = scaled(self.orientation.read(image, window))
        colours = image.colour_channels
        if not image.has_alpha:
            return np.asarray(np.clip(_resample(pixels, matrix, start, rect, 2), 0.0, 1.0))
        alpha = pixels[:, :, colours:]
        weighted = np.concatenate([pixels[:, :, :colours] * alpha, alpha], axis=2)
        turned = _resample(weighted, matrix, start, rect, 2)
        cover = np.clip(turned[:, :, colours:], 0.0, 1.0)
        plain = _resample(pixels[:, :, :colours], matrix, start, rect, 1)
        inside = turned[:, :, :colours] / np.maximum(cover, 1e-6)
        colour = np.where(cover > 1e-3, inside, plain)
        return np.asarray(np.clip(np.concatenate([colour, cover], axis=2), 0.0, 1.0))

    def read_coverage(self, selection: Selection, rect: Rect) -> Coverage:
        """Coverage over the result's rectangle, (h, w) `uint8`."""
        if self.degrees == 0.0:
            return self.orientation.read(selection.coverage, rect.shift(*self._offset))[:, :, 0]
        window, matrix, start = self._window(rect)
        plane = self.orientation.read(selection.coverage, window).astype(np.float32)
        return np.rint(_resample(plane, matrix, start, rect, 1)[:, :, 0]).astype(np.uint8)

    @property
    def _offset(self) -> tuple[int, int]:
        return (self.source_width - self.width) // 2, (self.source_height - self.height) // 2

    def _window(self, rect: Rect) -> tuple[Rect, Matrix, Matrix]:
        """Source window of a rectangle; matrix and start, (x, y), from its pixels to that."""
        c, s = cos(radians(self.degrees)), sin(radians(self.degrees))
        matrix = np.array([[c, s], [-s, c]])
        middle = np.array([self.width / 2.0, self.height / 2.0])
        source_middle = np.array([self.source_width / 2.0, self.source_height / 2.0])
        corners = np.array([(x, y) for x in (rect.x, rect.right) for y in (rect.y, rect.bottom)])
        placed = (corners - middle) @ matrix.T + source_middle
        left, top = placed.min(axis=0)
        right, bottom = placed.max(axis=0)
        window = Rect(
            floor(left) - _MARGIN,
            floor(top) - _MARGIN,
            ceil(right - left) + 2 * _MARGIN + 2,
            ceil(bottom - top) + 2 * _MARGIN + 2,
        ).intersect(Rect(0, 0, self.source_width, self.source_height))
        # Pixel centres on both sides: whole numbers plus a half.
        first = np.array([rect.x + 0.5, rect.y + 0.5]) - middle
        start = matrix @ first + source_middle - 0.5 - np.array([window.x, window.y])
        return window, matrix, start


def _resample(pixels: Floats, matrix: Matrix, start: Matrix, rect: Rect, fine: int) -> Floats:
    """Pixels of a window turned onto `rect`, (h, w, C).

    Enlarged `fine` times by Lanczos first: OpenCV places samples on a grid of 1/32 pixel, and a
    cubic on the finer grid also keeps more detail (round trip of a photograph by 4°: rms 1.9 of
    255, against 2.3 for a cubic B-spline and 2.8 for the cubic alone).
    """
    height, width = pixels.shape[:2]
    how = cv2.INTER_LINEAR
    if fine > 1:
        size = (width * fine, height * fine)
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_LANCZOS4)
        how = cv2.INTER_CUBIC
    offset = (start + 0.5) * fine - 0.5
    affine = np.hstack([matrix * fine, offset[:, None]])
    out: Floats = cv2.warpAffine(
        pixels,
        affine,
        (rect.width, rect.height),
        flags=how | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return out.reshape(rect.height, rect.width, -1)
