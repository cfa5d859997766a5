"""A paint in another colour: its light, shade and texture stay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Pixels
from editor.render.adjustments.paint import Colour, Paint
from editor.render.color import SRGB, ColorSpace, Floats, oklab_to_linear, scaled

_STEPS: Final = 256
_TOWARDS: Final = 0.85
"""How far the paint's lightness goes to that of the named colour: a paint in a picture is seldom
as light or as dark as the colour on its card."""
_DARKEST: Final = 0.27
"""Lightness that black paint has in the middle: darker, its shading could not be seen."""
_GAINS: Final = (1.9, 3.4)
"""Lightness is raised at most this many times: a light paint less, a dark one more."""
_SOFTNESS: Final = 0.2
"""Width, in logarithms of lightness, of the bend between shadows and lights."""
_DARK: Final = (0.1, 0.24)
"""Lightness below which a pixel's own hue says little, and from which it says all."""
_PURE: Final = 0.75
"""Share of the paint's chroma from which a pixel is nothing but paint."""
SIGMA: Final = 6.0
"""Pixels at full size over which dark pixels ask their neighbours; bridges blocks of a JPEG."""


@dataclass(frozen=True)
class Recolour:
    """One paint and the colour that it gets.

    Attributes:
        paint: what is recoloured.
        target: the colour, sRGB 0..1.
        metallic: as polished metal reflects: more contrast, its colour strongest in the light.
    """

    paint: Paint
    target: Colour
    metallic: bool = False

    def apply(self, encoded: Pixels, space: ColorSpace, scale: float = 1.0) -> Floats:
        """Encoded colours with the paint recoloured, float32 0..1.

        Colours are taken apart as in the dichromatic model (Shafer 1985) into paint and the light
        that it reflects unchanged: only the share of the paint gets the new colour, so highlights
        and the mixed pixels at edges come out as they would beside the new paint.

        Args:
            encoded: (h, w, 3), integers or 0..1. Of `reach` pixels at its edges the result may
                differ from that of a larger part.
            space: of the values.
            scale: 2^-k of a mip level.
        """
        values = scaled(encoded)
        lab = space.to_oklab(encoded)
        share, chroma = _shares(_quiet(lab, scale), self.paint, SIGMA * scale)
        acts = share > 1e-3
        if not acts.any():
            return values
        own, part = lab[acts][None], share[acts][None]
        wanted = self._lightness(own[:, :, 0])
        a, b = self._plane(wanted, chroma[acts][None], space)
        goal = cv2.merge([wanted, a, b])
        # A pixel with less chroma than the paint is a mixture with something else, of which only
        # the paint changes its lightness; what it has of the old colour goes altogether.
        light = part * np.clip(chroma[acts][None] / np.float32(_PURE), 0.0, 1.0)
        colour = part * (2.0 - part)
        new = own + cv2.merge([light, colour, colour]) * (goal - own)
        out = values.copy()
        out[acts] = space.from_linear(oklab_to_linear(new, space))[0]
        return out

    @cached_property
    def _goal(self) -> tuple[float, float, float]:
        """Oklab of the target in the picture's light."""
        light = np.array(self.paint.light, np.float32)
        linear = SRGB.to_linear(np.array([[self.target]], np.float32)) * light
        lightness, a, b = SRGB.to_oklab(SRGB.from_linear(linear))[0, 0]
        return float(lightness), float(a), float(b)

    @property
    def _middle(self) -> float:
        """New lightness where the paint had its median."""
        own, goal = self.paint.lightness, self._goal[0]
        middle = own + _TOWARDS * (goal - own)
        gain = float(np.clip(1.25 / self.paint.bright, *_GAINS))
        return float(np.clip(middle, min(own, _DARKEST), max(own, min(0.94, gain * own))))

    def _lightness(self, lightness: Floats) -> Floats:
        """Lightness of the new paint: in proportion, its lights held below white."""
        paint, middle = self.paint, self._middle
        gain = middle / paint.lightness
        # Shading is proportional; what is raised far is flattened a little, with its noise.
        shadows = 1.25 if self.metallic else float(np.clip(1.0 - 0.25 * np.log(gain), 0.75, 1.0))
        room = np.log(0.96 / middle) / np.log(max(1.05, paint.bright / paint.lightness))
        lights = float(np.clip(room, 0.3, shadows))
        x = np.log(np.maximum(lightness, 1e-3) / np.float32(paint.lightness))
        bend = np.logaddexp(0.0, x / _SOFTNESS) - np.log(2.0)
        raised = middle * np.exp(shadows * x - (shadows - lights) * _SOFTNESS * bend)
        return _soft_minimum(np.asarray(raised, np.float32), np.float32(1.0), 0.9)

    def _plane(self, wanted: Floats, chroma: Floats, space: ColorSpace) -> tuple[Floats, Floats]:
        """Oklab a and b of the new paint at its lightness, inside the gamut."""
        lightness, a, b = self._goal
        strength = float(np.hypot(a, b))
        hue = float(np.arctan2(b, a))
        # Seen at another lightness than the card's, a colour keeps its chroma in proportion.
        amount = chroma * wanted * np.float32(strength / max(float(lightness), 0.25))
        if self.metallic:
            amount = amount * (0.75 + 0.9 * np.clip(wanted, 0.0, 1.0) * (1.25 - wanted))
        limit = np.interp(wanted, np.linspace(0, 1, _STEPS), _gamut(round(hue, 4), space))
        amount = _soft_minimum(amount, limit.astype(np.float32), 0.8)
        return amount * np.float32(np.cos(hue)), amount * np.float32(np.sin(hue))


def reach(scale: float) -> int:
    """Pixels around a part that its recolour depends on."""
    return ceil(4.0 * SIGMA * scale) + 4


