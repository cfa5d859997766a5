"""Who may write: one window per document, held by the operating system.

The lock is taken on a small file beside the document, because SQLite's own locks on the document
would be lost whenever this process closed another handle of it. The system releases it when the
process dies, so a lock file left behind by a crash blocks nobody.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from editor.errors import ExpectedError
from editor.messages import Message


class DocumentInUse(ExpectedError):
    """Another window writes this document, or it can only be read."""

    kind = "document_in_use"

    def __init__(self) -> None:
        super().__init__(Message("document.in_use"), Message("do.show_it"))


class WriteLock:
    """The right to write one document; `take` never waits."""

    def __init__(self, document: Path) -> None:
        self.path = document.with_name(f".{document.name}.lock")
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """True between a successful `take` and `release`."""
        return self._handle is not None

    def take(self) -> bool:
        """True if the lock is ours now.

        Raises:
            OSError: the folder cannot be written.
        """
        while self._handle is None:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            if not _lock(handle):
                os.close(handle)
                return False
            # The holder before us may have removed the file between our open and our lock.
            try:
                same = os.path.samestat(os.fstat(handle), self.path.stat())
            except FileNotFoundError:
                same = False
            if same:
                self._handle = handle
            else:
                os.close(handle)
        return True

    def release(self) -> None:
        """Release the lock and remove its file."""
        if self._handle is None:
            return
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self._handle)
            with suppress(OSError):
                self.path.unlink()
        else:
            with suppress(OSError):
                self.path.unlink()
            os.close(self._handle)
        self._handle = None


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


_REMOTE = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "9p", "fuse.sshfs",
    "fuse.rclone", "glusterfs", "fuse.glusterfs", "lustre", "davfs", "fuse.davfs2",
}  # fmt: skip


def wal_works(folder: Path) -> bool:
    """False on file systems of other machines, where the write-ahead log may lose data."""
    if sys.platform == "win32":
        import ctypes

        remote = 4
        drive = folder.resolve().drive
        return not drive.startswith("\\\\") and (
            ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") != remote
        )
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():  # macOS: SQLite's own probe decides
        return True
    here = str(folder.resolve())
    best, kind = "", ""
    for line in mounts.read_text(errors="replace").splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ")
        inside = here == place or here.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, kind = place, fields[2]
    return kind not in _REMOTE
