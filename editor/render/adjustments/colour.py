from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from editor.render.adjustments.light import extremes, roll_off
from editor.render.adjustments.parameters import NO_HUES, Adjustments
from editor.render.color import HUE_CENTRES, LMS_TO_OKLAB, ColorSpace, Floats

SKIN_HUE = 52.0
"""Oklab hue of skin of all complexions, in degrees."""

SEPIA_HUE = 68.0
SEPIA_CHROMA = 0.055

_STEPS = 1440
_KNEE = np.float32(0.7)


def is_active(adjustments: Adjustments) -> bool:
    """True if colours move at all."""
    a = adjustments
    return (
        any((a.saturation, a.vibrance))
        or a.hue_saturation != NO_HUES
        or a.hue_lightness != NO_HUES
        or _tones(adjustments)
    )


def gives_colour(adjustments: Adjustments, *, white_balance: bool = True) -> bool:
    """True if a grey picture becomes coloured."""
    a = adjustments
    toned = bool(a.sepia or a.shadow_tone[1] or a.highlight_tone[1] or a.recolour is not None)
    return toned or (white_balance and bool(a.temperature or a.tint))


def graded(linear: Floats, adjustments: Adjustments, space: ColorSpace) -> Floats:
    """Saturation, hues, black and white and toning, (h, w, 3) linear 0..1 to the same.

    In Oklab (Ottosson 2020), where hue stays put when chroma changes. A rise in saturation takes
    each colour at most to the gamut's edge and slows before it, so neither hue nor gradients break.
    """
    lms = cv2.transform(linear, space.rgb_to_lms)
    roots = cv2.pow(np.maximum(lms, 0.0), 1.0 / 3.0)
    lab = cv2.transform(roots, LMS_TO_OKLAB.astype(np.float32))
    lightness, a, b = cv2.split(lab)
    out = linear
    if _boosts(adjustments):
        new_lightness, scale = _boost(lightness, a, b, adjustments)
        lightness, a, b = new_lightness, a * scale, b * scale
        out = _into_gamut(linear, _to_linear(lightness, a, b, space))
    if _tones(adjustments):
        if out is not linear:
            lms = cv2.transform(out, space.rgb_to_lms)
            lab = cv2.transform(
                cv2.pow(np.maximum(lms, 0.0), 1.0 / 3.0), LMS_TO_OKLAB.astype(np.float32)
            )
            lightness, a, b = cv2.split(lab)
        lightness, a, b = _tone(lightness, a, b, adjustments)
        out = _pulled_in(_to_linear(lightness, a, b, space), space)
    return out


def _boosts(a: Adjustments) -> bool:
    return bool(a.saturation or a.vibrance) or (
        a.hue_saturation != NO_HUES or a.hue_lightness != NO_HUES
    )


def _tones(a: Adjustments) -> bool:
    return bool(a.black_and_white or a.sepia or a.shadow_tone[1] or a.highlight_tone[1])


def _boost(
    lightness: Floats, a: Floats, b: Floats, adjustments: Adjustments
) -> tuple[Floats, Floats]:
    """New lightness and the factor of chroma, (h, w) each."""
    chroma, hue = cv2.cartToPolar(a, b, angleInDegrees=True)
    scale = np.float32(1.0 + adjustments.saturation)
    factor = np.full_like(chroma, scale)
    if adjustments.vibrance:
        # Dull colours most; colourful ones and skin are spared.
        spare = np.exp(-((chroma / np.float32(0.13)) ** 2))
        distance = np.abs((hue - np.float32(SKIN_HUE) + 180.0) % 360.0 - 180.0)
        spare *= 1.0 - 0.5 * np.exp(-((distance / np.float32(22.0)) ** 2))
        factor *= np.maximum(0.0, 1.0 + np.float32(adjustments.vibrance) * spare)
    if adjustments.hue_saturation != NO_HUES:
        factor *= 1.0 + _by_hue(adjustments.hue_saturation, hue)
    if adjustments.hue_lightness != NO_HUES:
        # Near grey the hue is noise; the weight accounts for that.
        weight = chroma**3 / (chroma**3 + np.float32(0.05**3))
        change = np.float32(0.3) * weight * _by_hue(adjustments.hue_lightness, hue)
        up = change > 0
        lightness = lightness + change * np.where(up, 1.0 - lightness, lightness)
    return lightness, factor


def _by_hue(values: tuple[float, ...], hue: Floats) -> Floats:
    """The band values at each pixel's hue, going smoothly from band to band."""
    index = (hue * np.float32(_STEPS / 360.0)).astype(np.int32) % _STEPS
    return _hue_table(tuple(values)).take(index)


