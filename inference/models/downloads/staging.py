"""Where a model is made before it is one: a hidden folder beside the models."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from editor.errors import DiskFull
from editor.messages import Message
from inference.models.downloads.failures import BeingInstalled

_HIDDEN: Final = ".downloads"
"""In the models folder, so that one rename makes a model of it; searches leave it out."""

_MARGIN_BYTES: Final = 64 << 20
"""Room that is left on the disk."""


class Staging:
    """The hidden folder in which one model is made.

    Whatever ends the program, models appear and vanish whole: `place` and `take_away` are one
    rename each.

    Attributes:
        folder: for files in the making; it stays when the program ends, so that a download is gone
            on with.
        model: becomes the model's folder.
        temporary: for a library that begins its files anew each time.
    """

    def __init__(self, models: Path, name: str) -> None:
        self._models, self._name = models, name
        self._hidden = models / _HIDDEN
        self.folder = self._hidden / name
        self.model = self.folder / "model"
        self.temporary = self.folder / "temporary"

    @property
    def target(self) -> Path:
        """Where the model will lie."""
        return self._models / self._name

    @contextmanager
    def held(self) -> Iterator[None]:
        """While this program works on the model.

        Raises:
            BeingInstalled: another one does.
            OSError: the folder cannot be written to.
        """
        self._hidden.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._hidden / f"{self._name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BeingInstalled(Message("download.held", model=self._name)) from None
        try:
            shutil.rmtree(self._removed, ignore_errors=True)  # left by a program that was ended
            shutil.rmtree(self.temporary, ignore_errors=True)  # likewise
            self.folder.mkdir(exist_ok=True)
            yield
        finally:
            lock.release()

    def begin_model(self) -> None:
        """Begin `model` anew."""
        shutil.rmtree(self.model, ignore_errors=True)
        self.model.mkdir()

    def need_room(self, wanted: int, title: str) -> None:
        """Check that the disk has room before anything is downloaded.

        Raises:
            DiskFull: it has not.
        """
        free = shutil.disk_usage(self._hidden).free
        if wanted + _MARGIN_BYTES > free:
            raise DiskFull(
                Message("download.no_room", model=title, wanted=wanted / 1e9, free=free / 1e9),
                Message("do.make_room_for_models"),
            )

    def place(self) -> Path:
        """Make `model` the model's folder, in the place of an older one; returns it."""
        for path in self.model.rglob("*"):
            if path.is_file():
                _to_disk(path)
        self.take_away()
        try:
            self.model.rename(self.target)
        except OSError:
            if self._removed.exists():
                self._removed.rename(self.target)
            raise
        # The model is there; what a system does not let go of now is removed the next time.
        shutil.rmtree(self._removed, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.target

    def take_away(self) -> None:
        """Let the model's folder vanish, if there is one."""
        shutil.rmtree(self._removed, ignore_errors=True)
        if self.target.exists():
            self.target.rename(self._removed)

    def remove(self) -> None:
        """Remove the model and what was downloaded of it.

        Raises:
            OSError: not all of it can be removed.
        """
        self.take_away()
        shutil.rmtree(self._removed)
        self.drop()

    def drop(self) -> None:
        """Remove what is in the making.

        Raises:
            OSError: not all of it can be removed.
        """
        shutil.rmtree(self.folder)

    @property
    def _removed(self) -> Path:
        return self._hidden / f"{self._name}.removed"


def begun_downloads(models: Path, names: Iterable[str]) -> dict[str, int]:
    """Models that were downloaded in part: bytes that the next attempt need not download, by id.

    Args:
        models: folder that models are installed in.
        names: ids to ask for.
    """
    staged = {name: _staged_bytes(Staging(models, name)) for name in names}
    return {name: size for name, size in staged.items() if size}


def _staged_bytes(staging: Staging) -> int:
    return sum(
        path.lstat().st_size
        for path in staging.folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.is_relative_to(staging.temporary)
    )


def _to_disk(path: Path) -> None:
    """Have a file's content on the disk before its folder gets its name."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
