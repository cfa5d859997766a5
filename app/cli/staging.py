from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from editor.errors import DiskFull, ExpectedError

RESULT = "result.json"


class FolderInTheWay(ExpectedError):
    """The output would overwrite something that this program did not write."""

    kind = "output_exists"


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `target` when the block ends without an exception.

    Whole or not at all: a new or empty `target`, or one that holds nothing but an earlier result
    of this command, is replaced by one rename. Where other files lie beside, they stay, the
    earlier result's files go, and `result.json` is moved in last, so that its presence says the
    rest is complete. A file that this program did not write is never overwritten.

    Raises:
        FolderInTheWay: `target` is a file, or a name to be written is taken by a foreign file.
        DiskFull: no room; nothing is left behind.
    """
    target = target.resolve()  # a link to a folder stays a link
    if target.exists() and not target.is_dir():
        raise FolderInTheWay(f"{target.name} is a file.", "Give a folder with -o.")
    draft = target
    try:
        draft = _draft(target)
        yield draft
        _settle(draft, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("The disk is full. Nothing was written.", "Make room.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
            where = error.filename or target
            raise FolderInTheWay(
                f"Nothing can be written to {where}: {error.strerror}.",
                "Choose another place with -o.",
            ) from error
        raise
    finally:
        if draft != target:
            shutil.rmtree(draft, ignore_errors=True)


def _draft(target: Path) -> Path:
    """A new folder beside `target`, or in it where beside is another disk or not allowed."""
    name = f".{target.name or 'result'}.partial-{os.getpid()}"
    target.parent.mkdir(parents=True, exist_ok=True)
    inside = target.is_dir() and (
        target.is_mount() or not os.access(target.parent, os.W_OK | os.X_OK)
    )
    draft = (target if inside else target.parent) / name
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    return draft


def _settle(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    own = _own_files(target)
    present = {path.name for path in target.iterdir() if path != draft}
    # Somebody's current folder is not renamed away under them.
    if present <= own and not Path.cwd().is_relative_to(target) and draft.parent != target:
        old = target.parent / f".{target.name}.old-{os.getpid()}"
        target.rename(old)
        try:
            draft.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
        return
    names = [path.name for path in draft.iterdir()]
    names.sort(key=lambda name: (name == RESULT, name))
    foreign = next((n for n in names if n not in own and (target / n).exists()), None)
    if foreign is not None:
        raise FolderInTheWay(
            f"{target.name} holds a file {foreign} that this program did not write.",
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
