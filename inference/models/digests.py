"""Digests of weights, kept on disk by size and time: reading gigabytes takes seconds."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from editor.model.image import DIGEST_BYTES

_PART = 4 << 20
"""Bytes of a weights file that are read at a time."""


class DigestCache:
    """Hex BLAKE2b of files that were read before."""

    def __init__(self, path: Path | None) -> None:
        """Nothing is read yet.

        Args:
            path: a JSON file; None keeps nothing.
        """
        self._path = path
        self._recent: dict[str, str] = {}

    def digest(self, files: Iterable[Path], check: Callable[[], None]) -> str:
        """Hex BLAKE2b over the digests of files; `check` is called between parts of them."""
        known = self._read() | self._recent
        state = hashlib.blake2b(digest_size=DIGEST_BYTES)
        fresh = dict(known)
        for path in files:
            stat = path.stat()
            key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
            if key not in fresh:
                fresh[key] = file_digest(path, check)
            state.update(fresh[key].encode())
        if fresh != known:
            self._recent = fresh
            self._write(fresh)
        return state.hexdigest()

    def _read(self) -> dict[str, str]:
        if self._path is None:
            return {}
        try:
            values = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(values, dict):
            return {}
        return {k: v for k, v in values.items() if isinstance(k, str) and isinstance(v, str)}

    def _write(self, values: dict[str, str]) -> None:
        if self._path is None:
            return
        with suppress(OSError):  # only a cache; a read-only home must not be an error
            draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            draft.write_text(json.dumps(values), "utf-8")
            draft.replace(self._path)


def file_digest(path: Path, check: Callable[[], None] = lambda: None) -> str:
    """Hex BLAKE2b of a file's bytes; `check` is called between parts of it."""
    state = hashlib.blake2b(digest_size=DIGEST_BYTES)
    part = memoryview(bytearray(_PART))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(part):
            check()
            state.update(part[:count])
    return state.hexdigest()