@lru_cache(maxsize=64)
def _hue_table(values: tuple[float, ...]) -> Floats:
    at = (np.arange(_STEPS) + 0.5) * 360.0 / _STEPS
    centres = np.array([HUE_CENTRES[-1] - 360.0, *HUE_CENTRES, HUE_CENTRES[0] + 360.0])
    bands = np.array([values[-1], *values, values[0]])
    left = np.clip(np.searchsorted(centres, at, side="right") - 1, 0, len(centres) - 2)
    t = (at - centres[left]) / (centres[left + 1] - centres[left])
    # Flat about each centre, then a smooth step: a band is one colour to the eye.
    t = np.clip((t - 0.2) / 0.6, 0.0, 1.0)
    t = t * t * (3.0 - 2.0 * t)
    table = bands[left] * (1.0 - t) + bands[left + 1] * t
    kernel = np.hanning(33) / np.hanning(33).sum()
    smooth = np.convolve(np.concatenate([table[-16:], table, table[:16]]), kernel, mode="valid")
    return np.asarray(smooth, np.float32)


def _tone(
    lightness: Floats, a: Floats, b: Floats, adjustments: Adjustments
) -> tuple[Floats, Floats, Floats]:
    """Black and white, sepia and split toning."""
    keep = np.float32((1.0 - adjustments.black_and_white) * (1.0 - adjustments.sepia))
    a, b = a * keep, b * keep
    clear = 4.0 * lightness * (1.0 - lightness)
    if adjustments.sepia:
        # Most in the middle tones: paper stays light, ink stays dark.
        strength = np.float32(adjustments.sepia * SEPIA_CHROMA) * cv2.sqrt(np.maximum(clear, 0.0))
        a = a + strength * np.float32(np.cos(np.radians(SEPIA_HUE)))
        b = b + strength * np.float32(np.sin(np.radians(SEPIA_HUE)))
    rest = np.clip(lightness, 0.0, 1.0)
    for (hue, amount), weight in (
        (adjustments.shadow_tone, (1.0 - rest) ** 2 * np.minimum(1.0, rest * 5.0)),
        (adjustments.highlight_tone, rest**2 * np.minimum(1.0, (1.0 - rest) * 5.0)),
    ):
        if amount:
            # The named hue is that of the colour wheel; Oklab's runs close to it.
            angle = np.radians(oklab_hue(hue))
            strength = np.float32(0.11 * amount) * weight
            a = a + strength * np.float32(np.cos(angle))
            b = b + strength * np.float32(np.sin(angle))
    return lightness, a, b


def oklab_hue(degrees: float) -> float:
    """Oklab hue of a hue of the colour wheel (HSV: 0 red, 60 yellow, 120 green, 240 blue)."""
    wheel = np.arange(0.0, 361.0, 60.0)
    oklab = np.array([29.2, 109.8, 142.5, 194.8, 264.1, 328.4, 389.2])
    return float(np.interp(degrees % 360.0, wheel, oklab) % 360.0)


def _to_linear(lightness: Floats, a: Floats, b: Floats, space: ColorSpace) -> Floats:
    lab = cv2.merge([lightness, a, b])
    roots = cv2.transform(lab, np.linalg.inv(LMS_TO_OKLAB).astype(np.float32))
    cubes = roots * roots * roots
    inverse = np.linalg.inv(space.rgb_to_lms.astype(np.float64)).astype(np.float32)
    out: Floats = cv2.transform(cubes, inverse)
    return out


def _into_gamut(start: Floats, wanted: Floats) -> Floats:
    """From `start` (inside 0..1) towards `wanted`, as far as fits and slowing before the edge.

    At the lower end the way is cut short: no channel passes 0. At the upper end it is shortened
    half and the rest is taken off all channels alike, a darker colour of the same hue and
    saturation; cutting short alone would leave pixels near white unlike their neighbours.
    """
    high, low = extremes(start)
    new_high, new_low = extremes(wanted)
    if new_high.max(initial=0.0) <= _KNEE and (new_low >= low * (1.0 - _KNEE)).all():
        return wanted
    under = (low - new_low) / np.maximum(low, 1e-5)
    r = np.maximum(under, (new_high - high) / (1.25 - high))
    bent = 1.0 - (1.0 - _KNEE) ** 2 / np.maximum(r + (1.0 - 2.0 * _KNEE), 1e-6)
    share = np.where(r > _KNEE, bent / np.maximum(r, 1e-6), 1.0)
    mixed: Floats = start + (wanted - start) * share[:, :, None]
    top, _ = extremes(mixed)
    factor = np.where(top > high, roll_off(high, top, 0.7) / np.maximum(top, 1e-6), 1.0)
    mixed *= factor[:, :, None].astype(np.float32)
    return mixed


def _pulled_in(linear: Floats, space: ColorSpace) -> Floats:
    """Towards the grey of the same luminance until inside 0..1 (toning strays only little)."""
    high, low = extremes(linear)
    grey = cv2.transform(linear, space.luminance.reshape(1, 3)).reshape(high.shape)
    grey = np.clip(grey, 0.0, 1.0)
    share = np.minimum(1.0, (1.0 - grey) / np.maximum(high - grey, 1e-6))
    share = np.minimum(share, grey / np.maximum(grey - low, 1e-6))
    return np.asarray(grey[:, :, None] + (linear - grey[:, :, None]) * share[:, :, None])
