"""Folders whose files are only there to be quicker: how large they are, and emptying them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def size(folder: Path) -> int:
    """Bytes of the files right in a folder; 0 where it is not there."""
    return sum(length for _, length in _files(folder))


def clear(folder: Path) -> None:
    """Remove the files right in a folder; one that is in use or may not go stays."""
    for path, _ in list(_files(folder)):
        with suppress(OSError):
            path.unlink()


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):  # gone meanwhile
                if path.is_file():
                    yield path, path.stat().st_size
