"""A folder that appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_folder(directory: Path) -> Iterator[Path]:
    """A draft beside `directory`, which takes its place when the block ends without an exception.

    Raises:
        FileExistsError: the folder has something in it already.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise FileExistsError(f"{directory} is not an empty folder; choose a new one")
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        yield draft
        draft.chmod(0o755)  # mkdtemp keeps folders private
        if directory.exists():
            directory.rmdir()
        draft.replace(directory)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
