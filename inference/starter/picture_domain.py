"""Is a picture a storybook scene, which the starter models know, or anything else.

A verdict from cheap statistics, not from a network: it needs no weights of the starter models and
must say no to everything they were never shown. So it learns from scenes alone (one Gaussian for
each way of drawing, Mahalanobis distance to the nearest) and calls everything far from them
foreign; photographs only test it. ``python -m inference.lab.training.domain`` makes its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

SIDE: Final = 128
"""Pictures are looked at with as many pixels as a square of this side."""

SMALLEST: Final = 16
_SPREAD: Final = (0.1, 0.25, 0.5, 0.75, 0.9, 0.97)


@dataclass(frozen=True)
class Verdict:
    """Whether the starter models know this kind of picture.

    Attributes:
        fits: it looks like a storybook scene.
        score: 1 for the most typical scene, 0.5 at the border, towards 0 for anything else.
    """

    fits: bool
    score: float


@dataclass(frozen=True)
class Numbers:
    """Statistics of scenes: D features, K ways of drawing.

    Attributes:
        palette: (512,) float32, log share of each colour, 8 × 8 × 8 cells of sRGB.
        mean, deviation: (D,) float32, of all features.
        centres: (K, D) float32, of standardised features.
        precisions: (K, D, D) float32, inverse covariances over the squared distance at which a
            scene is still one; a distance of 1 is the border.
    """

    palette: Array
    mean: Array
    deviation: Array
    centres: Array
    precisions: Array


@lru_cache(maxsize=1)
def numbers() -> Numbers:
    """The shipped statistics, ``resources/domain.safetensors``."""
    from safetensors.numpy import load

    return Numbers(**load((files("resources") / "domain.safetensors").read_bytes()))


def storybook(pixels: NDArray[np.uint8]) -> Verdict:
    """The verdict about a picture, whole or cropped.

    Args:
        pixels: (H, W, 3) uint8 sRGB, any size; below `SMALLEST` pixels a side nothing fits.
    """
    if min(pixels.shape[:2]) < SMALLEST:
        return Verdict(False, 0.0)
    known = numbers()
    distance = float(distances(features(reduced(pixels), known.palette)[None], known)[0])
    return Verdict(distance <= 1.0, 1.0 / (1.0 + distance**2))


def distances(values: Array, known: Numbers) -> Array:
    """Squared Mahalanobis distance (N,) of features (N, D) to the nearest centre; border at 1."""
    plain = (values - known.mean) / known.deviation
    away = plain[None] - known.centres[:, None]
    squared = np.einsum("knd,kde,kne->kn", away, known.precisions, away)
    nearest: Array = squared.min(0)
    return nearest


def reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with about `SIDE`² pixels, aspect kept; (h, w, 3) uint8."""
    height, width = pixels.shape[:2]
    factor = SIDE / (height * width) ** 0.5
    size = tuple(max(SMALLEST, round(length * factor)) for length in (width, height))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    out: NDArray[np.uint8] = cv2.resize(pixels, size, interpolation=way)
    return out


def cells(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The palette cell of each pixel, (H·W,) in 0..511."""
    q = pixels.astype(np.int64) >> 5
    found: NDArray[np.int64] = ((q[..., 0] << 6) | (q[..., 1] << 3) | q[..., 2]).ravel()
    return found


def features(pixels: NDArray[np.uint8], palette: Array) -> Array:
    """Statistics of a reduced picture, (D,) float32.

    Light and colour as such; colour steps between neighbours at three distances (drawn areas are
    even and their edges sharp); what a median filter takes away (grain); how few colours there
    are; and how common each is in the storybook (the strongest: paints and lights are its own).
    """
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lightness, a, b = cv2.split(lab)
    chroma = np.hypot(a, b)
    values = [
        *np.quantile(lightness, (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)),
        *np.quantile(chroma, (0.1, 0.25, 0.5, 0.75, 0.9, 0.98)),
        a.mean(),
        b.mean(),
        a.std(),
        b.std(),
        lightness.std(),
        _correlation(lightness, b),
        *_steps(lab),
        *_grain(pixels),
        *_variety(pixels),
    ]
    common = np.sort(palette[cells(pixels)])
    values += [common.mean(), *np.quantile(common, (0.02, 0.05, 0.1, 0.25, 0.5))]
    return np.array(values, np.float32)


def _correlation(first: Array, second: Array) -> float:
    x, y = first.ravel() - first.mean(), second.ravel() - second.mean()
    return float((x * y).mean() / (x.std() * y.std() + 1e-3))


def _steps(lab: Array) -> list[float]:
    """Quantiles of colour differences, and how they differ by direction and by kind."""
    values: list[float] = []
    for by in (1, 2, 4):
        across = np.linalg.norm(lab[:, by:] - lab[:, :-by], axis=-1)
        down = np.linalg.norm(lab[by:] - lab[:-by], axis=-1)
        if by == 1:
            ways = (
                _log(np.median(across)) - _log(np.median(down)),
                _log(across.mean()) - _log(down.mean()),
            )
        both = np.concatenate([across.ravel(), down.ravel()])
        values += [_log(q) for q in np.quantile(both, _SPREAD)]
    change = lab[:, 1:] - lab[:, :-1]
    light, colour = np.abs(change[..., 0]), np.hypot(change[..., 1], change[..., 2])
    return [*values, *ways, _log(colour.mean()) - _log(light.mean()), _log(np.median(colour))]


def _grain(pixels: NDArray[np.uint8]) -> list[float]:
    smooth = cv2.medianBlur(pixels, 3).astype(np.float32)
    rest = np.abs(pixels - smooth).mean(-1)
    return [_log(q) for q in np.quantile(rest, (0.5, 0.75, 0.9))]


def _variety(pixels: NDArray[np.uint8]) -> list[float]:
    """Entropy of a 16 × 16 × 16 histogram in nats, shares of the commonest cells, their number."""
    q = pixels.astype(np.int64) >> 4
    counts = np.bincount(((q[..., 0] << 8) | (q[..., 1] << 4) | q[..., 2]).ravel())
    shares = np.sort(counts[counts > 0])[::-1] / counts.sum()
    entropy = -float((shares * np.log(shares)).sum())
    most = [float(shares[:count].sum()) for count in (1, 4, 16)]
    return [entropy, *most, float(np.log(len(shares)))]


def _log(value: float) -> float:
    return float(np.log(value + 0.3))