def _quiet(lab: Floats, scale: float) -> Floats:
    """With less noise in a and b, which decide about each pixel by itself."""
    lightness, a, b = cv2.split(lab)
    smooth = cv2.GaussianBlur(
        cv2.merge([a, b]), (0, 0), max(0.3, 1.2 * scale), borderType=cv2.BORDER_REFLECT_101
    )
    return np.dstack([lightness, smooth])


def _shares(lab: Floats, paint: Paint, sigma: float) -> tuple[Floats, Floats]:
    """How far each pixel is paint, and its chroma in relation to the paint's, (h, w) each."""
    coloured = float(_smooth(paint.chroma / max(paint.lightness, 0.05), 0.04, 0.09))
    share = np.zeros(lab.shape[:2], np.float32)
    chroma = np.ones(lab.shape[:2], np.float32)
    if coloured > 0:
        own, factor = _coloured_share(lab, paint, sigma)
        share += coloured * own
        chroma += coloured * (factor - 1)
    if coloured < 1:
        share += (1 - coloured) * _grey_share(lab, paint)
    if paint.others and paint.colours:
        share *= _nearer(lab, paint)
    return share, chroma


def _nearer(lab: Floats, paint: Paint) -> Floats:
    """1 for colours nearer to the paint's clusters than to those around it, (h, w)."""
    own, other = (
        np.min([_squared_distance(lab, colour) for colour in colours], axis=0)
        for colours in (paint.colours, paint.others)
    )
    return _smooth(np.sqrt(other) - np.sqrt(own), -0.05, 0.02)


def _squared_distance(lab: Floats, colour: Colour) -> Floats:
    lightness, a, b = (lab[:, :, index] - np.float32(colour[index]) for index in range(3))
    return np.asarray(0.25 * lightness * lightness + a * a + b * b)


def _coloured_share(lab: Floats, paint: Paint, sigma: float) -> tuple[Floats, Floats]:
    lightness, a, b = cv2.split(lab)
    across, along = np.float32(np.cos(paint.hue)), np.float32(np.sin(paint.hue))
    toward = a * across + b * along
    beside = np.abs(b * across - a * along)
    saturation = toward / np.maximum(lightness, 0.02)
    relative = saturation * np.float32(paint.lightness / paint.chroma)
    turn = np.degrees(np.arctan2(beside, toward))
    # A paint mixed with white keeps its hue, where pale skin beside a red coat has another.
    tolerance = np.clip(2.0 * paint.spread, 14.0, 36.0) * (0.4 + 0.6 * np.clip(relative, 0, 1))
    of_hue = 1.0 - _smooth(turn - tolerance, 0.0, 18.0)
    share = of_hue * _smooth(relative, 0.05, 0.3)
    chroma = np.minimum(relative, 1.0) + 0.5 * np.clip(relative - 1.0, 0.0, 0.6)
    sure = _smooth(lightness, *_DARK)
    if (sure < 1).any():
        # Weighted by lightness: the brighter of the neighbours know best.
        weight = (0.02 + lightness) ** 2
        both = cv2.GaussianBlur(
            cv2.merge([weight, weight * share, weight * share * chroma]), (0, 0), max(0.5, sigma),
            borderType=cv2.BORDER_REFLECT_101,
        )  # fmt: skip
        around = both[:, :, 1] / both[:, :, 0]
        chroma_around = both[:, :, 2] / np.maximum(both[:, :, 1], 1e-6)
        share = around + sure * (share - around)
        chroma = chroma_around + sure * (chroma - chroma_around)
    return share, np.maximum(chroma, 0.0)


def _grey_share(lab: Floats, paint: Paint) -> Floats:
    lightness, a, b = cv2.split(lab)
    radius = float(np.clip(1.2 * paint.spread, 0.02, 0.035))
    distance = np.hypot(a - np.float32(paint.a), b - np.float32(paint.b))
    share = 1.0 - _smooth(distance, radius, 2.0 * radius)
    share = share * _smooth(lightness, paint.dark - 0.12, paint.dark - 0.02)
    return np.asarray(share * (1.0 - _smooth(lightness, paint.bright + 0.02, paint.bright + 0.14)))


def _smooth(value: Floats | float, low: float, high: float) -> Floats:
    """0 below ``low``, 1 above ``high``, a smooth step between (Hermite)."""
    t = np.clip((np.asarray(value, np.float32) - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def _soft_minimum(value: Floats, limit: Floats | np.float32, bends: float) -> Floats:
    """``value``, slowing from the share ``bends`` of the limit on and never beyond it."""
    knee = np.float32(bends) * limit
    room = np.maximum(limit - knee, np.float32(1e-6))
    over = np.maximum(value - knee, 0.0) / room
    return np.asarray(np.where(value > knee, knee + room * over / (1.0 + over), value), np.float32)


@lru_cache(maxsize=64)
def _gamut(hue: float, space: ColorSpace) -> NDArray[np.float64]:
    """The largest chroma of a hue in a space at lightness 0..1, (256,)."""
    lightness = np.linspace(0.0, 1.0, _STEPS)
    chroma = np.linspace(0.0, 0.45, 226)
    lab = np.empty((_STEPS, chroma.size, 3), np.float32)
    lab[:, :, 0] = lightness[:, None]
    lab[:, :, 1] = chroma * np.cos(hue)
    lab[:, :, 2] = chroma * np.sin(hue)
    linear = oklab_to_linear(lab, space)
    inside = np.all((linear >= -1e-4) & (linear <= 1.0 + 1e-4), axis=2)
    first_outside = np.where(inside.all(axis=1), chroma.size, (~inside).argmax(axis=1))
    return np.asarray(chroma[np.maximum(first_outside - 1, 0)], np.float64)
