from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import isnan
from typing import Any

HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "magenta")
"""The eight hue bands of `hue_saturation` and `hue_lightness`, in this order."""

NO_HUES = (0.0,) * 8

RANGES: dict[str, tuple[float, float]] = {
    "exposure": (-5.0, 5.0),
    **dict.fromkeys(
        (
            *("contrast", "highlights", "shadows", "whites", "blacks", "temperature", "tint"),
            *("saturation", "vibrance", "clarity", "vignette"),
        ),
        (-1.0, 1.0),
    ),
    **dict.fromkeys(("black_and_white", "sepia", "grain", "noise_reduction"), (0.0, 1.0)),
    "blur": (0.0, 5.0),
    "sharpen": (0.0, 2.0),
    "straighten": (-45.0, 45.0),
}
"""Smallest and largest value of the plain numbers; rendering takes values beyond as these."""


@dataclass(frozen=True)
class Adjustments:
    """Tone and colour settings; the default changes nothing. Names are Lightroom's and Krita's.

    Ranges are −1..1 unless said otherwise; 0 is neutral.

    Attributes:
        exposure: stops, −5..5, in linear light.
        contrast: around middle grey.
        highlights: bright tones up or down, by the tone of the surroundings.
        shadows: dark tones up or down, by the tone of the surroundings.
        whites: the white point.
        blacks: the black point (negative = deeper, positive = faded).
        temperature: + warmer, − cooler; in linear light. 1 moves a middle grey by 18 in b*.
        tint: + magenta, − green; in linear light.
        saturation: −1 = none, +1 = double.
        vibrance: saturation that spares what is colourful already and skin.
        hue_saturation: for each of `HUES`.
        hue_lightness: for each of `HUES`.
        black_and_white: 0..1.
        sepia: 0..1.
        shadow_tone: (hue in degrees, amount 0..1), split toning of the dark tones; the hue is
            that of the colour wheel (0 red, 60 yellow, 120 green, 240 blue).
        highlight_tone: (hue in degrees, amount 0..1), of the bright tones.
        blur: Gaussian sigma in percent of the picture's long side, 0..5.
        sharpen: 0..2, fine detail.
        noise_reduction: 0..1, relative to the noise that the picture has.
        clarity: local contrast.
        grain: 0..1, film grain from the request's seed.
        vignette: + darkens the corners, − brightens them.
        quarter_turns: turns by 90° clockwise, 0..3, before everything that is measured in the
            picture's own directions.
        flip_horizontal: left and right are exchanged, before the quarter turns; with two of them
            it is top and bottom.
        straighten: degrees, clockwise positive, −45..45; the largest upright crop of the picture's
            proportions (or of `crop_ratio`) is kept.
        crop_ratio: (w, h) of the largest centred crop, or None.
        recolour: sRGB colour (r, g, b), 0..1, that the main paint of the selection gets, or None.
        recolour_from: sRGB colour that is recoloured instead of the main one, or None.
        recolour_metallic: the new colour shines as metal does.
        recolour_paint: the paint in numbers (`paint.Paint`), found once so that previews and the
            full size agree; None finds it in the picture that is rendered.
        remove_spot: fill the selection from around it (classical inpainting).
        invert_selection: act outside the selection instead ("blur the background").
        seed: of the grain.
    """

    exposure: float = 0.0
    contrast: float = 0.0
    highlights: float = 0.0
    shadows: float = 0.0
    whites: float = 0.0
    blacks: float = 0.0
    temperature: float = 0.0
    tint: float = 0.0
    saturation: float = 0.0
    vibrance: float = 0.0
    hue_saturation: tuple[float, ...] = NO_HUES
    hue_lightness: tuple[float, ...] = NO_HUES
    black_and_white: float = 0.0
    sepia: float = 0.0
    shadow_tone: tuple[float, float] = (0.0, 0.0)
    highlight_tone: tuple[float, float] = (0.0, 0.0)
    blur: float = 0.0
    sharpen: float = 0.0
    noise_reduction: float = 0.0
    clarity: float = 0.0
    grain: float = 0.0
    vignette: float = 0.0
    quarter_turns: int = 0
    flip_horizontal: bool = False
    straighten: float = 0.0
    crop_ratio: tuple[float, float] | None = None
    recolour: tuple[float, ...] | None = None
    recolour_from: tuple[float, ...] | None = None
    recolour_metallic: bool = False
    recolour_paint: tuple[float, ...] | None = None
    remove_spot: bool = False
    invert_selection: bool = False
    seed: int = 0

    @property
    def is_neutral(self) -> bool:
        """True if rendering returns the source's bytes."""
        own = replace(self, seed=0, invert_selection=False)
        if self.recolour is None:
            own = replace(own, recolour_from=None, recolour_metallic=False, recolour_paint=None)
        return own == Adjustments()

    @property
    def changes_geometry(self) -> bool:
        """True if the result's size or place of pixels differs."""
        return self != self.in_place()

    def in_place(self) -> Adjustments:
        """The same without turn, flip, straightening and crop: every pixel stays where it is."""
        return replace(
            self, quarter_turns=0, flip_horizontal=False, straighten=0.0, crop_ratio=None
        )

    def clamped(self) -> Adjustments:
        """The same inside `RANGES`; what is not a number counts as neutral."""
        changed: dict[str, Any] = {}
        for name, (low, high) in RANGES.items():
            value = float(getattr(self, name))
            inside = min(max(value, low), high) if not isnan(value) else 0.0
            if inside != value:
                changed[name] = inside
        if self.quarter_turns not in range(4):
            changed["quarter_turns"] = int(self.quarter_turns) % 4
        for name in ("recolour", "recolour_from"):
            colour = getattr(self, name)
            if colour is not None and not _is_colour(colour):
                changed[name] = None
        return replace(self, **changed) if changed else self

    def to_settings(self) -> dict[str, Any]:
        """The non-neutral fields as JSON values; `from_settings` gives the same back."""
        neutral = Adjustments()
        return {
            f.name: list(v) if isinstance(v, tuple) else v
            for f in fields(self)
            if (v := getattr(self, f.name)) != getattr(neutral, f.name)
        }

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Adjustments:
        """From JSON values; unknown names raise TypeError."""
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()
        }
        return cls(**values)


def _is_colour(values: tuple[float, ...]) -> bool:
    return len(values) == 3 and all(0.0 <= value <= 1.0 for value in values)
