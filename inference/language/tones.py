"""Edits of tone and colour that can be proposed for any picture, without any model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from editor.messages import Message
from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.proposals import Proposal


@dataclass(frozen=True)
class ToneEdit:
    """An edit of tone and colour, and how a caption says it.

    Attributes:
        text: the instruction that the method Tone and colour understands.
        phrase: what the caption says afterwards.
        subject: what it is about, for the reason: a code below "attribute".
        mentions: words of a caption that already say it, in either direction.
    """

    text: str
    phrase: str
    subject: str
    mentions: frozenset[str]


TONES: Final = (
    ToneEdit(
        "warmer", "warm tones", "warmth", frozenset({"warm", "warmer", "cool", "cold", "sepia"})
    ),
    ToneEdit(
        "cooler", "cool tones", "warmth", frozenset({"cool", "cooler", "cold", "warm", "sepia"})
    ),
    ToneEdit("more contrast", "strong contrast", "contrast", frozenset({"contrast", "faded"})),
    ToneEdit("brighter", "bright", "lightness", frozenset({"bright", "dark", "night", "dim"})),
    ToneEdit("more saturated", "vivid colours", "colour_strength", frozenset({"vivid", "muted"})),
    ToneEdit(
        "less saturated", "muted colours", "colour_strength", frozenset({"muted", "monochrome"})
    ),
    ToneEdit(
        "black and white", "black and white", "black_and_white", frozenset({"black", "sepia"})
    ),
    ToneEdit("sepia", "sepia", "sepia", frozenset({"sepia", "monochrome"})),
    ToneEdit("film grain", "film grain", "grain", frozenset({"grain", "grainy"})),
    ToneEdit("vignette", "dark corners", "vignette", frozenset({"vignette", "corners"})),
    ToneEdit("faded", "faded", "fading", frozenset({"faded", "vivid"})),
    ToneEdit("softer", "soft focus", "softness", frozenset({"soft", "sharp"})),
)


def from_tones(caption: str) -> Iterator[Proposal]:
    """Proposals of tone and colour: they can be done to any picture, without any model."""
    named = set(key_of(caption))
    for tone in TONES:
        if not named & tone.mentions:
            yield Proposal(
                tone.text,
                f"{caption.rstrip(' ,.')}, {tone.phrase}",
                Message("suggest.from_list", reason=_tone_reason(tone)),
                ("tone", tone.phrase),
            )


def _tone_reason(tone: ToneEdit) -> Message:
    return Message("suggest.tone_not_said", subject=Message(f"attribute.{tone.subject}"))
