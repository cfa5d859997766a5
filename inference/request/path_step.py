from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PathStep:
    """One step of the history: what was asked, and the caption it led to.

    `accepted` is False for what was offered or tried there and not wanted.
    """

    instruction: str
    prompt: str = ""
    accepted: bool = True
