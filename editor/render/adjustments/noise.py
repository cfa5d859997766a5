"""Noise reduction: wavelet shrinkage, as strong as the noise that is measured in the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import log2, sqrt
from threading import Lock
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image, Pixels
from editor.render.adjustments.recent_pictures import RecentPictures
from editor.render.color import ColorSpace, Floats, space_of

_BANDS = 4
"""Bands of detail at full size: structures up to about 16 pixels."""

_WINDOW = 5
"""Side in pixels of the neighbourhood in which detail is compared with the noise."""

_LIGHTNESS, _CHROMA = 2.4, 3.0
"""Multiples of the noise that count as noise at amount 1; blotches of colour disturb more."""

_FLOOR = 0.4 / 255
"""Standard deviation that rounding to 8 bits and fine texture have in a picture without noise."""

_BLOCK = 16
"""Side in pixels of the blocks on which noise is measured."""

_SMOOTHEST = 0.2
"""Quantile of the blocks that is taken as the noise: rougher ones hold the picture's own detail."""

_STEEPNESS = 6.0
"""How much more variance a picture's own structure has in its means of 2 × 2 pixels, four times
taken, than in its finest detail (measured on photographs: 3 to 50)."""

_MOST = 25 / 255
"""Strongest noise that is believed; beyond, brush strokes and foliage are taken for it."""

_MOST_TILES = 24

_MAD = 0.6745
"""Median absolute deviation of a normal distribution of standard deviation 1."""

_OPPONENT = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]], np.float32)
_OPPONENT /= np.linalg.norm(_OPPONENT, axis=1, keepdims=True)
"""Orthonormal: lightness and two differences of colour, all with the noise of one channel (as in
Dabov et al. 2007, "Color image denoising via sparse 3D collaborative filtering")."""

_FEWEST = 0.05
"""Share of the blocks that must be free of clipped samples if only those are to count."""

_Planes = list[Floats]
_Sample = TypeVar("_Sample", bound=np.generic)

_LOCK = Lock()
_MEASURED = RecentPictures["NoiseEstimate"]()


@dataclass(frozen=True)
class NoiseEstimate:
    """Standard deviations of the noise, on the scale of the square root of linear light, 0..1.

    Attributes:
        lightness: of lightness.
        chroma: of the two differences of colour; 0 for grey pictures.
    """

    lightness: float
    chroma: tuple[float, float] = (0.0, 0.0)

    @property
    def is_none(self) -> bool:
        """True for a picture without noise, which stays as it is."""
        return not (self.lightness or any(self.chroma))


def measured(image: Image, scale: float) -> NoiseEstimate:
    """The noise of a picture, measured once for all of its tiles.

    Args:
        image: the picture, or its mip level.
        scale: 2^-k for mip level k, in which noise is as much weaker.
    """
    with _LOCK:
        found = _MEASURED.get(image)
        if found is None:
            found = _measure(image, _FLOOR * scale)
            _MEASURED.put(image, found)
        return found


def reach(scale: float) -> int:
    """How far a pixel's surroundings count, in pixels of a mip level."""
    return 2 * ((1 << _band_count(scale)) - 1) + _WINDOW // 2


def reduced(
    encoded: Pixels, level: NoiseEstimate, amount: float, space: ColorSpace, scale: float
) -> Floats:
    """The picture with less noise, edges kept, (h, w, 1 or 3) encoded float32 0..1.

    On the square root of linear light, where the noise of photons is the same in dark and bright
    parts (Anscombe 1948), each channel is split by the undecimated B3-spline wavelet transform
    (Starck and Murtagh 2006). A band's detail keeps the share of its local variance that is not
    noise: the empirical Wiener filter of Mıhçak et al. 1999, "Low-complexity image denoising based
    on statistical modeling of wavelet coefficients".

    Args:
        encoded: samples (h, w, 1 or 3), at least `reach` wider than what is used.
        level: of `measured`.
        amount: 0..1; 0.5 takes away about all noise that can be told from detail.
        space: of the samples.
        scale: 2^-k for mip level k.
    """
    multiples = [_LIGHTNESS * amount] + 2 * [_CHROMA * amount]
    levels = (level.lightness, *level.chroma)
    planes = [
        _shrunk(plane, multiple * sigma, _band_count(scale)) if sigma else plane
        for plane, multiple, sigma in zip(_planes(encoded, space), multiples, levels, strict=False)
    ]
    root = planes[0][:, :, None]
    if len(planes) == 3:
        root = cv2.transform(cv2.merge(planes), np.ascontiguousarray(_OPPONENT.T))
    return space.from_linear(np.square(np.clip(root, 0.0, 1.0)))


