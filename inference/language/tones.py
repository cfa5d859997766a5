"""Edits of tone and colour that can be proposed for any picture, without any model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language.proposals import Proposal
from inference.language.reasons import FROM_LIST


@dataclass(frozen=True)
class ToneEdit:
    """An edit of tone and colour, and how a caption says it.

    Attributes:
        text: the instruction that the method Tone and colour understands.
        phrase: what the caption says afterwards.
        subject: what it is about, for the reason.
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
    ToneEdit("more saturated", "vivid colours", "colour strength", frozenset({"vivid", "muted"})),
    ToneEdit(
        "less saturated", "muted colours", "colour strength", frozenset({"muted", "monochrome"})
    ),
    ToneEdit(
        "black and white", "black and white", "black and white", frozenset({"black", "sepia"})
    ),
    ToneEdit("sepia", "sepia", "sepia", frozenset({"sepia", "monochrome"})),
    ToneEdit("film grain", "film grain", "grain", frozenset({"grain", "grainy"})),
    ToneEdit("vignette", "dark corners", "a vignette", frozenset({"vignette", "corners"})),
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
                f"The caption says nothing about {tone.subject}; Tone and colour does this to any "
                f"picture. {FROM_LIST}",
                ("tone", tone.phrase),
            )
