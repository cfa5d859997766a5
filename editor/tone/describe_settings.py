from __future__ import annotations

import math
from collections.abc import Iterator

from editor.messages import Message
from editor.render.adjustments.paint import Colour
from editor.render.adjustments.parameters import HUES, Adjustments
from editor.tone.colours import hex_of, oklab_of

USUAL: dict[str, float] = {
    "exposure": 0.5, "contrast": 0.35, "highlights": 0.5, "shadows": 0.35, "whites": 0.4,
    "blacks": 0.4, "temperature": 0.35, "tint": 0.35, "saturation": 0.35, "vibrance": 0.5,
    "black_and_white": 1.0, "sepia": 0.8, "blur": 0.4, "sharpen": 1.0, "clarity": 0.5,
    "grain": 0.4, "noise_reduction": 0.5, "vignette": 0.5,
}  # fmt: skip
"""The strength of each setting that needs no further word."""

ONE_WAY = ("black_and_white", "sepia", "blur", "sharpen", "grain", "noise_reduction")
"""Settings that only go up."""

_TONES = (
    (18.0, "red"), (42.0, "orange"), (68.0, "yellow"), (160.0, "green"), (205.0, "teal"),
    (250.0, "blue"), (295.0, "purple"), (340.0, "pink"), (361.0, "red"),
)  # fmt: skip
"""Where the colour words of the hue circle end, in degrees."""


_COLOURS = (
    (10.0, "pink"), (40.0, "red"), (75.0, "orange"), (116.0, "yellow"), (172.0, "green"),
    (225.0, "teal"), (283.0, "blue"), (325.0, "purple"), (361.0, "pink"),
)  # fmt: skip
"""Where the colour words of the Oklab hue circle end, in degrees."""


def describe_settings(wanted: Adjustments) -> Message:
    """Settings as an artist would say them ("Warmer, shadows lifted a little")."""
    colours = (*_recolour(wanted), *_scalars(wanted), *_hues(wanted))
    parts = (*colours, *_tones(wanted), *_geometry(wanted))
    if wanted.remove_spot:
        parts = (*parts, Message("done.spot"))
    parts = parts or (Message("done.nothing"),)
    if wanted.invert_selection:
        return Message("done.outside", parts=parts)
    return Message("done.all", parts=parts)


def tone_name(hue: float) -> Message:
    """The colour word for a hue in degrees."""
    return Message(f"hue.{next(name for limit, name in _TONES if hue % 360.0 < limit)}")


def _graded(what: Message, share: float) -> Message:
    """With a word for its strength; 1 is usual."""
    if share <= 0.7:
        return Message("done.a_little", what=what)
    if share >= 1.45:
        return Message("done.a_lot", what=what)
    return what


def _scalars(wanted: Adjustments) -> list[Message]:
    shares = []
    for name, usual in USUAL.items():
        value = getattr(wanted, name)
        if value > 0 or (value and name not in ONE_WAY):
            way = "more" if value > 0 else "less"
            shares.append((abs(value) / usual, name, Message(f"done.{name}.{way}")))
    # What is strongest is said first.
    shares.sort(key=lambda entry: -entry[0])
    whole = ("black_and_white", "sepia")
    return [
        what if name in whole and share >= 0.7 else _graded(what, share)
        for share, name, what in shares
    ]


def _hues(wanted: Adjustments) -> Iterator[Message]:
    for hue, value in zip(HUES, wanted.hue_saturation, strict=True):
        name = Message(f"hue.{hue}")
        if value <= -1:
            yield Message("done.hue_gone", hue=name)
        elif value < 0:
            yield _graded(Message("done.hue_quieter", hue=name), -value / 0.5)
        elif value:
            yield _graded(Message("done.hue_stronger", hue=name), value / 0.5)
    for hue, value in zip(HUES, wanted.hue_lightness, strict=True):
        name = Message(f"hue.{hue}")
        if value < 0:
            yield _graded(Message("done.hue_darker", hue=name), -value / 0.45)
        elif value:
            yield _graded(Message("done.hue_brighter", hue=name), value / 0.45)


def _tones(wanted: Adjustments) -> Iterator[Message]:
    hue, amount = wanted.shadow_tone
    if amount > 0:
        yield _graded(Message("done.shadow_tone", hue=tone_name(hue)), amount / 0.4)
    hue, amount = wanted.highlight_tone
    if amount > 0:
        yield _graded(Message("done.highlight_tone", hue=tone_name(hue)), amount / 0.4)


def _recolour(wanted: Adjustments) -> Iterator[Message]:
    if wanted.recolour is None:
        return
    named = {"colour": colour_name(wanted.recolour), "hex": hex_of(wanted.recolour)}
    if wanted.recolour_from is None:
        yield Message("done.recolour", **named)
    else:
        yield Message("done.recolour_from", source=colour_name(wanted.recolour_from), **named)


def colour_name(colour: Colour) -> Message:
    """The colour word for an sRGB colour, 0..1."""
    lightness, a, b = oklab_of(colour)
    chroma = math.hypot(a, b)
    if chroma < 0.03:
        name = "black" if lightness < 0.35 else "white" if lightness > 0.9 else "grey"
        return Message(f"hue.{name}")
    angle = math.degrees(math.atan2(b, a)) % 360.0
    if lightness < 0.55 and 35.0 < angle < 85.0:
        return Message("hue.brown")
    return Message(f"hue.{next(name for limit, name in _COLOURS if angle < limit)}")


def _orientation(wanted: Adjustments) -> Iterator[Message]:
    quarters = wanted.quarter_turns % 4
    if wanted.flip_horizontal:
        yield Message("done.flipped_vertical" if quarters == 2 else "done.flipped_horizontal")
    if quarters == 2 and not wanted.flip_horizontal:
        yield Message("done.turned_round")
    elif quarters % 2:
        yield Message("done.turned_right" if quarters == 1 else "done.turned_left")


def _geometry(wanted: Adjustments) -> Iterator[Message]:
    yield from _orientation(wanted)
    if wanted.straighten > 0:
        yield Message("done.clockwise", angle=f"{wanted.straighten:g}")
    elif wanted.straighten:
        yield Message("done.counter_clockwise", angle=f"{-wanted.straighten:g}")
    if wanted.crop_ratio:
        width, height = wanted.crop_ratio
        if width == height:
            yield Message("done.square")
        else:
            yield Message("done.crop", ratio=f"{width:g}:{height:g}")
