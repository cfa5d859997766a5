from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from math import ceil

import cv2
import numpy as np

from editor.model.image import TILE, Image, Pixels, Tile
from editor.model.rect import Rect
from editor.model.selection import Coverage, Selection
from editor.render import icc
from editor.render.adjustments import colour, finish, light, noise, recolour, tone
from editor.render.adjustments.fields import Field, reduction, remembered
from editor.render.adjustments.geometry import Frame
from editor.render.adjustments.heal import healed
from editor.render.adjustments.paint import paint_of
from editor.render.adjustments.parameters import Adjustments
from editor.render.adjustments.recolour import Recolour
from editor.render.color import Floats, scaled, space_of

BASE_RADIUS = 0.02
"""Radius of "the surroundings" of a tone, as a share of the long side."""

_DIRECT_SIGMA = 16.0
"""Up to this sigma a Gaussian runs at full size, beyond on means of 4² pixels and more."""


class Development:
    """One picture under one set of adjustments, rendered tile by tile.

    Every tile is a function of the source and its own place alone: its pixels are the same
    whichever parts are rendered, and in any order.
    """

    def __init__(
        self,
        source: Image,
        adjustments: Adjustments,
        selection: Selection | None,
        scale: float = 1.0,
    ) -> None:
        """Prepare; pixels are read when a tile is rendered.

        Args:
            source: the picture, or its mip level.
            adjustments: what to do.
            selection: where, at the size of `source`; None for everywhere.
            scale: 2^-k for mip level k.
        """
        if selection is not None and (selection.width, selection.height) != (
            source.width,
            source.height,
        ):
            raise ValueError("the selection is not of the picture's size")
        self.source = source
        self.adjustments = adjustments
        self.scale = scale
        self.frame = Frame.of(source.width, source.height, adjustments)
        self._selection = (
            selection.inverted() if selection and adjustments.invert_selection else selection
        )
        self._gains_colour = source.colour_channels == 1 and colour.gives_colour(adjustments)
        self.channels = source.channels + (2 if self._gains_colour else 0)
        self.meta = source.meta
        if self._gains_colour and source.meta.icc:
            self.meta = replace(source.meta, icc=icc.rgb_from_grey(source.meta.icc))
        if self.frame.orientation.swaps_sides and source.meta.dpi is not None:
            self.meta = replace(self.meta, dpi=(source.meta.dpi[1], source.meta.dpi[0]))
        self.space = space_of(self.meta.icc, 3 if self.channels > 2 else 1)
        self._long = max(source.width, source.height)
        self._gains = light.white_balance(adjustments, self.space)
        self._exposes = bool(adjustments.exposure or adjustments.temperature or adjustments.tint)
        self._colours = self.channels > 2 and colour.is_active(adjustments)
        self._tones = tone.is_active(adjustments)
        self._only_moves = adjustments.in_place().is_neutral
        self._sharpen_sigma = max(0.35, 1.0 * scale)
        self._recolour = self._recolouring()

    def _recolouring(self) -> Recolour | None:
        a = self.adjustments
        if a.recolour is None or self.channels < 3:
            return None
        paint = paint_of(self.source, self._selection, a.recolour_from, a.recolour_paint)
        return Recolour(paint, a.recolour, a.recolour_metallic) if paint is not None else None

    @property
    def shares_grid(self) -> bool:
        """True if tiles without change can be the source's own."""
        return self.frame.is_same and not self._gains_colour

    def tile(self, rect: Rect) -> Tile:
        """The finished tile at a rectangle of the result's tile grid."""
        own: Tile | None = None
        if self.shares_grid:
            column, row = rect.x // TILE, rect.y // TILE
            own = self.source.tile(column, row)
        coverage = self._coverage(rect)
        if coverage is not None and own is not None and not coverage.any():
            return own
        made = Tile(self._blended(rect, coverage))
        return own if own is not None and own.digest == made.digest else made

    def _coverage(self, rect: Rect) -> Coverage | None:
        if self._selection is None:
            return None
        return self.frame.read_coverage(self._selection, rect)

    def _blended(self, rect: Rect, coverage: Coverage | None) -> Pixels:
        """The result's samples, (h, w, C): new colours by coverage, alpha as it was."""
        before = self._samples(self.source, rect)
        colours = self.channels - (1 if self.source.has_alpha else 0)
        maximum = self.source.maximum
        dtype = np.dtype(self.source.dtype)
        turned = before.dtype == np.float32
        whole: Pixels = np.rint(before * maximum).astype(dtype) if turned else before
        if self._only_moves or (coverage is not None and not coverage.any()):
            return whole
        after = self._colours_of(rect) * np.float32(maximum)
        original = whole[:, :, :colours]
        if coverage is not None:
            share = coverage.astype(np.float32)[:, :, None] * np.float32(1 / 255)
            mixed = original + (after - original) * share
            after = np.where(coverage[:, :, None] == 255, after, mixed)
        np.clip(after, 0.0, maximum, out=after)
        new = np.rint(after, out=after).astype(dtype)
        untouched = np.zeros(rect_shape(rect), np.bool_) if coverage is None else coverage == 0
        if self.source.has_alpha:
            untouched |= whole[:, :, -1] == 0
        if untouched.any():
            new = np.where(untouched[:, :, None], original, new)
        return np.concatenate([new, whole[:, :, colours:]], axis=2)

    def _samples(self, image: Image, rect: Rect) -> Pixels:
        """Source samples in the result's frame and channels."""
        pixels = self.frame.read(image, rect)
        if self._gains_colour:
            order = [0, 0, 0] + ([1] if self.source.has_alpha else [])
            pixels = pixels[:, :, order]
        return pixels

    def _encoded(self, rect: Rect) -> Pixels:
        """Colour samples after spot removal, noise reduction and recolouring, before the rest."""
        if self._recolour is None:
            return self._denoised(rect)
        wide = rect.grow(recolour.reach(self.scale)).intersect(self.frame.bounds)
        samples = np.ascontiguousarray(self._denoised(wide))
        return _cut(self._recolour.apply(samples, self.space, self.scale), wide, rect)

    def _denoised(self, rect: Rect) -> Pixels:
        """Colour samples after spot removal and noise reduction."""
        colours = self.channels - (1 if self.source.has_alpha else 0)
        amount = self.adjustments.noise_reduction
        level = noise.measured(self.source, self.scale) if amount else None
        if level is None or level.is_none:
            return np.ascontiguousarray(self._samples(self._base, rect)[:, :, :colours])
        wide = rect.grow(noise.reach(self.scale)).intersect(self.frame.bounds)
        samples = np.ascontiguousarray(self._samples(self._base, wide)[:, :, :colours])
        return _cut(noise.reduced(samples, level, amount, self.space, self.scale), wide, rect)

    @property
    def _base(self) -> Image:
        if not self.adjustments.remove_spot or self._selection is None:
            return self.source
        return healed(self.source, self._selection)

    def _colours_of(self, rect: Rect) -> Floats:
        """New encoded colours, (h, w, 1 or 3) float32 0..1."""
        a = self.adjustments
        halo = ceil(3.0 * self._sharpen_sigma) + 1 if a.sharpen else 0
        wide = rect.grow(halo).intersect(self.frame.bounds)
        encoded = self._blurred(wide) if a.blur else self._encoded(wide)
        if self._exposes or self._tones or self._colours or a.vignette:
            linear = light.expose(self.space.to_linear(encoded), a, self._gains)
            if self._tones:
                linear = self._toned(linear, wide, rect)
            if a.vignette:
                size = (self.frame.width, self.frame.height)
                linear = finish.vignetted(linear, rect, *size, a.vignette)
            if self._colours:
                linear = colour.graded(np.ascontiguousarray(linear), a, self.space)
            values = self.space.from_linear(linear)
        else:
            values = scaled(_cut(encoded, wide, rect))
        if a.grain:
            values = finish.grained(
                values, rect, a.grain, a.seed, self._long / self.scale, self.scale
            )
        return values

    def _toned(self, linear: Floats, wide: Rect, rect: Rect) -> Floats:
        a = self.adjustments
        own = tone.root(light.luminance(linear, self.space))
        base = base_wide = None
        if tone.needs_base(a):
            factor, radius = self._base_size()
            field = Field(self.frame.bounds, factor, self._root, self._remembered("root", factor))
            wanted = (bool(a.highlights or a.shadows), bool(a.clarity))
            halo = 2 * radius
            both = field.smooth(wide, halo, lambda p: _guides(p, radius, self._thresholds))
            if wanted[0]:
                base = both[:, :, 0] * own + both[:, :, 1]
            if wanted[1]:
                base_wide = both[:, :, 2] * own + both[:, :, 3]
        new = tone.tones(own, base, base_wide, a)
        if a.sharpen:
            new = tone.sharpened(new, a.sharpen, self._sharpen_sigma)
        linear, own, new = (_cut(part, wide, rect) for part in (linear, own, new))
        return tone.apply_tones(np.ascontiguousarray(linear), own, new, a)

    _thresholds = (0.003, 0.008)

    def _root(self, rect: Rect) -> Floats:
        """Root luminance after exposure, (h, w), for the surroundings."""
        linear = self.space.to_linear(self._encoded(rect))
        linear = light.expose(linear, self.adjustments, self._gains)
        return tone.root(light.luminance(linear, self.space))

    def _base_size(self) -> tuple[int, int]:
        radius = BASE_RADIUS * self._long
        factor = reduction(radius, 8.0)
        return factor, max(2, round(radius / factor))

    def _blurred(self, rect: Rect) -> Floats:
        """Gaussian blur of the encoded colours over `rect`; nothing bleeds in from outside.

        Unselected and transparent pixels have no weight, so a blurred background keeps no glow
        of the subject.
        """
        sigma = self.adjustments.blur / 100.0 * self._long
        if sigma < 0.2:
            return scaled(self._encoded(rect))
        if sigma <= _DIRECT_SIGMA:
            wide = rect.grow(ceil(3.0 * sigma) + 1).intersect(self.frame.bounds)
            blurred = _gauss(self._weighted(wide), sigma)
            blurred = _cut(blurred, wide, rect)
        else:
            factor = reduction(sigma, 4.0)
            # Means and enlargement blur a little themselves.
            inner = max(1.0, (sigma / factor) ** 2 - 1 / 12 - 1 / 6) ** 0.5
            field = Field(
                self.frame.bounds, factor, self._weighted, self._remembered("blur", factor)
            )
            halo = ceil(3.0 * inner) + 1
            blurred = field.smooth(rect, halo, lambda p: _gauss(p, inner), cubic=True)
        if not self._weighs:
            return np.clip(blurred.reshape(*rect_shape(rect), -1), 0.0, 1.0)
        return np.clip(blurred[:, :, :-1] / np.maximum(blurred[:, :, -1:], 1e-6), 0.0, 1.0)

    @property
    def _weighs(self) -> bool:
        return self._selection is not None or self.source.has_alpha

    def _weighted(self, rect: Rect) -> Floats:
        """Colours times their weight, and the weight, (h, w, c + 1); colours alone if all count."""
        encoded = scaled(self._encoded(rect))
        if not self._weighs:
            return encoded
        # Never quite 0: a blur far larger than the selection still finds something.
        weight = np.full((*rect_shape(rect), 1), 1e-4, np.float32)
        coverage = self._coverage(rect)
        weight += 1.0 if coverage is None else scaled(coverage)[:, :, None]
        if self.source.has_alpha:
            weight *= scaled(self._samples(self.source, rect)[:, :, -1:]) + np.float32(1e-4)
        return np.concatenate([encoded * weight, weight], axis=2)

    def _remembered(self, kind: str, factor: int) -> dict[tuple[int, int], Floats]:
        a = self.adjustments
        frame = (a.quarter_turns, a.flip_horizontal, a.straighten, a.crop_ratio)
        key: tuple[Hashable, ...] = (kind, factor, frame, self._recolour, a.noise_reduction)
        if kind == "root":
            key += (a.exposure, a.temperature, a.tint)
        if self._selection is not None and (kind == "blur" or a.remove_spot):
            key += (self._selection.digest, a.remove_spot)
        return remembered(self.source, key)


def rect_shape(rect: Rect) -> tuple[int, int]:
    """(height, width)."""
    return rect.height, rect.width


def _cut(values: Floats, have: Rect, want: Rect) -> Floats:
    top, left = want.y - have.y, want.x - have.x
    return values[top : top + want.height, left : left + want.width]


def _gauss(values: Floats, sigma: float) -> Floats:
    out: Floats = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    return out


def _guides(plane: Floats, radius: int, thresholds: tuple[float, float]) -> Floats:
    """Guided filter coefficients (He et al. 2010) for two edge thresholds, (h, w, 4).

    Smoothed = a · plane + b; kept at low resolution and applied at full size (He and Sun 2015).
    """
    mean = tone.box_mean(plane, radius)
    variance: Floats = np.maximum(tone.box_mean(plane * plane, radius) - mean * mean, 0.0)
    parts = []
    for threshold in thresholds:
        a = np.asarray(variance / (variance + np.float32(threshold)), np.float32)
        parts += [tone.box_mean(a, radius), tone.box_mean(mean - a * mean, radius)]
    out: Floats = cv2.merge(parts)
    return out
