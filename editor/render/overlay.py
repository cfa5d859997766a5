from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from editor.model.image import TILE, Image, Pixels, Tile
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import icc
from editor.render.adjustments.geometry import Frame
from editor.render.color import SRGB, ColorSpace, Floats, scaled, space_of
from editor.render.detail import DETAIL, apply_gain_offset
from editor.render.palette_shift import PaletteShift

_SAME = 2e-4
"""A gain this close to one and an offset this close to zero are rounding; bytes stay."""

_LEAST_SHARE = 1 / 255
"""So little of a movement of colours is rounding."""

_LOBES = 3.0
"""Lanczos window in samples: sharp, and clear of the source's grid."""


class Overlay:
    """A model's pixels laid over the source, rendered tile by tile.

    The patch's pixels are sRGB (what models work in) and are converted to the source's space; the
    reflected padding is left out. Resampling is separable Lanczos at exact pixel centres, widened
    where the work size is finer than the result. A grey source stays grey unless the patch has
    colour anywhere. A patch with the parameter `DETAIL` holds what to do to the source's own
    pixels instead of new ones (`editor.render.detail`); one with `PALETTE_SHIFT` holds how its
    colours move, and where (`editor.render.palette_shift`).
    """

    def __init__(
        self, source: Image, patch: Patch, selection: Selection | None, scale: float = 1.0
    ) -> None:
        """Prepare; `source`, `selection` and `scale` as for `composite.render`."""
        assert patch.pixels is not None
        assert patch.placement is not None
        self.source = source
        self.frame = Frame(source.width, source.height, source.width, source.height)
        self._selection = selection
        self._placement = patch.placement
        self._scale = scale
        left, top, right, bottom = patch.placement.padding
        height, width = patch.pixels.shape[:2]
        self._detailed = DETAIL in dict(patch.parameters)
        self._palette = PaletteShift.of(patch.parameters)
        pixels = patch.pixels
        if self._detailed:  # gain above offset: side by side in one array of six channels
            height //= 2
            pixels = np.concatenate([pixels[:height], pixels[height:]], axis=2)
        self._pixels = pixels[top : height - bottom, left : width - right]
        self._gains_colour = source.colour_channels == 1 and (
            self._palette is not None
            or any(
                _has_colour(self._pixels[:, :, first : first + 3])
                for first in range(0, self._pixels.shape[2], 3)
            )
        )
        self.channels = source.channels + (2 if self._gains_colour else 0)
        self.meta = source.meta
        if self._gains_colour and source.meta.icc:
            self.meta = replace(source.meta, icc=icc.rgb_from_grey(source.meta.icc))
        self._space: ColorSpace = space_of(self.meta.icc, 3 if self.channels > 2 else 1)
        crop = patch.placement.crop
        self._area = Rect(
            round(crop.x * scale),
            round(crop.y * scale),
            max(1, round(crop.right * scale) - round(crop.x * scale)),
            max(1, round(crop.bottom * scale) - round(crop.y * scale)),
        ).intersect(source.bounds)

    def tile(self, rect: Rect) -> Tile:
        """The finished tile at a rectangle of the tile grid."""
        own = self.source.tile(rect.x // TILE, rect.y // TILE)
        part = rect.intersect(self._area)
        coverage = None
        if self._selection is not None and not part.is_empty:
            coverage = self._selection.read(part)
        nothing = part.is_empty or (coverage is not None and not coverage.any())
        if nothing and not self._gains_colour:
            return own
        whole = own.pixels
        if self._gains_colour:
            whole = whole[:, :, [0, 0, 0] + ([1] if self.source.has_alpha else [])]
        if nothing:
            return Tile(whole)
        whole = whole.copy()
        window = whole[
            part.y - rect.y : part.bottom - rect.y, part.x - rect.x : part.right - rect.x
        ]
        colours = self.channels - (1 if self.source.has_alpha else 0)
        original = window[:, :, :colours]
        laid = self._resampled(part)
        untouched = np.zeros(original.shape[:2], np.bool_) if coverage is None else coverage == 0
        if self._detailed:
            gain, offset = laid[:, :, :3], laid[:, :, 3:]
            even = (np.abs(gain - 1) < _SAME) & (np.abs(offset) < _SAME)
            untouched |= even.all(axis=2)
            laid = apply_gain_offset(self._space.converted(original, SRGB), gain, offset)
        elif self._palette is not None:
            share = np.clip(laid[:, :, :1], 0.0, 1.0)
            untouched |= share[:, :, 0] < _LEAST_SHARE
            laid = self._palette.apply(self._space.converted(original, SRGB), share)
        else:
            laid = np.clip(laid, 0.0, 1.0)
        laid = SRGB.converted(np.ascontiguousarray(laid, np.float32), self._space)
        after = laid * np.float32(self.source.maximum)
        if coverage is not None:
            share = coverage.astype(np.float32)[:, :, None] * np.float32(1 / 255)
            after = np.where(share >= 1.0, after, original + (after - original) * share)
        new = np.rint(np.clip(after, 0.0, self.source.maximum)).astype(whole.dtype)
        if self.source.has_alpha:
            untouched |= window[:, :, -1] == 0
        window[:, :, :colours] = np.where(untouched[:, :, None], original, new)
        made = Tile(whole)
        return own if own.digest == made.digest else made

    def _resampled(self, part: Rect) -> Floats:
        """The patch's numbers over a part of the result, (h, w, 3) or (h, w, 6)."""
        place = self._placement
        height, width = self._pixels.shape[:2]
        down, rows = lanczos_weights(
            part.y, part.bottom, place.crop.y, place.scale, self._scale, height
        )
        across, columns = lanczos_weights(
            part.x, part.right, place.crop.x, place.scale, self._scale, width
        )
        window = scaled(self._pixels[rows, columns])
        mixed = np.einsum("yh,hwc->ywc", down, window, optimize=True)
        return np.asarray(np.einsum("xw,ywc->yxc", across, mixed, optimize=True), np.float32)


def lanczos_weights(
    start: int, stop: int, origin: int, work_scale: float, level_scale: float, size: int
) -> tuple[Floats, slice]:
    """Lanczos weights along one axis, (stop − start, taps), and the samples they apply to.

    Args:
        start: first sample wanted, of a grid of `level_scale` samples per full-size pixel.
        stop: the one after the last.
        origin: full-size pixel at which the `size` given samples begin.
        work_scale: given samples per full-size pixel.
        level_scale: wanted samples per full-size pixel.
        size: how many samples are given.
    """
    step = work_scale / level_scale
    at = ((np.arange(start, stop) + 0.5) / level_scale - origin) * work_scale - 0.5
    stretch = max(1.0, step)
    reach = _LOBES * stretch
    first = int(np.clip(np.floor(at[0] - reach), 0, size - 1))
    last = int(np.clip(np.ceil(at[-1] + reach), 0, size - 1))
    distance = (at[:, None] - np.arange(first, last + 1)[None, :]) / stretch
    inside = np.abs(distance) < _LOBES
    kernel = np.where(inside, np.sinc(distance) * np.sinc(distance / _LOBES), 0.0)
    total = kernel.sum(axis=1, keepdims=True)
    # Far outside the work pixels nothing is in reach: repeat the nearest.
    lost = np.abs(total) < 1e-6
    nearest = np.zeros_like(kernel)
    nearest[np.arange(at.size), np.abs(distance).argmin(axis=1)] = 1.0
    kernel = np.where(lost, nearest, kernel / np.where(lost, 1.0, total))
    return np.asarray(kernel, np.float32), slice(first, last + 1)


def _has_colour(pixels: NDArray[np.generic]) -> bool:
    """True if the channels differ by more than rounding anywhere."""
    values: Pixels = scaled(pixels)
    return bool((values.max(axis=2) - values.min(axis=2)).max(initial=0.0) > 1.5 / 255)
