from __future__ import annotations

import errno
import glob
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from editor.display_name import display_name
from editor.errors import DiskFull, ExpectedError, is_disk_full
from editor.messages import Message

_ABANDONED = 24 * 3600
"""Seconds after which a part that nobody wrote to is what a killed process left behind."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file whole or not at all: beside its place first, then put there in one step.

    A symbolic link is followed, and what stood there keeps its permissions.

    Raises:
        DiskFull: no room; nothing is changed.
        ExpectedError: the folder cannot be written to.
    """
    place = Path(os.path.realpath(path))
    start = f".{place.name[:40]}."
    partial = place.with_name(f"{start}{os.urandom(8).hex()}.part")
    _remove_abandoned(place.parent, start)
    try:
        # 0o666 lets the umask decide, as for any new file; O_EXCL never meets another window's.
        handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    except OSError as error:
        raise _sentence(error, place) from error
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            partial.chmod(place.stat().st_mode & 0o7777)
        partial.replace(place)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _sentence(error, place) from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _remove_abandoned(folder: Path, start: str) -> None:
    """Remove parts of this file that were left behind by processes that were killed."""
    random = "[0-9a-f]" * 16
    for part in folder.glob(f"{glob.escape(start)}{random}.part"):
        with suppress(OSError):  # another process may be as quick
            if time.time() - part.stat().st_mtime > _ABANDONED:
                part.unlink()


_BINARY = getattr(os, "O_BINARY", 0)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _sentence(error: OSError, place: Path) -> ExpectedError:
    name, folder = display_name(place), display_name(place.parent)
    another_name, another_place = Message("do.another_name"), Message("do.another_place")
    if is_disk_full(error):
        return DiskFull(Message("file.disk_full", name=name), another_place)
    if isinstance(error, FileNotFoundError):
        return ExpectedError(Message("file.folder_gone", folder=folder), another_place)
    if isinstance(error, IsADirectoryError):
        return ExpectedError(Message("file.is_folder", name=name), another_name)
    if error.errno == errno.ENAMETOOLONG:
        return ExpectedError(Message("file.name_too_long", name=name), another_name)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return ExpectedError(Message("file.folder_forbidden", folder=folder), another_place)
    return ExpectedError(Message("file.unwritable", name=name), another_place)