def _measure(image: Image, floor: float) -> NoiseEstimate:
    """Robust noise estimate: median absolute deviation of fine detail (Donoho and Johnstone 1994).

    Taken in small blocks, of which the smoothest count, because the detail of textures is larger
    than the noise (as in Liu et al. 2013, "Single-image noise level estimation").
    """
    space = space_of(image.meta.icc, image.colour_channels)
    fine: list[list[Floats]] = []
    coarse: list[list[Floats]] = []
    whole: list[NDArray[np.bool_]] = []
    for samples in _sampled_tiles(image):
        planes = _planes(samples, space)
        halves = [cv2.resize(p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for p in planes]
        fine.append([_deviations(plane) for plane in planes])
        clipped = _blocks(_clipped(samples, image.maximum)).any(axis=1)
        whole.append(np.logical_not(np.asarray(clipped, np.bool_)))
        coarse.append([_deviations(plane) for plane in halves])
    if not fine:
        return NoiseEstimate(0.0)
    unclipped = np.concatenate(whole)
    if unclipped.mean() < _FEWEST:
        unclipped[:] = True
    sigmas = [_smoothest(np.concatenate(found)[unclipped]) for found in zip(*fine, strict=True)]
    halved = [2.0 * _smoothest(np.concatenate(found)) for found in zip(*coarse, strict=True)]
    # White noise is as strong in both; what is more in the coarser detail is structure.
    structure = max(0.0, halved[0] ** 2 - sigmas[0] ** 2) / (_STEEPNESS - 1.0)
    lightness = min(_MOST, _above(sqrt(max(0.0, sigmas[0] ** 2 - structure)), floor))
    if len(sigmas) == 1:
        return NoiseEstimate(lightness)
    # Cameras and JPEG store colour at half the resolution: its noise is not in the finest detail.
    first, second = (
        min(_MOST, _above(max(own, min(sigmas[0], half)), floor))
        for own, half in zip(sigmas[1:], halved[1:], strict=True)
    )
    return NoiseEstimate(lightness, (first, second))


def _above(sigma: float, floor: float) -> float:
    return sqrt(max(0.0, sigma**2 - floor**2))


def _sampled_tiles(image: Image) -> Iterator[Pixels]:
    """Colour samples of up to `_MOST_TILES` tiles, spread evenly over the picture."""
    total = len(image.tiles)
    step = max(1.0, total / _MOST_TILES)
    for index in range(min(total, _MOST_TILES)):
        pixels = image.tiles[int(index * step)].pixels
        if min(pixels.shape[:2]) >= 2 * _BLOCK:
            yield np.ascontiguousarray(pixels[:, :, : image.colour_channels])


def _clipped(samples: Pixels, maximum: int) -> NDArray[np.bool_]:
    """Where a sample is black or white, so that its noise is cut off, (h, w)."""
    return np.asarray(((samples == 0) | (samples == maximum)).any(axis=2))


def _blocks(plane: NDArray[_Sample]) -> NDArray[_Sample]:
    """Whole blocks of a plane, (n, `_BLOCK`²)."""
    height, width = (side // _BLOCK for side in plane.shape)
    cut = plane[: height * _BLOCK, : width * _BLOCK]
    parts = cut.reshape(height, _BLOCK, width, _BLOCK).swapaxes(1, 2)
    return parts.reshape(height * width, _BLOCK * _BLOCK)


def _deviations(plane: Floats) -> Floats:
    """Standard deviation of the finest diagonal detail in each block, (n,)."""
    kernel = np.array([1, -2, 1], np.float32) / np.float32(6**0.5)
    detail = cv2.sepFilter2D(plane, -1, kernel, kernel, borderType=cv2.BORDER_REFLECT_101)
    deviations = np.median(np.abs(_blocks(detail)), axis=1)
    return np.asarray(deviations / _MAD, np.float32)


def _smoothest(deviations: Floats) -> float:
    return float(np.quantile(deviations, _SMOOTHEST))


def _planes(samples: Pixels, space: ColorSpace) -> _Planes:
    """Lightness and colour differences of the square root of linear light, (h, w) each."""
    root = np.sqrt(space.to_linear(samples))
    if root.shape[2] == 1:
        return [np.ascontiguousarray(root[:, :, 0])]
    return list(cv2.split(cv2.transform(root, _OPPONENT)))


def _band_count(scale: float) -> int:
    """Bands that a mip level still has of those at full size."""
    return max(0, _BANDS + round(log2(scale)))


def _shrunk(plane: Floats, sigma: float, bands: int) -> Floats:
    """A plane without detail that white noise of this standard deviation explains."""
    rest = plane
    kept = np.zeros_like(plane)
    for band in range(bands):
        smooth = _smoothed(rest, band)
        detail = rest - smooth
        variance = cv2.blur(detail * detail, (_WINDOW, _WINDOW), borderType=cv2.BORDER_REFLECT_101)
        noise = np.float32((sigma * _noise_share(band)) ** 2)
        detail *= np.maximum(variance - noise, 0.0) / np.maximum(variance, np.float32(1e-12))
        kept += detail
        rest = smooth
    return np.asarray(rest + kept, np.float32)


def _smoothed(plane: Floats, band: int) -> Floats:
    kernel = _kernel(band)
    out: Floats = cv2.sepFilter2D(plane, -1, kernel, kernel, borderType=cv2.BORDER_REFLECT_101)
    return out


@cache
def _kernel(band: int) -> Floats:
    """The B3 spline with its taps 2^band pixels apart."""
    kernel = np.zeros(4 * 2**band + 1, np.float32)
    kernel[:: 2**band] = np.array([1, 4, 6, 4, 1], np.float32) / 16
    return kernel


@cache
def _noise_share(band: int) -> float:
    """Standard deviation of a band for white noise of standard deviation 1."""
    side = 4 * 2 ** (band + 1) + 1
    plane = np.zeros((side, side), np.float32)
    plane[side // 2, side // 2] = 1.0
    for finer in range(band):
        plane = _smoothed(plane, finer)
    return float(np.linalg.norm(plane - _smoothed(plane, band)))
