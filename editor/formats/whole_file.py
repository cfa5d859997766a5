from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from editor.errors import DiskFull, ExpectedError
from editor.messages import Message

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file whole or not at all: beside its place first, then put there in one step.

    A symbolic link is followed, and what stood there keeps its permissions.

    Raises:
        DiskFull: no room; nothing is changed.
        ExpectedError: the folder cannot be written to.
    """
    place = Path(os.path.realpath(path))
    partial = place.with_name(f".{place.name[:40]}.{os.urandom(8).hex()}.part")
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
    if error.errno in _FULL:
        return DiskFull(Message("file.disk_full", name=place.name), Message("do.another_place"))
    if isinstance(error, FileNotFoundError):
        return ExpectedError(
            Message("file.folder_gone", folder=place.parent.name), Message("do.another_place")
        )
    if isinstance(error, IsADirectoryError):
        return ExpectedError(Message("file.is_folder", name=place.name), Message("do.another_name"))
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return ExpectedError(
            Message("file.folder_forbidden", folder=place.parent.name), Message("do.another_place")
        )
    return ExpectedError(Message("file.unwritable", name=place.name), Message("do.another_place"))
