"""What stands in the folder of an installed model: where it came from, and its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from editor.messages import Message
from inference.models.relative_path import stays_inside
from inference.request.cancel import CancelCheck

FILE: Final = "installed.json"
"""Name of the record; a folder without one was not installed from the catalogue."""

_VERSION: Final = 1
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class InstalledFile:
    """One file of an installed model.

    Attributes:
        path: below the model's folder, with "/".
        bytes, sha256: of its content when it was installed.
    """

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class InstallRecord:
    """How a model came here.

    Attributes:
        id: in the catalogue.
        origin: package and version, or repository and revision.
        licence: as the catalogue names it.
        date: of the installation, "YYYY-MM-DD".
        files: all but the record itself.
    """

    id: str
    origin: Mapping[str, str]
    licence: str
    date: str
    files: tuple[InstalledFile, ...]

    @property
    def bytes(self) -> int:
        """Room on the disk."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Damage:
    """A file of an installed model that is not as it was installed."""

    path: str
    reason: Message


def read_record(folder: Path) -> InstallRecord | None:
    """The record of a model's folder; None where there is none that can be read."""
    try:
        values: Any = json.loads((folder / FILE).read_text("utf-8"))
        files = tuple(
            InstalledFile(str(one["path"]), int(one["bytes"]), str(one["sha256"]))
            for one in values["files"]
        )
        origin = {str(name): str(value) for name, value in values["origin"].items()}
        record = InstallRecord(
            str(values["id"]), origin, str(values["licence"]), str(values["date"]), files
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return record if all(stays_inside(file.path) for file in files) else None


def write_record(record: InstallRecord, folder: Path) -> None:
    """Write the record into a model's folder."""
    values = {"version": _VERSION, **asdict(record)}
    (folder / FILE).write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def files_in(folder: Path, check: CancelCheck) -> tuple[InstalledFile, ...]:
    """Every file below a folder, by path; the record and hidden files are left out.

    In a cache of the hub the files count where they have names, not a second time in `blobs`.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        parts = PurePosixPath(name).parts
        left_out = "blobs" in parts or any(part.startswith(".") for part in parts)
        if path.is_file() and not left_out and name != FILE:
            found.append(InstalledFile(name, path.stat().st_size, sha256_of(path, check)))
    return tuple(found)


def damages(record: InstallRecord, folder: Path, check: CancelCheck) -> tuple[Damage, ...]:
    """Compare every file with the record; empty where all is well.

    Raises:
        Cancelled: from `check`.
    """
    found = []
    for file in record.files:
        path = folder / file.path
        try:
            if path.stat().st_size != file.bytes:
                found.append(Damage(file.path, Message("download.other_size")))
            elif sha256_of(path, check) != file.sha256:
                found.append(Damage(file.path, Message("download.changed")))
        except FileNotFoundError:
            found.append(Damage(file.path, Message("download.missing")))
        except OSError as error:
            reason = Message("download.unreadable", reason=str(error.strerror))
            found.append(Damage(file.path, reason))
    return tuple(found)


def sha256_of(path: Path, check: CancelCheck) -> str:
    """Hex SHA-256 of a file; `check` is called for every megabyte."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            check()
            made.update(block)
    return made.hexdigest()
