from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from editor.model.image import Image
from editor.model.patch import Placement
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import mip
from editor.render.color import SRGB, ColorSpace, Floats, scaled
from editor.render.overlay import lanczos_weights

_LONGEST = 1.5
"""Longest ratio of sides at which a model made for squares still draws well."""

CONTEXT = 0.5
"""Margin around a selection on each side, as a share of its longer side, unless it is set."""

_SLACK = 1e-6


@dataclass(frozen=True)
class Framing:
    """What part of a picture a model sees, and how large.

    Attributes:
        crop: in source pixels.
        scale: work pixels per source pixel, the same across and down.
        width, height: work pixels that the crop covers.
        padding: reflected work pixels left, top, right, bottom of them.
    """

    crop: Rect
    scale: float
    width: int
    height: int
    padding: tuple[int, int, int, int]

    @property
    def work_size(self) -> tuple[int, int]:
        """Width and height of what the model sees, padding included."""
        left, top, right, bottom = self.padding
        return self.width + left + right, self.height + top + bottom

    def finer(self, times: int) -> Framing:
        """The same part of the picture in `times` as many work pixels along a side."""
        left, top, right, bottom = self.padding
        padding = (left * times, top * times, right * times, bottom * times)
        return Framing(
            self.crop, self.scale * times, self.width * times, self.height * times, padding
        )

    @property
    def placement(self) -> Placement:
        """How the model's output lies on the source."""
        return Placement(self.crop, self.scale, self.padding)


def frame(
    bounds: Rect,
    selection: Selection | None,
    side: int,
    multiple: int,
    work_size: tuple[int, int] = (0, 0),
    context: float = CONTEXT,
) -> Framing:
    """Choose crop and work size.

    Without a selection the model sees the whole picture, with one the selection and what lies
    around it. Its area is that of the model's own square; sides are padded up to the multiple, so
    the aspect is kept exactly.

    Args:
        bounds: of the source.
        selection: None for everywhere.
        side: of the square in pixels that the model was made for.
        multiple: of which both work sides must be.
        work_size: (width, height) that the padded picture must have; (0, 0) chooses.
        context: how much of what lies around a selection is seen on each side, as a share of the
            selection's longer side.
    """
    crop = bounds
    if selection is not None and not selection.is_empty:
        inner = selection.bounds
        margin = max(inner.width, inner.height) * context
        short = side - min(inner.width, inner.height)
        crop = inner.grow(math.ceil(max(margin, short / 2))).intersect(bounds)
    if work_size != (0, 0):
        scale = min(work_size[0] / crop.width, work_size[1] / crop.height)
    else:
        scale = side / math.sqrt(crop.width * crop.height)
        scale = min(scale, _LONGEST * side / max(crop.width, crop.height))
    width = max(1, math.ceil(crop.width * scale - _SLACK))
    height = max(1, math.ceil(crop.height * scale - _SLACK))
    wanted = work_size if work_size != (0, 0) else (width, height)
    across = -(-wanted[0] // multiple) * multiple - width
    down = -(-wanted[1] // multiple) * multiple - height
    padding = (across // 2, down // 2, across - across // 2, down - down // 2)
    return Framing(crop, scale, width, height, padding)


def work_picture(source: Image, framing: Framing) -> Floats:
    """What the model sees: (h, w, 3) float32 0..1, sRGB, padded by reflection.

    Resampled by Lanczos at exact pixel centres from the nearest larger mip level; transparent
    pixels take the colour of the nearest opaque ones.
    """
    level = 0
    while framing.scale * 2 ** (level + 1) <= 0.5:
        level += 1
    crop = framing.crop
    # Crop on the grid of the mip level, with room for the filter.
    step = 2**level
    room = step * 8 + math.ceil(4 / framing.scale)
    wide = crop.grow(room)
    left, top = wide.x // step * step, wide.y // step * step
    wide = Rect(left, top, wide.right - left, wide.bottom - top).intersect(source.bounds)
    part = source
    if wide != source.bounds:
        part = Image.from_array(source.read(wide), source.meta)
    small = mip.level(part, level).array()
    origin = (crop.x - wide.x, crop.y - wide.y)
    values = _colours(small, source)
    opaque = None
    if source.has_alpha:
        opaque = scaled(small[:, :, -1:])
        values = values * opaque
    framed = _resampled(values, framing, origin, 1 / step)
    if opaque is not None:
        framed = _filled(framed, _resampled(opaque, framing, origin, 1 / step))
    left, top, right, bottom = framing.padding
    framed = np.clip(framed, 0.0, 1.0)
    padded = np.pad(framed, ((top, bottom), (left, right), (0, 0)), mode="reflect")
    return np.ascontiguousarray(padded, np.float32)


def _colours(pixels: Floats, source: Image) -> Floats:
    space = ColorSpace.of(source)
    return space.converted(pixels[:, :, : source.colour_channels], SRGB)


def _resampled(
    values: Floats, framing: Framing, origin: tuple[int, int], level_scale: float
) -> Floats:
    """The crop at work size; `values` begin `origin` source pixels before it."""
    height, width = values.shape[:2]
    # The grid of work pixels begins at the crop, that of the values `origin` pixels before it.
    across, columns = lanczos_weights(
        0, framing.width, -origin[0], level_scale, framing.scale, width
    )
    down, rows = lanczos_weights(0, framing.height, -origin[1], level_scale, framing.scale, height)
    mixed = np.einsum("yh,hwc->ywc", down, values[rows, columns], optimize=True)
    return np.asarray(np.einsum("xw,ywc->yxc", across, mixed, optimize=True), np.float32)


def _filled(colours_in: Floats, opaque: Floats) -> Floats:
    """Colours without alpha; transparent pixels take that of the nearest opaque one."""
    from scipy.ndimage import distance_transform_edt

    share = np.clip(opaque, 0.0, 1.0)
    solid = share[:, :, 0] > 1 / 255
    colours = np.divide(colours_in, share, out=np.zeros_like(colours_in), where=solid[:, :, None])
    if solid.all() or not solid.any():
        return colours
    nearest = distance_transform_edt(~solid, return_distances=False, return_indices=True)
    filled: Floats = colours[nearest[0], nearest[1]]
    return filled
