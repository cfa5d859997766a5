"""The folders with models as they were last read, for the window: asking touches no file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app.runtime import paths


@dataclass(frozen=True)
class ModelFolders:
    """What the window needs to know about models.

    Attributes:
        folders: those searched for models, the artist's own first; empty where there are none.
        has_own: the artist put models of their own beside the starter models.
    """

    folders: tuple[Path, ...]
    has_own: bool = False

    @property
    def has_models(self) -> bool:
        """There is at least one folder that holds something."""
        return bool(self.folders)


_known: dict[tuple[str | None, str | None], ModelFolders] = {}
"""By what decides where the folders lie, so that a process that changes it reads them again."""


def read() -> ModelFolders:
    """Read the folders now and remember them. At start and on worker threads."""
    found = ModelFolders(paths.models(), paths.has_own_models())
    _known[_places()] = found
    return found


def known() -> ModelFolders:
    """As they were last read; they are read here only if nobody has before."""
    return _known[_places()] if _places() in _known else read()


def _places() -> tuple[str | None, str | None]:
    return os.environ.get("PENTIMENTO_HOME"), os.environ.get("PENTIMENTO_MODELS")
