from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inference.request.jobs import Job


@dataclass(frozen=True)
class RunJob:
    """UI → child: run this job; pictures in it are `ImageRef`s."""

    job: Job


@dataclass(frozen=True)
class CancelJob:
    """UI → child: set the token of this job."""

    job_id: str


@dataclass(frozen=True)
class DropTiles:
    """UI → child: drop the tiles that came in these scratch files."""

    files: tuple[str, ...]


@dataclass(frozen=True)
class SearchModels:
    """UI → child: models are found in these folders from now on; look into them again."""

    folders: tuple[Path, ...]


@dataclass(frozen=True)
class LimitMemory:
    """UI → child: loaded models may take so many bytes; None for a share of the device's."""

    bytes: int | None


@dataclass(frozen=True)
class FindDevice:
    """UI → child: find out where models run, though none is wanted yet; `EngineReady` answers."""


StandingOrder = FindDevice | LimitMemory | SearchModels
"""What every child is to do, also one that is started later."""


@dataclass(frozen=True)
class TilesMapped:
    """Child → UI: this scratch file is mapped; its name may go."""

    file: str
