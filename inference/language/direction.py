from __future__ import annotations

from dataclasses import dataclass

from editor.errors import NotUnderstood


@dataclass(frozen=True)
class Direction:
    """One reading of an instruction.

    Attributes:
        source_prompt: the caption before, as it was given.
        target_prompt: the caption after; always a different one.
        agreed: another answer of the model says the same.
    """

    source_prompt: str
    target_prompt: str
    agreed: bool = False


@dataclass(frozen=True)
class ModelAnswer:
    """What a language model answered.

    Attributes:
        text: the answer, or its first line.
        log_probability: of its tokens up to the end, natural logarithm, at most 0.
    """

    text: str
    log_probability: float = 0.0


class WordsUnknown(NotUnderstood):
    """It is not sure enough what the words ask for; nothing is guessed."""


class AlreadyShown(NotUnderstood):
    """The words ask for what the picture shows already."""

    kind = "already_shown"


class ThingAbsent(NotUnderstood):
    """The words are about a thing that is not in the picture."""

    kind = "thing_absent"
