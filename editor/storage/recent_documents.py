"""The documents worked on lately, as a folder of small files: one for each document.

So several windows can write at once, and a damaged entry costs one line of the list and no
document. An entry remembers what its document held when it was last read; what has not changed
since is not read again. Untitled documents are found in their folder and need no entry.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from editor.errors import DamagedDocument, ExpectedError
from editor.messages import Message
from editor.storage.file import SUFFIX, absolute, side_files
from editor.storage.schema import NewerDocument
from editor.storage.summary import DocumentSummary, read_summary

_DAMAGE = (OSError, ValueError, TypeError, KeyError)


@dataclass(frozen=True)
class RecentDocument:
    """One line of the list.

    Attributes:
        path: the document, absolute.
        is_untitled: the artist has not named it.
        opened: when it was opened last, seconds since 1970; 0 if that is not known.
        is_pinned: it stands first.
        is_hidden: taken off the list; the file is still there.
        is_missing: the file was moved or deleted.
        trouble: why the file cannot be read, None if it can.
        summary: what it held when it was read last; None if it never was.
    """

    path: Path
    is_untitled: bool = False
    opened: float = 0.0
    is_pinned: bool = False
    is_hidden: bool = False
    is_missing: bool = False
    trouble: Message | None = None
    summary: DocumentSummary | None = None
    _stamp: tuple[int, ...] = field(default=(), repr=False)

    @property
    def time(self) -> float:
        """When it was worked on last, seconds since 1970."""
        return max(self.opened, self.summary.changed if self.summary is not None else 0.0)

    @property
    def name(self) -> str:
        """The name of the file without ending; while untitled, the name of its first picture."""
        if not self.is_untitled:
            return self.path.stem
        return self.summary.first_label if self.summary is not None else ""

    def find(self, words: str) -> str | None:
        """Where the words are found: "" in its name, else the label of an idea; None nowhere."""
        if all(word in self.name.casefold() for word in words.casefold().split()):
            return ""
        return self.summary.find(words) if self.summary is not None else None


class RecentDocuments:
    """Args: `folder` for the entries, `untitled` where untitled documents lie.

    Nothing here raises because of the disk: what cannot be remembered is forgotten. All of it
    reads and writes files, so it is for worker threads.
    """

    def __init__(self, folder: Path, untitled: Path) -> None:
        self._folder = folder
        self._untitled = absolute(untitled)

    def entries(self, *, read: bool = True) -> tuple[RecentDocument, ...]:
        """Every document that is not hidden, pinned ones first, then the newest first.

        An untitled document that holds nothing but its picture is left out if another document
        has the same picture.

        Args:
            read: read the documents that have changed; else what is remembered must do, and
                documents that were never read are left out.
        """
        found = self._fresh() if read else self._remembered()
        return _in_order(_distinct(entry for entry in found if not entry.is_hidden))

    def worked_on(self, picture: str, *, besides: Path) -> RecentDocument | None:
        """The newest document that began with a picture and in which something was made.

        Args:
            picture: its pixel digest.
            besides: a document that does not count.
        """
        besides = absolute(besides)
        return next(
            (
                entry
                for entry in _in_order(self._fresh())
                if entry.path != besides and not entry.is_missing and not entry.trouble
                and entry.summary is not None and entry.summary.has_work
                and entry.summary.first is not None and entry.summary.first.picture == picture
            ),
            None,
        )  # fmt: skip

    def note_opened(self, path: Path) -> None:
        """A document was opened now; one that was hidden is listed again."""
        self._change(path, lambda entry: replace(entry, opened=time.time(), is_hidden=False))

    def note_moved(self, old: Path, new: Path) -> None:
        """A document has another name or place; what is remembered of it goes along."""
        known = self._entry(absolute(old))
        with suppress(OSError):
            self._file(known.path).unlink(missing_ok=True)
        path = absolute(new)
        untitled = path.parent == self._untitled
        self._write(replace(known, path=path, is_untitled=untitled, is_missing=False))

    def hide(self, paths: Iterable[Path]) -> None:
        """Take documents off the list; the files stay."""
        for path in paths:
            self._change(path, lambda entry: replace(entry, is_hidden=True))

    def show(self, paths: Iterable[Path]) -> None:
        """Put documents back on the list."""
        for path in paths:
            self._change(path, lambda entry: replace(entry, is_hidden=False))

    def pin(self, path: Path, on: bool) -> None:
        """Have a document stand first, or not."""
        self._change(path, lambda entry: replace(entry, is_pinned=on))

    # -- entries ---------------------------------------------------------------------------
    def _remembered(self) -> list[RecentDocument]:
        found = []
        for file in self._files(self._folder, ".json"):
            with suppress(*_DAMAGE):
                found.append(self._parsed(file))
        return found

    def _fresh(self) -> list[RecentDocument]:
        known = {entry.path: entry for entry in self._remembered()}
        for path in self._files(self._untitled, SUFFIX):
            known.setdefault(path, RecentDocument(path, is_untitled=True))
        fresh = map(self._read, known.values())
        return [entry for entry in fresh if not (entry.is_missing and entry.is_untitled)]

    def _read(self, entry: RecentDocument) -> RecentDocument:
        """The entry as its file is now; it is read only if it has changed."""
        stamp = _stamp(entry.path)
        if stamp == entry._stamp and stamp:
            return entry
        fresh = replace(entry, is_missing=not stamp, trouble=None, _stamp=stamp)
        if stamp:
            try:
                fresh = replace(fresh, summary=read_summary(entry.path))
            except (DamagedDocument, NewerDocument) as error:
                fresh = replace(fresh, trouble=error.message)
            except (ExpectedError, OSError):  # gone since, or its folder cannot be read
                fresh = replace(fresh, is_missing=True, _stamp=())
        if fresh != entry and not (fresh.is_missing and fresh.is_untitled):
            self._write(fresh)
        return fresh

    def _change(self, path: Path, change: Callable[[RecentDocument], RecentDocument]) -> None:
        self._write(change(self._entry(absolute(path))))

    def _entry(self, path: Path) -> RecentDocument:
        with suppress(*_DAMAGE):
            return self._parsed(self._file(path))
        return RecentDocument(path, is_untitled=path.parent == self._untitled)

    def _file(self, path: Path) -> Path:
        name = hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()
        return self._folder / f"{name}.json"

    @staticmethod
    def _files(folder: Path, suffix: str) -> list[Path]:
        with suppress(OSError):
            return sorted(p for p in folder.iterdir() if p.suffix == suffix and p.name[0] != ".")
        return []

    def _parsed(self, file: Path) -> RecentDocument:
        """Raises one of `_DAMAGE`."""
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        path = Path(os.fsdecode(bytes.fromhex(found["path"])))
        summary = found["summary"]
        return RecentDocument(
            path=path,
            is_untitled=path.parent == self._untitled,
            opened=float(found["opened"]),
            is_pinned=bool(found["pinned"]),
            is_hidden=bool(found["hidden"]),
            is_missing=bool(found["missing"]),
            summary=DocumentSummary.from_json(summary) if summary is not None else None,
            _stamp=tuple(map(int, found["stamp"])),
        )

    def _write(self, entry: RecentDocument) -> None:
        file = self._file(entry.path)
        values = {
            "path": os.fsencode(entry.path).hex(),  # names may be no text
            "opened": entry.opened,
            "pinned": entry.is_pinned,
            "hidden": entry.is_hidden,
            "missing": entry.is_missing,
            # What cannot be read is tried again each time, and so says why.
            "stamp": [] if entry.trouble is not None else list(entry._stamp),
            "summary": entry.summary.to_json() if entry.summary is not None else None,
        }
        part = file.with_name(f".{file.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(values), "utf-8")
            part.replace(file)


def _stamp(path: Path) -> tuple[int, ...]:
    """Changes whenever the document does; () where there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return ()
    stamp = [found.st_mtime_ns, found.st_size]
    log = side_files(path)[0]  # what an open document has written last stands there
    with suppress(OSError):
        written = log.stat()
        stamp += [written.st_mtime_ns, written.st_size]
    return tuple(stamp)


def _distinct(entries: Iterable[RecentDocument]) -> list[RecentDocument]:
    """Leaves out untitled documents that hold only a picture which another one has too."""
    found = sorted(entries, key=lambda entry: (not _has_work(entry), -entry.time))
    seen: set[str] = set()
    kept = []
    for entry in found:
        first = entry.summary.first if entry.summary is not None else None
        picture = first.picture if first is not None else ""
        if entry.is_untitled and not _has_work(entry) and picture in seen:
            continue
        if picture:
            seen.add(picture)
        kept.append(entry)
    return kept


def _has_work(entry: RecentDocument) -> bool:
    return entry.summary is not None and entry.summary.has_work


def _in_order(entries: Iterable[RecentDocument]) -> tuple[RecentDocument, ...]:
    return tuple(sorted(entries, key=lambda entry: (not entry.is_pinned, -entry.time)))
