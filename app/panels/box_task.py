from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class BoxTask:
    """What the words in the prompt box are for while a tab of the side column is in front.

    Attributes:
        verb: on the button.
        hint: in the empty box.
        why_not: why an empty box begins nothing.
        begin: called with the words.
    """

    verb: str
    hint: str
    why_not: str
    begin: Callable[[str], None]
