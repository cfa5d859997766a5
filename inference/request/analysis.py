"""What is found out about words and picture before an edit; parts of the events that say so."""

from __future__ import annotations

from dataclasses import dataclass

from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.patch import SettingValues


@dataclass(frozen=True)
class Variant:
    """One way a method could carry out the words: its settings, said back in words.

    `sentence` is None where there are no words. What should change, what should stay and the parts
    of the words are those of `editor.tone.readings.Reading`.
    """

    settings: SettingValues
    sentence: Message | None
    wanted_changes: tuple[tuple[str, int], ...] = ()
    fixed_quantities: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()


Measured = tuple[tuple[tuple[str, int], ...], tuple[str, ...], tuple[tuple[str, ...], ...]]
"""(quantity, +1 or −1) pairs that words ask for, quantities they ask to leave alone, and the
quantities of each part of the words."""


@dataclass(frozen=True)
class Domain:
    """Whether the picture lies in the world the models know; `score` −1..1."""

    fits: bool
    score: float


@dataclass(frozen=True)
class Question:
    """The one thing worth asking before an edit, with two to four answers.

    Attributes:
        text: what is asked.
        answers: what may be meant, the likeliest first.
        instructions: what each answer goes on with; the captions they lack are found then.
        may_assume: where nobody can answer, the first one may be gone on with.
    """

    text: Message
    answers: tuple[str, ...]
    instructions: tuple[Instruction, ...] = ()
    may_assume: bool = True
