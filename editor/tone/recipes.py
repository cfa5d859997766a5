from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

from editor.render.adjustments.parameters import HUES, Adjustments

LIMITS: dict[str, tuple[float, float]] = {
    "exposure": (-5.0, 5.0),
    "black_and_white": (0.0, 1.0),
    "sepia": (0.0, 1.0),
    "blur": (0.0, 5.0),
    "sharpen": (0.0, 2.0),
    "grain": (0.0, 1.0),
    "noise_reduction": (0.0, 1.0),
    "straighten": (-45.0, 45.0),
}
"""Ranges of the settings that are not −1..1."""

TONES = ("shadow_tone", "highlight_tone")
VECTORS = {"sat": "hue_saturation", "light": "hue_lightness"}


@dataclass(frozen=True)
class EffectRecipe:
    """Amounts per setting, written as `"exposure 0.5 sat.blue 0.3 shadow_tone 210/0.2"`.

    Attributes:
        scalars: (setting, amount).
        hues: (setting, index into `HUES`, amount).
        tones: (setting, hue in degrees, amount).
    """

    scalars: tuple[tuple[str, float], ...] = ()
    hues: tuple[tuple[str, int, float], ...] = ()
    tones: tuple[tuple[str, float, float], ...] = ()

    @classmethod
    def of(cls, text: str) -> EffectRecipe:
        """Read the short form."""
        words = text.split()
        scalars: list[tuple[str, float]] = []
        hues: list[tuple[str, int, float]] = []
        tones: list[tuple[str, float, float]] = []
        for name, amount in zip(words[::2], words[1::2], strict=True):
            if name in TONES:
                hue, _, strength = amount.partition("/")
                tones.append((name, float(hue), float(strength)))
            elif "." in name:
                vector, _, colour = name.partition(".")
                hues.append((VECTORS[vector], HUES.index(colour), float(amount)))
            else:
                scalars.append((name, float(amount)))
        return cls(tuple(scalars), tuple(hues), tuple(tones))

    def scaled(self, factor: float) -> EffectRecipe:
        """Every amount times `factor`; a negative one turns colour tones to the opposite hue."""
        turn = 180.0 if factor < 0 else 0.0
        return EffectRecipe(
            tuple((n, v * factor) for n, v in self.scalars),
            tuple((n, i, v * factor) for n, i, v in self.hues),
            tuple((n, (h + turn) % 360.0, a * abs(factor)) for n, h, a in self.tones),
        )


def add_tones(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Two tints of the same tones as one: the vector sum of (hue in degrees, amount)."""
    if first[1] == 0.0:
        return (second[0], min(1.0, second[1])) if second[1] else (0.0, 0.0)
    x = sum(a * math.cos(math.radians(h)) for h, a in (first, second))
    y = sum(a * math.sin(math.radians(h)) for h, a in (first, second))
    amount = min(1.0, math.hypot(x, y))
    if amount < 1e-6:
        return (0.0, 0.0)
    return (round(math.degrees(math.atan2(y, x)) % 360.0, 1), round(amount, 3))


def clamped(name: str, value: float) -> float:
    """A setting within its range, rounded so that equal wishes give equal settings."""
    low, high = LIMITS.get(name, (-1.0, 1.0))
    return round(min(high, max(low, value)), 4) + 0.0


def combine(recipes: list[EffectRecipe], base: Adjustments | None = None) -> Adjustments:
    """Add recipes up and clamp the sums."""
    start = base or Adjustments()
    names = {f.name for f in fields(Adjustments)}
    sums: dict[str, float] = {}
    vectors = {name: list(getattr(start, name)) for name in VECTORS.values()}
    tones: dict[str, tuple[float, float]] = {name: getattr(start, name) for name in TONES}
    for recipe in recipes:
        for name, value in recipe.scalars:
            if name not in names:
                raise KeyError(name)
            sums[name] = sums.get(name, float(getattr(start, name))) + value
        for name, index, value in recipe.hues:
            vectors[name][index] += value
        for name, hue, amount in recipe.tones:
            tones[name] = add_tones(tones[name], (hue, amount))
    changed: dict[str, Any] = {name: clamped(name, value) for name, value in sums.items()}
    return replace(
        start,
        **changed,
        hue_saturation=tuple(clamped("hue", v) for v in vectors["hue_saturation"]),
        hue_lightness=tuple(clamped("hue", v) for v in vectors["hue_lightness"]),
        shadow_tone=tones["shadow_tone"],
        highlight_tone=tones["highlight_tone"],
    )
