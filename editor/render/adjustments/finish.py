from __future__ import annotations

from math import log2

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.rect import Rect
from editor.render.adjustments.light import amplify
from editor.render.color import Floats

STOPS = (2.2, 1.3)
"""Darkening and brightening of the extreme corner at vignette 1 and −1, in stops."""

GRAIN = 0.06
"""Standard deviation of grain 1 in the middle tones, in encoded values."""


def vignetted(linear: Floats, rect: Rect, width: int, height: int, amount: float) -> Floats:
    """Darken (+) or brighten (−) towards the corners, as a lens does: in linear light.

    Args:
        linear: (h, w, c), the part of the picture at `rect`.
        rect: place in the picture.
        width: of the whole picture.
        height: of the whole picture.
        amount: −1..1.
    """
    x = (np.arange(rect.x, rect.right, dtype=np.float32) + 0.5) / width * 2.0 - 1.0
    y = (np.arange(rect.y, rect.bottom, dtype=np.float32) + 0.5) / height * 2.0 - 1.0
    squared = (x * x)[None, :] + (y * y)[:, None]
    distance = np.sqrt(squared * np.float32(0.5))
    t = np.clip((distance - 0.25) / 0.75, 0.0, 1.0)
    fall = t * t * (3.0 - 2.0 * t)
    stops = STOPS[0] if amount > 0 else STOPS[1]
    gain = np.exp2(np.float32(-stops * amount) * fall).astype(np.float32)
    if amount > 0:
        return linear * gain[:, :, None]
    return amplify(linear, gain, 0.6)


def grained(
    encoded: Floats, rect: Rect, amount: float, seed: int, long_side: float, scale: float
) -> Floats:
    """Film grain: neutral, strongest in the middle tones, (h, w, c) encoded 0..1.

    Noise on lattices of 1, 2, 4, … full-size pixels about the grain's size, each value a hash of
    seed and lattice place. A reduced level leaves out the lattices finer than its pixels, so every
    zoom shows the same grain.

    Args:
        encoded: the part of the level at `rect`.
        rect: place in the level.
        amount: 0..1.
        seed: of the request.
        long_side: of the full-size picture, pixels.
        scale: of the level, 2^-k.
    """
    level = round(-log2(scale))
    centre = max(0.0, log2(long_side / 2600.0)) if long_side > 0 else 0.0
    octaves = np.arange(0, int(centre) + 3)
    weights = np.exp(-0.5 * ((octaves - centre) / 0.7) ** 2)
    weights /= np.sqrt((weights**2).sum())
    noise = np.zeros((rect.height, rect.width), np.float32)
    for octave, weight in zip(octaves.tolist(), weights.tolist(), strict=True):
        if octave >= level and weight > 0.02:
            noise += np.float32(weight) * _lattice(rect, octave - level, seed * 31 + octave)
    tone = encoded.mean(axis=2) if encoded.shape[2] == 1 else cv2.transform(encoded, _LUMA)
    tone = tone.reshape(noise.shape)
    strength = np.float32(GRAIN * amount) * (0.25 + 3.0 * tone * (1.0 - tone))
    return np.asarray(np.clip(encoded + (noise * strength)[:, :, None], 0.0, 1.0), np.float32)


_LUMA = np.array([[0.25, 0.65, 0.1]], np.float32)


def _lattice(rect: Rect, octave: int, seed: int) -> Floats:
    """Noise of unit variance with cells of 2^octave pixels, (h, w)."""
    side = 1 << octave
    margin = 2 if octave else 0
    left, top = rect.x // side - margin, rect.y // side - margin
    right, bottom = -(-rect.right // side) + margin, -(-rect.bottom // side) + margin
    cells = _noise(left, top, right - left, bottom - top, seed)
    if octave:
        size = (cells.shape[1] * side, cells.shape[0] * side)
        cells = cv2.resize(cells, size, interpolation=cv2.INTER_CUBIC)
        # Interpolation keeps this share of the standard deviation.
        cells *= np.float32(1.0 / 0.82)
    y, x = rect.y - top * side, rect.x - left * side
    return cells[y : y + rect.height, x : x + rect.width]


def _noise(x: int, y: int, width: int, height: int, seed: int) -> Floats:
    """A value of unit variance for each lattice place, the same from every tile."""
    columns = np.arange(x, x + width, dtype=np.int64).astype(np.uint32)
    rows = np.arange(y, y + height, dtype=np.int64).astype(np.uint32)
    start = np.uint32((seed * 0x9E3779B1 + 0x7F4A7C15) & 0xFFFFFFFF)
    h = (columns * np.uint32(0x85EBCA6B))[None, :] ^ (rows * np.uint32(0xC2B2AE35) + start)[:, None]
    h = _mixed(h + (rows * np.uint32(0x27D4EB2F))[:, None])
    # The sum of two uniform 16-bit values: a triangle of variance 1/6, close enough to a Gaussian.
    total = (h & np.uint32(0xFFFF)).astype(np.float32) + (h >> np.uint32(16)).astype(np.float32)
    total *= np.float32(1.0 / 65536.0)
    total -= 1.0
    total *= np.float32(6.0**0.5)
    return total


def _mixed(h: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Finaliser of MurmurHash3 (Appleby): every input bit reaches every output bit."""
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h
