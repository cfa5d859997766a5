"""What a search finds: models that can be loaded, and what is refused with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from editor.messages import Message


@dataclass(frozen=True)
class FoundModel:
    """A model folder that can be loaded.

    Attributes:
        role: what it is for: "text_to_image", "captioner", "language", "chat", "clip", ...
        id: its name, "owner/name" where the folder shows it.
        folder: where it lies.
        weights: its weights files, sorted.
        bytes: their size together.
        elements: how many numbers they hold.
        parts: the class of each part of a pipeline, by name.
        family: name of the `Family` that recognised it and loads it.
    """

    role: str
    id: str
    folder: Path
    weights: tuple[Path, ...]
    bytes: int
    elements: int = 0
    parts: Mapping[str, str] | None = None
    family: str = ""


@dataclass(frozen=True)
class RefusedModel:
    """A folder or file that looks like a model and is not loaded: why, and what to do."""

    folder: Path
    reason: Message
    fix: Message | None = None


class Refused(Exception):
    """What is looked at is a model, and cannot be used.

    Attributes:
        reason: one sentence why.
        fix: one sentence what to do, None for nothing.
    """

    def __init__(self, reason: Message, fix: Message | None = None) -> None:
        super().__init__(reason)
        self.reason, self.fix = reason, fix
