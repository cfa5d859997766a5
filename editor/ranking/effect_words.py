"""What measured quantities, and changes of them, are called."""

from __future__ import annotations

from typing import Final

from editor.messages import Message
from editor.render.adjustments.parameters import HUES

_SINGLE: Final = {
    "lightness": ("brighter", "darker"),
    "contrast": ("more_contrast", "less_contrast"),
    "shadows": ("lighter_shadows", "deeper_shadows"),
    "highlights": ("brighter_highlights", "calmer_highlights"),
    "warmth": ("warmer", "cooler"),
    "tint": ("more_magenta", "more_green"),
    "chroma": ("more_colour", "less_colour"),
    "chroma_low": ("livelier_dull_colours", "quieter_dull_colours"),
    "hue_spread": ("more_colour", "less_colour"),
    "shadow_warmth": ("warmer_shadows", "cooler_shadows"),
    "highlight_warmth": ("warmer_highlights", "cooler_highlights"),
    "sharpness": ("sharper", "softer"),
    "fine_detail": ("more_fine_detail", "less_fine_detail"),
    "local_contrast": ("more_local_contrast", "less_local_contrast"),
    "noise": ("more_grain", "less_grain"),
    "edge_darkening": ("lighter_corners", "darker_corners"),
}
_OF_HUE: Final = {"chroma": ("stronger", "quieter"), "lightness": ("brighter", "darker")}

QUANTITIES: Final = {*_SINGLE, *(f"{family}_{hue}" for family in _OF_HUE for hue in HUES)}
"""The quantities that have words: all that words can ask for more or less of."""


def change(quantity: str, *, up: bool) -> Message:
    """A change of a quantity: "warmer", "deeper shadows"."""
    return _word("effect", quantity, up=up)


def extreme(quantity: str, *, highest: bool) -> Message:
    """The highest or lowest value of several results: "warmest", "deepest shadows"."""
    return _word("extreme", quantity, up=highest)


def part(quantity: str) -> Message:
    """A quantity as a part of the picture's look: "the shadows"."""
    hue = quantity.partition("_")[2]
    if hue in HUES:
        return Message("part.hue", hue=Message(f"hue.{hue}"))
    return Message(f"part.{quantity}")


def _word(table: str, quantity: str, *, up: bool) -> Message:
    family, _, hue = quantity.partition("_")
    if hue in HUES:
        name = _OF_HUE[family][0 if up else 1]
        return Message(f"{table}.{name}_hue", hue=Message(f"hue.{hue}"))
    return Message(f"{table}.{_SINGLE[quantity][0 if up else 1]}")
