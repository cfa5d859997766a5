from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class FitContext:
    """What Auto knows when it asks a method how well it fits.

    Attributes:
        readable: the words can be read as tone and colour.
        painted: models do it better all the same: the words name a place, time or style that tone
            and colour only hints at, or give one thing of a picture that they know another colour.
        extends: the words ask for a larger canvas and nothing else.
        enlarges: they ask for the same picture with more pixels and nothing else.
        gain: what the method gained over doing nothing where edits of this kind were measured with
            its model, None where nobody did.
    """

    readable: bool = False
    painted: bool = False
    extends: bool = False
    enlarges: bool = False
    gain: float | None = None

    @property
    def exact(self) -> bool:
        """Tone and colour carries the words out exactly, and a model would do no better."""
        return self.readable and not self.painted


Fit = Callable[[FitContext], float]
"""How well a method fits, 0 (Auto never takes it) to 1."""


def never(context: FitContext) -> float:
    """For methods that run only where they are named."""
    del context
    return 0.0
