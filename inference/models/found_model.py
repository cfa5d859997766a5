"""What a search finds: models that can be loaded, and what is refused with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from editor.messages import Message


@dataclass(frozen=True)
class FoundModel:
    """A model that can be loaded: a folder, or one file.

    Attributes:
        role: what it is for: "text_to_image", "captioner", "language", "chat", "clip", ...
        id: its name, "owner/name" where the folder shows it.
        folder: where it lies: its folder, or the file that holds all of it.
        weights: its weights files, sorted.
        bytes: their size together.
        elements: how many numbers they hold.
        parts: the class of each part of a pipeline, by name.
        family: name of the `Family` that recognised it and loads it.
        layout: folder of the program's own configs for a model in one file, else None.
        scale: how many times longer an upscaler makes a side, None where that is not known.
    """

    role: str
    id: str
    folder: Path
    weights: tuple[Path, ...]
    bytes: int
    elements: int = 0
    parts: Mapping[str, str] | None = None
    family: str = ""
    layout: Path | None = None
    scale: int | None = None

    @property
    def configs(self) -> Path:
        """The folder with the configs of the parts."""
        return self.layout or self.folder


@dataclass(frozen=True)
class FoundAdapter:
    """A file that changes a model: low-rank matrices (LoRA), or new words.

    Attributes:
        kind: "lora" or "textual_inversion".
        id: its name.
        folder: the file.
        bytes: its size.
        made_for: what people call the models it fits, "" where its tensors do not say.
        words: that bring out what it does, where its metadata name them.
    """

    kind: str
    id: str
    folder: Path
    bytes: int
    made_for: str = ""
    words: tuple[str, ...] = ()


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


class Convertible(Refused):
    """It can be used once it is converted (`pentimento models convert`)."""
