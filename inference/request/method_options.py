from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from editor.model.patch import SettingValues


@dataclass(frozen=True)
class MethodOptions:
    """What the artist set for a method, for every edit until it is set back.

    Attributes:
        settings: those that differ from the method's own.
        seed: of the first candidate; None takes the job's.
        work_side: the model's picture has the area of a square of this side in pixels; None takes
            the size that the model was made for.
    """

    settings: SettingValues = ()
    seed: int | None = None
    work_side: int | None = None


OptionsOfMethods = Callable[[], tuple[tuple[str, MethodOptions], ...]]
"""What the artist set at this moment, by method."""
