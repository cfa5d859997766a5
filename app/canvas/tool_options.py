"""What is set for the tools that select."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import Qt

Combine = Literal["replace", "add", "subtract", "intersect"]
"""How what is drawn combines with the selection that is there."""

BRUSH_SIZES: Final = (1.0, 2000.0)
"""Least and greatest diameter of the brush, in logical pixels of the screen."""
MOST_FEATHER: Final = 250
"""Picture pixels."""


@dataclass(frozen=True)
class Brush:
    """A round brush.

    Attributes:
        size: diameter at full pressure, in pixels of what it is measured on: the screen for the
            artist's brush (logical pixels), the picture for a `Stroke`.
        hardness: 0 … 1, share of the radius that is fully covered.
        flow: 0 … 1, most coverage one stroke leaves.
        pressure_size: pressure changes the size.
        pressure_flow: pressure changes the flow.
    """

    size: float = 40.0
    hardness: float = 0.8
    flow: float = 1.0
    pressure_size: bool = True
    pressure_flow: bool = False

    def resized(self, size: float) -> Brush:
        """The same at another size, within `BRUSH_SIZES`."""
        return replace(self, size=min(max(size, BRUSH_SIZES[0]), BRUSH_SIZES[1]))

    def hardened(self, hardness: float) -> Brush:
        """The same at another hardness, within 0 … 1."""
        return replace(self, hardness=min(max(hardness, 0.0), 1.0))


@dataclass(frozen=True)
class ToolOptions:
    """What is set for the tools that select, apart from the brush.

    Attributes:
        shape_mode: how shapes and similar colours combine with the selection.
        brush_mode: how strokes do.
        feather: width of the soft edge inside a new shape, picture pixels.
        tolerance: how far a colour may differ, percent of the whole range of each channel.
        only_touching: only pixels that hang together with the one that was clicked.
    """

    shape_mode: Combine = "replace"
    brush_mode: Combine = "add"
    feather: int = 0
    tolerance: int = 12
    only_touching: bool = True


def combine_mode(modifiers: Qt.KeyboardModifier, chosen: Combine = "replace") -> Combine:
    """Returns what the held keys mean: Shift adds, Alt takes away, both intersect.

    Args:
        modifiers: keys that are held.
        chosen: what holds without any.
    """
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    if shift and alt:
        return "intersect"
    return "add" if shift else "subtract" if alt else chosen


def log_position(value: float, low: float, high: float) -> float:
    """Where a value stands on a logarithmic slider, 0 … 1."""
    return math.log(min(max(value, low), high) / low) / math.log(high / low)


def log_value(position: float, low: float, high: float) -> float:
    """The value at a place, 0 … 1, of a logarithmic slider."""
    return float(low * (high / low) ** min(max(position, 0.0), 1.0))
