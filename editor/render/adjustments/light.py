from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.render.adjustments.parameters import Adjustments
from editor.render.color import ColorSpace, Floats

WARMTH = 18.0
TINT = 12.0
"""How far temperature 1 moves a middle grey along b*, and tint 1 along a*."""

_AMBER = 0.08
"""a* that goes with b* in a warm light: daylight turns amber rather than lemon."""


def white_balance(adjustments: Adjustments, space: ColorSpace) -> Floats:
    """Gains of linear R, G, B for temperature and tint, (3,), keeping grey's luminance.

    Chosen for what they do to a middle grey in CIELAB, so that temperature hardly touches the
    magenta-green balance nor tint the warmth, whatever the profile's primaries. A grey space has
    only one channel and the gain 1.
    """
    temperature, tint = adjustments.temperature, adjustments.tint
    if space.channels == 1 or not (temperature or tint):
        return np.ones(space.channels, np.float32)
    b = WARMTH * temperature
    gains = _gains(_AMBER * b, b, space) * _gains(TINT * tint, 0.0, space)
    gains /= float(gains @ space.luminance)
    return np.asarray(gains, np.float32)


def _gains(a: float, b: float, space: ColorSpace) -> NDArray[np.float64]:
    """Linear RGB of L* 60 with these a* and b*, relative to the grey of L* 60."""
    f = (60.0 + 16.0) / 116.0
    relative = np.array([(f + a / 500.0) ** 3, f**3, (f - b / 200.0) ** 3]) / f**3
    white = space.to_xyz.sum(axis=1)
    return np.asarray(np.maximum(np.linalg.solve(space.to_xyz, relative * white), 0.05))


def roll_off(start: Floats, target: Floats, knee: float) -> Floats:
    """Raise `start` towards `target` without ever passing 1; both any shape, float32.

    With r = wanted rise / room left, the rise is taken in full up to r = `knee` and then bends
    over smoothly (slope continuous, monotone, 1 reached only in the limit), so highlights keep
    their differences and nothing breaks at a clip.
    """
    room = np.maximum(1.0 - start, np.float32(1e-6))
    r = (target - start) / room
    bent = 1.0 - np.float32((1.0 - knee) ** 2) / np.maximum(r + np.float32(1 - 2 * knee), 1e-6)
    return np.asarray(start + room * np.where(r > knee, bent, r), np.float32)


def amplify(
    linear: Floats, gain: Floats | float, knee: float, start: Floats | None = None
) -> Floats:
    """Multiply linear light by a gain; what would leave the gamut bends over, hue kept.

    The largest and the smallest channel follow `roll_off`; the middle one keeps its place between
    them, so HSV hue stays and bright colours go to white as on film (as in Adobe's DNG SDK,
    `RefBaselineRGBTone`).

    Args:
        linear: (h, w, 1 or 3), 0..1.
        gain: one, or one for each pixel, (h, w).
        knee: see `roll_off`.
        start: (h, w, c) light before other gains that `linear` already holds; default `linear`.
    """
    per_pixel = gain[:, :, None] if isinstance(gain, np.ndarray) else np.float32(gain)
    raised = linear * per_pixel
    high, low = extremes(raised)
    if high.max(initial=0.0) <= knee:
        return raised
    first = linear if start is None else start
    high_first, low_first = extremes(first)
    new_high = np.where(high > high_first, roll_off(high_first, high, knee), high)
    if linear.shape[2] == 1:
        return new_high[:, :, None]
    new_low = np.where(low > low_first, roll_off(low_first, low, knee), low)
    new_high = np.minimum(new_high, 1.0)
    new_low = np.minimum(new_low, new_high)
    slope = (new_high - new_low) / np.maximum(high - low, 1e-9)
    raised *= slope[:, :, None]
    raised += (new_low - low * slope)[:, :, None]
    return raised


def extremes(linear: Floats) -> tuple[Floats, Floats]:
    """Largest and smallest channel, (h, w) each."""
    planes = cv2.split(linear)
    if len(planes) == 1:
        return planes[0], planes[0]
    high = cv2.max(cv2.max(planes[0], planes[1]), planes[2])
    low = cv2.min(cv2.min(planes[0], planes[1]), planes[2])
    return high, low


def expose(linear: Floats, adjustments: Adjustments, gains: Floats) -> Floats:
    """Exposure and white balance in linear light, (h, w, c) 0..1 to the same."""
    total = gains * np.float32(2.0**adjustments.exposure)
    if (total == 1.0).all():
        return linear
    if (total <= 1.0).all():
        return linear * total
    # Each channel's own way up: from the source's value to the amplified one.
    return amplify(linear * total, 1.0, 0.6, start=np.minimum(linear, linear * total))


def luminance(linear: Floats, space: ColorSpace) -> Floats:
    """Linear luminance, (h, w)."""
    if linear.shape[2] == 1:
        return np.ascontiguousarray(linear[:, :, 0])
    out: Floats = cv2.transform(linear, space.luminance.reshape(1, 3))
    return out.reshape(linear.shape[:2])
