"""Which pixels are the subject of a picture, at full size, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from editor.formats import thumbnail
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Coverage
from editor.render.color import SRGB, ColorSpace, Floats, scaled
from inference.request.cancel import CancelCheck
from inference.vision.guided_filter import guide_coefficients, guided

SIDE: Final = 256
"""Of the square that the network sees."""

GUIDE: Final = 512
"""Longest side of the picture on which the mask is fitted to colours: twice the network's."""

_WINDOW: Final = 100
"""The fit's window has a radius of one in so many pixels of the longer side."""

_MARGIN: Final = 0.15
"""Of the subject's own size, seen around it at the second look."""

_CERTAIN: Final = (0.25, 0.85)
"""Values of the fitted mask that count as outside and inside: the fit leaves a faint halo."""

_LARGE: Final = 0.8
"""Share of the picture from which a subject is not looked at a second time."""


class Segmentation(Protocol):
    """What this module needs of a loaded network; `LoadedSegmentation` satisfies it."""

    def coverage(self, picture: Tensor) -> Tensor:
        """(3, 256, 256) float 0..1 to (256, 256) float32 0..1."""


@dataclass(frozen=True, eq=False)
class Subject:
    """What was found in a picture.

    Attributes:
        coverage: (H, W), of the picture's size.
        confidence: how far the network marks the same in the picture and in its mirror image: area
            of what both mark to that of what either marks, 0..1. On what it was not made for it
            follows chance, which a mirror changes.
    """

    coverage: Coverage
    confidence: float


def find_subject(network: Segmentation, source: Image, check: CancelCheck) -> Subject:
    """Find the subject of a picture.

    The network sees all of it and then, closer, what it found; both as they are and mirrored. The
    mean is fitted to the picture's colours (`guided_filter`), so that edges are those of the full
    size.

    Args:
        network: marks people.
        source: any picture; tiles are read one by one.
        check: called between looks and tiles; what it raises passes.
    """
    picture = thumbnail(source, 2 * GUIDE)[:, :, :3].astype(np.float32) / np.float32(255)
    height, width = picture.shape[:2]
    found, confidence = _looked(network, picture, check)
    mask = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
    place = _around(mask)
    if not place.is_empty and place.width * place.height < _LARGE * width * height:
        part = picture[place.y : place.bottom, place.x : place.right]
        closer, _ = _looked(network, part, check)
        second = np.zeros_like(mask)
        second[place.y : place.bottom, place.x : place.right] = cv2.resize(
            closer, (place.width, place.height), interpolation=cv2.INTER_LINEAR
        )
        mask = (mask + second) / 2
    return Subject(_full_size(source, picture, mask, check), confidence)


def _looked(network: Segmentation, picture: Floats, check: CancelCheck) -> tuple[Floats, float]:
    """What the network marks, (256, 256), the mean of the picture and its mirror; how alike."""
    square = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    marks = []
    for pixels in (square, square[:, ::-1]):
        check()
        values = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
        marks.append(network.coverage(values).numpy())
    one, other = marks[0], marks[1][:, ::-1]
    either = np.count_nonzero((one > 0.5) | (other > 0.5))
    both = np.count_nonzero((one > 0.5) & (other > 0.5))
    return (one + other) / 2, both / either if either else 0.0


def _around(mask: Floats) -> Rect:
    """The rectangle of what is marked and a margin around it."""
    marked = mask > 0.5
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return Rect(0, 0, 0, 0)
    box = Rect(int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    margin = round(_MARGIN * max(box.width, box.height))
    return box.grow(margin).intersect(Rect(0, 0, mask.shape[1], mask.shape[0]))


def _full_size(source: Image, picture: Floats, mask: Floats, check: CancelCheck) -> Coverage:
    """The mask fitted to the picture's own colours, tile by tile."""
    scale = min(1.0, GUIDE / max(source.width, source.height))
    size = (max(1, round(source.width * scale)), max(1, round(source.height * scale)))
    guide = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    gain, offset = guide_coefficients(guide, small, max(1, max(size) // _WINDOW))
    coefficients = np.concatenate([gain, offset[:, :, None]], axis=2)
    space = ColorSpace.of(source)
    outside, inside = _CERTAIN
    made: NDArray[np.uint8] = np.empty((source.height, source.width), np.uint8)
    for column, row, place in source.grid():
        check()
        pixels = source.tile(column, row).pixels[:, :, : source.colour_channels]
        colours = scaled(pixels) if space.is_srgb else space.converted(pixels, SRGB)
        if colours.shape[2] == 1:
            colours = np.repeat(colours, 3, axis=2)
        fitted = _enlarged(coefficients, place, source)
        values = guided(fitted[:, :, :3], fitted[:, :, 3], colours)
        share = np.clip((values - outside) / (inside - outside), 0.0, 1.0)
        made[place.y : place.bottom, place.x : place.right] = np.rint(share * 255)
    return made


def _enlarged(small: Floats, place: Rect, source: Image) -> Floats:
    """A rectangle of what (h, w, C) is at the size of the source, linear between its pixels."""
    across, down = small.shape[1] / source.width, small.shape[0] / source.height
    to_small = np.array(
        [
            [across, 0.0, (place.x + 0.5) * across - 0.5],
            [0.0, down, (place.y + 0.5) * down - 0.5],
        ]
    )
    large: Floats = cv2.warpAffine(
        small,
        to_small,
        (place.width, place.height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return large
