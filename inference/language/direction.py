from __future__ import annotations

from dataclasses import dataclass


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
