"""Spoiled copies of gold edits, for what rates pictures by learning.

None of them is a spoiling of the tests: those blur, add noise, fade, enlarge, melt and leave seams
(`lab.evaluation.ranking`), or ask for another edit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.model.image import Pixels

Spoiler = Callable[[Pixels, Pixels, np.random.Generator], NDArray[Any]]


def compressed(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """JPEG of low quality: blocks and rings."""
    del other
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(3, 14))]
    coded = cv2.imencode(".jpg", gold[..., ::-1], quality)[1]
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert decoded is not None, "it was coded a line ago"
    return np.asarray(decoded[..., ::-1])


def posterised(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """Few levels in each channel."""
    del other
    levels = int(rng.integers(3, 6))
    return np.asarray(np.rint(gold / 255.0 * levels) / levels * 255.0)


def off_colour(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """A strong cast of one colour."""
    del other
    return gold * rng.uniform(0.55, 1.35, 3)


def doubled(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """Another picture shines through."""
    share = rng.uniform(0.2, 0.45)
    return (1 - share) * gold + share * other


def patched(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """Round pieces of another picture lie in it."""
    side = len(gold)
    where = np.zeros((side, side), np.float32)
    for _ in range(int(rng.integers(2, 6))):
        x, y = (int(v) for v in rng.integers(0, side, 2))
        cv2.circle(where, (x, y), int(side * rng.uniform(0.06, 0.16)), 1.0, -1)
    return np.asarray(gold + where[..., None] * (other.astype(np.float32) - gold))


def scrambled(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """Squares of the picture lie on other squares of it."""
    del other
    cell = len(gold) // 8
    made = gold.copy()
    for _ in range(int(rng.integers(4, 12))):
        (ay, ax), (by, bx) = rng.integers(0, 8, (2, 2)) * cell
        made[ay : ay + cell, ax : ax + cell] = gold[by : by + cell, bx : bx + cell]
    return made


def oversharpened(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """Halos beside every edge."""
    del other
    soft = cv2.GaussianBlur(gold, (0, 0), 1.5).astype(np.float32)
    return np.asarray(gold + rng.uniform(2.5, 5.0) * (gold - soft))


def burnt(gold: Pixels, other: Pixels, rng: np.random.Generator) -> NDArray[Any]:
    """Contrast and colour beyond what the range holds."""
    del other
    return (gold.astype(np.float32) - 128) * rng.uniform(1.7, 2.6) + 128 + rng.uniform(-40, 40)


SPOILERS: Final[Mapping[str, Spoiler]] = MappingProxyType(
    {
        "compressed": compressed,
        "posterised": posterised,
        "off_colour": off_colour,
        "doubled": doubled,
        "patched": patched,
        "scrambled": scrambled,
        "oversharpened": oversharpened,
        "burnt": burnt,
    }
)


def spoiled(gold: Pixels, other: Pixels, rng: np.random.Generator, name: str) -> Pixels:
    """One spoiled copy, (S, S, 3) uint8.

    Args:
        gold: the picture, (S, S, 3).
        other: another picture of the same size, for what is put in.
        rng: of the strength.
        name: of `SPOILERS`.
    """
    made = np.clip(np.rint(SPOILERS[name](gold, other, rng)), 0, 255)
    return np.asarray(made, np.uint8)
