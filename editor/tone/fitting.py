"""Phrases of tone and colour that a picture calls for, by what was measured on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.messages import Message
from editor.tone.help import STARTERS

_LOOKS: Final = tuple(
    phrase for phrase in STARTERS if not phrase.startswith(("crop", "straighten", "sharper"))
)
_USUAL: Final = Message("fit.usual_look")


@dataclass(frozen=True)
class Fitting:
    """A phrase and why it is proposed: measured facts only."""

    text: str
    reason: Message


@dataclass(frozen=True)
class ToneStatistics:
    """What is measured, in CIELAB units over the picture's pixels.

    Attributes:
        dark, middle, light: the 5th, 50th and 95th percentile of L*, 0..100.
        deep: share of pixels below L* 12, 0..1.
        bright: share of pixels above L* 96, 0..1.
        chroma: mean C*.
        warmth: mean b* of the pixels nearest to grey.
    """

    dark: float
    middle: float
    light: float
    deep: float
    bright: float
    chroma: float
    warmth: float

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> ToneStatistics:
        """Measured on (h, w, 3) sRGB `uint8`; a thumbnail of 256 pixels a side is plenty."""
        lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
        lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
        dark, middle, light = (float(q) for q in np.percentile(lightness, (5, 50, 95)))
        grey = lab[chroma <= np.percentile(chroma, 30), 2]
        return cls(
            dark,
            middle,
            light,
            float((lightness < 12).mean()),
            float((lightness > 96).mean()),
            float(chroma.mean()),
            float(grey.mean()),
        )


@dataclass(frozen=True)
class _Rule:
    text: str
    need: Callable[[ToneStatistics], float]
    """How much the picture calls for it; 0 or less means not at all."""
    reason: Callable[[ToneStatistics], Message]


_RULES: Final = (
    _Rule(
        "brighter, but keep the highlights",
        lambda t: (42 - t.middle) / 30,
        lambda t: Message("fit.dark", lightness=round(t.middle)),
    ),
    _Rule(
        "darker",
        lambda t: (t.middle - 74) / 20,
        lambda t: Message("fit.bright", lightness=round(t.middle)),
    ),
    _Rule(
        "more contrast",
        lambda t: (62 - (t.light - t.dark)) / 40,
        lambda t: Message("fit.contrast", steps=round(t.light - t.dark)),
    ),
    _Rule(
        "less contrast",
        lambda t: (t.light - t.dark - 88) / 12,
        lambda t: Message("fit.contrast", steps=round(t.light - t.dark)),
    ),
    _Rule(
        "lift the shadows a little",
        lambda t: (t.deep - 0.08) / 0.3,
        lambda t: Message("fit.nearly_black", percent=round(100 * t.deep)),
    ),
    _Rule(
        "darken the highlights",
        lambda t: (t.bright - 0.06) / 0.3,
        lambda t: Message("fit.nearly_white", percent=round(100 * t.bright)),
    ),
    _Rule(
        "remove the haze",
        lambda t: min((t.dark - 24) / 30, (70 - (t.light - t.dark)) / 40),
        lambda t: Message("fit.hazy", lightness=round(t.dark)),
    ),
    _Rule(
        "warmer",
        lambda t: (3 - t.warmth) / 12,
        lambda t: Message("fit.leans_blue") if t.warmth < 0 else Message("fit.hardly_warm"),
    ),
    _Rule(
        "cooler",
        lambda t: (t.warmth - 9) / 12,
        lambda t: Message("fit.leans_yellow"),
    ),
    _Rule(
        "more vivid",
        lambda t: (22 - t.chroma) / 20 if t.chroma > 2 else 0.0,
        lambda t: Message("fit.weak_colours", chroma=round(t.chroma)),
    ),
    _Rule(
        "softer colours",
        lambda t: (t.chroma - 36) / 20,
        lambda t: Message("fit.strong_colours", chroma=round(t.chroma)),
    ),
)


def fitting_phrases(
    pixels: NDArray[np.uint8],
    count: int = 5,
    *,
    without: frozenset[str] = frozenset(),
    page: int = 0,
) -> tuple[Fitting, ...]:
    """What could be said of tone and colour, what the picture calls for first.

    Args:
        pixels: (h, w, 3) `uint8` sRGB, a thumbnail.
        count: how many.
        without: phrases that were turned down.
        page: 0 for the best, 1 for the next ones, and so on, starting again at the end.
    """
    phrases = [one for one in _ordered(ToneStatistics.of(pixels)) if one.text not in without]
    if not phrases:
        return ()
    count = min(count, len(phrases))
    start = page * count % len(phrases)
    return tuple((phrases + phrases)[start : start + count])


def _ordered(tone: ToneStatistics) -> Iterator[Fitting]:
    needed = [(rule.need(tone), rule) for rule in _RULES]
    called = sorted((pair for pair in needed if pair[0] > 0), key=lambda pair: -pair[0])
    called_texts = {rule.text for _, rule in called}
    for _, rule in called:
        yield Fitting(rule.text, rule.reason(tone))
    opposed = {rule.text for need, rule in needed if need <= 0}
    for text in _LOOKS:
        if text not in called_texts | opposed:
            yield Fitting(text, _USUAL)
