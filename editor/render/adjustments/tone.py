from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.render.adjustments.light import amplify, roll_off
from editor.render.adjustments.parameters import Adjustments
from editor.render.color import Floats, interpolate

MIDDLE = 0.424
"""Square root of the luminance of an 18 % grey card."""

FADE = 0.15
"""Root of the luminance to which `blacks` = 1 lifts black."""

STEPS = 16384


def is_active(adjustments: Adjustments) -> bool:
    """True if tones move at all."""
    a = adjustments
    return any((a.contrast, a.highlights, a.shadows, a.whites, a.blacks, a.clarity, a.sharpen))


def needs_base(adjustments: Adjustments) -> bool:
    """True if the smoothed luminance is needed."""
    return any((adjustments.highlights, adjustments.shadows, adjustments.clarity))


def root(luminance: Floats) -> Floats:
    """Square root of luminance, 0..1: the scale on which all tone curves work.

    Nearly even steps to the eye (gamma 2), exact to invert, and fast.
    """
    out: Floats = cv2.sqrt(np.maximum(luminance, 0.0))
    return out.reshape(luminance.shape)


def regional_gain(base: Floats, adjustments: Adjustments) -> Floats:
    """Gain on the root scale from `highlights` and `shadows`, by the tone of the surroundings.

    A function of the smoothed tone rather than of the pixel, so that detail inside shadows and
    highlights keeps its contrast instead of greying out. Black stays black; white comes down a
    little, so that even burnt-out areas answer.
    """
    table = _regional_table(adjustments.highlights, adjustments.shadows)
    return interpolate(table, np.clip(base, 0.0, 1.0))


@lru_cache(maxsize=64)
def _regional_table(highlights: float, shadows: float) -> Floats:
    p = np.linspace(0.0, 1.0, STEPS)
    lifted = shadows * (1.6 if shadows > 0 else 0.8) * (1.0 - p) ** 3
    if highlights < 0:
        pulled = highlights * (1.9 * (1.0 - p) * p**3 + 0.09 * p**3)
    else:
        pulled = highlights * 0.9 * (1.0 - p) * p**2
    return np.asarray(1.0 + lifted + pulled, np.float32)


@lru_cache(maxsize=64)
def curve(contrast: float, whites: float, blacks: float) -> Floats:
    """The tone curve on the root scale over 0..1, (16385,) float32; smooth, monotone, in 0..1."""
    p: NDArray[np.floating] = np.linspace(0.0, 1.0, STEPS + 1)
    if contrast > 0:
        power = 1.0 + 0.9 * contrast
        low = MIDDLE * (np.minimum(p, MIDDLE) / MIDDLE) ** power
        high = 1.0 - (1.0 - MIDDLE) * ((1.0 - np.maximum(p, MIDDLE)) / (1.0 - MIDDLE)) ** power
        bent = np.where(p < MIDDLE, low, high)
        # A share of the straight line keeps the ends from closing up completely.
        p = bent + 0.12 * (p - bent)
    elif contrast < 0:
        p = p + contrast * 2.2 * p * (1.0 - p) * (p - MIDDLE)
    if whites > 0:
        wanted = p * (1.0 + 0.24 * whites * p**2)
        p = roll_off(p.astype(np.float32), wanted.astype(np.float32), 0.6).astype(np.float64)
    elif whites < 0:
        p = p * (1.0 + 0.22 * whites * p**2)
    if blacks > 0:
        p = p + FADE * blacks * (1.0 - p) ** 4
    elif blacks < 0:
        wanted = p + 0.16 * blacks * (1.0 - p) ** 4
        # The mirror image of the highlights' roll-off: black is reached smoothly.
        p = 1.0 - roll_off((1.0 - p).astype(np.float32), (1.0 - wanted).astype(np.float32), 0.5)
    return np.asarray(np.clip(p, 0.0, 1.0), np.float32)


def tones(
    own: Floats, base: Floats | None, base_wide: Floats | None, adjustments: Adjustments
) -> Floats:
    """New root luminance of each pixel before sharpening, (h, w) 0..1.

    Args:
        own: root luminance, 0..1.
        base: smoothed with a fine edge threshold (for highlights and shadows), or None.
        base_wide: smoothed with a coarse edge threshold (for clarity), or None.
        adjustments: what to do.
    """
    a = adjustments
    new = own
    if base is not None and (a.highlights or a.shadows):
        wanted = own * regional_gain(base, a)
        new = np.where(wanted > own, roll_off(own, wanted, 0.7), wanted)
    if base_wide is not None and a.clarity:
        # Full in the middle tones, none at black and white: no halos against bright skies.
        weight = 4.0 * own * (1.0 - own)
        detail = np.clip(own - base_wide, -0.25, 0.25)
        strength = 1.3 if a.clarity > 0 else 0.8
        new = new + np.float32(strength * a.clarity) * weight * detail
        new = np.clip(new, 0.0, 1.0)
    if a.contrast or a.whites or a.blacks:
        new = interpolate(curve(a.contrast, a.whites, a.blacks), np.clip(new, 0.0, 1.0))
    return np.asarray(new, np.float32)


def apply_tones(linear: Floats, own: Floats, new: Floats, adjustments: Adjustments) -> Floats:
    """Give linear light its new luminance, hue and colourfulness kept, (h, w, c).

    Args:
        linear: (h, w, c) before.
        own: root luminance before, (h, w).
        new: root luminance after, (h, w).
        adjustments: for the faded black, which is added as neutral light.
    """
    floor = np.float32((FADE * max(0.0, adjustments.blacks)) ** 2)
    gain = np.maximum(new * new - floor, 0.0) / np.maximum(own * own, 1e-7)
    out = amplify(linear, gain, 0.8)
    if floor:
        out = out * (1.0 - floor) + floor
    return out


def sharpened(new: Floats, amount: float, sigma: float) -> Floats:
    """Unsharp mask on the root luminance, (h, w), with soft threshold and overshoot limit.

    Args:
        new: root luminance.
        amount: 0..2.
        sigma: pixels.
    """
    blurred = cv2.GaussianBlur(new, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    detail = new - blurred
    # Grain below 1/500 is left alone; overshoot bends over at a twelfth of the range.
    small = detail * detail
    detail *= small / (small + np.float32(0.002**2))
    limit = np.float32(0.12)
    wanted = np.float32(1.5 * amount) * detail
    wanted /= 1.0 + np.abs(wanted) / limit
    return np.asarray(np.clip(new + wanted, 0.0, 1.0))


def box_mean(plane: Floats, radius: int) -> Floats:
    """Mean over (2 · radius + 1)² pixels, borders repeated by reflection."""
    side = 2 * radius + 1
    out: NDArray[np.float32] = cv2.blur(plane, (side, side), borderType=cv2.BORDER_REFLECT_101)
    return out
