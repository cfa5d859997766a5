"""From the name of a colour to the colour that a thing painted so has."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from editor.render.adjustments.paint import Colour
from editor.render.color import SRGB, oklab_to_linear
from editor.tone.lexicon.colour_names import COLOUR_NAMES, METALS, OTHER_SPELLINGS

_SURFACE: Final = 0.8
"""The survey's colours are light from a screen; a painted thing has about this share of chroma."""
SHADES: Final[dict[str, tuple[float, float]]] = {
    "dark": (0.62, 0.9),
    "deep": (0.75, 1.0),
    "light": (-0.45, 0.75),
    "pale": (-0.65, 0.5),
    "soft": (-0.25, 0.6),
    "pastel": (-0.6, 0.6),
    "dusty": (0.95, 0.5),
    "bright": (1.0, 1.25),
    "vivid": (1.0, 1.25),
}
"""Words before a colour: factor of lightness (negative: share of the way to white), of chroma."""
_HEX: Final = r"#(?:[0-9a-f]{6}|[0-9a-f]{3})"


@cache
def colour_pattern() -> str:
    """A regular expression of everything that `colour_of` knows; it may end within a word."""
    names = sorted((*COLOUR_NAMES, *OTHER_SPELLINGS), key=lambda name: -len(name))
    shades = "|".join(SHADES)
    return rf"(?:{_HEX}|(?:(?:{shades}) )?(?:{'|'.join(names)}))"


def colour_of(words: str) -> Colour:
    """The sRGB colour, 0..1, of a name with or without a shade, or of `#rrggbb` or `#rgb`.

    Hex is taken as it stands. Raises KeyError for other words.
    """
    if words.startswith("#"):
        digits = words[1:] if len(words) == 7 else "".join(2 * digit for digit in words[1:])
        return _rounded([int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)])
    shade, _, name = words.partition(" ")
    lightness, chroma = 1.0, _SURFACE
    if shade in SHADES and words not in COLOUR_NAMES and words not in OTHER_SPELLINGS:
        lightness, chroma = SHADES[shade][0], SHADES[shade][1] * _SURFACE
    else:
        name = words
    value = COLOUR_NAMES[OTHER_SPELLINGS.get(name, name)]
    return shaded(colour_of(value), lightness, chroma)


def is_metal(words: str) -> bool:
    """True for "gold" and other colours that shine."""
    return words in METALS


def shaded(colour: Colour, lightness: float, chroma: float) -> Colour:
    """A colour with other lightness and chroma, by factors in Oklab (Ottosson 2020).

    A negative ``lightness`` is the share of the way to white.
    """
    lab = SRGB.to_oklab(np.array([[colour]], np.float32))
    own = lab[0, 0, 0]
    lab[0, 0, 0] = own * lightness if lightness >= 0 else own - lightness * (1.0 - own)
    lab[0, 0, 1:] *= chroma
    return _rounded([float(c) for c in SRGB.from_linear(oklab_to_linear(lab, SRGB))[0, 0]])


def oklab_of(colour: Colour) -> tuple[float, float, float]:
    """Oklab of an sRGB colour: lightness 0..1, a, b."""
    lightness, a, b = SRGB.to_oklab(np.array([[colour]], np.float32))[0, 0]
    return float(lightness), float(a), float(b)


def hex_of(colour: Colour) -> str:
    """`#rrggbb`."""
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in colour)


def _rounded(channels: list[float]) -> Colour:
    red, green, blue = (round(min(1.0, max(0.0, channel)), 4) for channel in channels)
    return red, green, blue
