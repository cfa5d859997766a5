from __future__ import annotations

import errno
import glob
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from editor.display_name import display_name
from editor.errors import DiskFull, ExpectedError, is_disk_full
from editor.storage.lock import WriteLock

RESULT = "result.json"

_REFUSED = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.EIO,
)
_NAME_BYTES = 200
"""Most of the target's name in the name of a draft; file systems take 255 bytes in all."""


class FolderInTheWay(ExpectedError):
    """The output would overwrite something that this program did not write."""

    kind = "output_exists"


def require_new_folder(path: Path) -> None:
    """Refuse a file, and a folder that holds something.

    Raises:
        FolderInTheWay: `path` is neither new nor an empty folder.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FolderInTheWay(f"{path} is not empty.", "Give a new or empty folder.")


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `target` when the block ends without an exception.

    Whole or not at all: a new or empty `target`, or one that holds nothing but an earlier result
    of this command, is replaced by one rename. Where other files lie beside, they stay, the
    earlier result's files go, and `result.json` is moved in last, so that its presence says the
    rest is complete. A file that this program did not write is never overwritten. Drafts of this
    target that were left behind by a process that was killed are removed.

    Raises:
        FolderInTheWay: `target` is a file or cannot be written, or a name to be written is taken
            by a foreign file.
        DiskFull: no room; nothing is left behind.
    """
    target = Path(os.path.realpath(target))  # a link to a folder stays a link
    try:
        draft, lock = _draft(target)
    except OSError as error:
        raise _refused(target, error) from error
    try:
        yield draft
        _settle(draft, target)
    except OSError as error:
        if is_disk_full(error) or error.errno in _REFUSED:
            raise _refused(target, error) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        lock.release()


def _refused(target: Path, error: OSError) -> ExpectedError:
    if is_disk_full(error):
        return DiskFull("The disk is full. Nothing was written.", "Make room.")
    return FolderInTheWay(
        f"Nothing can be written to {target}: {error.strerror}.", "Choose another place with -o."
    )


def _draft(target: Path) -> tuple[Path, WriteLock]:
    """A new folder beside `target`, or in it where beside is another disk or not allowed.

    The lock says that its process lives.
    """
    if target.exists() and not target.is_dir():
        raise FolderInTheWay(f"{display_name(target)} is a file.", "Give a folder with -o.")
    target.parent.mkdir(parents=True, exist_ok=True)
    inside = target.is_dir() and (
        target.is_mount() or not os.access(target.parent, os.W_OK | os.X_OK)
    )
    folder = target if inside else target.parent
    short = (target.name or "result").encode("utf-8", "replace")[:_NAME_BYTES]
    prefix = f".{short.decode('utf-8', 'ignore')}.partial-"
    _remove_abandoned(folder, prefix, target)
    draft = folder / f"{prefix}{secrets.token_hex(4)}"
    lock = WriteLock(draft)
    lock.take()  # the name is new: nobody else has it
    try:
        draft.mkdir()
    except BaseException:
        lock.release()
        raise
    return draft, lock


def _remove_abandoned(folder: Path, prefix: str, target: Path) -> None:
    """Remove drafts that no living process holds; an old result set aside goes back first."""
    start = glob.escape(prefix)
    names = {path.name.removesuffix(_OLD) for path in folder.glob(f"{start}*")}
    names |= {path.name[1 : -len(".lock")] for path in folder.glob(f".{start}*.lock")}
    for name in names:
        draft = folder / name
        lock = WriteLock(draft)
        if not lock.take():
            continue
        try:
            old = draft.with_name(name + _OLD)
            if old.exists() and not target.exists():
                old.rename(target)
            for leftover in (draft, old):
                shutil.rmtree(leftover, ignore_errors=True)
        finally:
            lock.release()


_OLD = ".old"


def _settle(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    own = _own_files(target)
    present = {path.name for path in target.iterdir() if path != draft}
    # Somebody's current folder is not renamed away under them.
    if present <= own and not Path.cwd().is_relative_to(target) and draft.parent != target:
        old = draft.with_name(draft.name + _OLD)
        target.rename(old)
        try:
            draft.rename(target)
        except BaseException:  # a signal too
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
        return
    names = [path.name for path in draft.iterdir()]
    names.sort(key=lambda name: (name == RESULT, name))
    foreign = next((n for n in names if n not in own and (target / n).exists()), None)
    if foreign is not None:
        raise FolderInTheWay(
            f"{display_name(target)} holds a file {foreign} that this program did not write.",
            "Choose another folder with -o.",
        )
    for name in sorted(own, key=lambda name: (name != RESULT, name)):
        with suppress(OSError):
            (target / name).unlink()
    for name in names:
        (draft / name).replace(target / name)


def _own_files(target: Path) -> set[str]:
    """Names an earlier result in this folder wrote; none if there is no such result."""
    try:
        values = json.loads((target / RESULT).read_text("utf-8"))
        files = [str(c["file"]) for c in values["candidates"]]
        if not isinstance(values["source"]["pixel_digest"], str):
            return set()
    except (OSError, ValueError, LookupError, TypeError):
        return set()
    return {name for name in (*files, "sheet.png", RESULT) if Path(name).name == name}
