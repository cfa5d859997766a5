from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from app.runtime.thread_pool import ThreadPool, Ticket
from editor.model.image import Image

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.recent_documents import RecentDocument, RecentDocuments

_T = TypeVar("_T")

PRIORITY = 4
"""After opening and results, before thumbnails."""


class RecentList(QObject):
    """The documents worked on lately, as `RecentDocuments` knows them; no file is touched here.

    Reading and writing happen on worker threads, one thing after the other.

    Attributes:
        entries: pinned ones first, then the newest first; as far as they are known.
        is_read: False until every document was looked at once.
    """

    changed = Signal()
    """`entries` are others now."""

    def __init__(
        self, work: ThreadPool, folder: Path, untitled: Path, parent: QObject | None = None
    ) -> None:
        """Args: `folder` remembers the list; `untitled` is where untitled documents lie."""
        super().__init__(parent)
        self._work = work
        self._folder, self._untitled = folder, untitled
        self._lock = threading.Lock()
        self._reading = Ticket()
        self._closed = False
        self.entries: tuple[RecentDocument, ...] = ()
        self.is_read = False

    def refresh(self) -> None:
        """Read the list again: at first what is remembered, then what has changed since."""
        self._reading.cancel()
        if not self.is_read:
            self._run(lambda store: store.entries(read=False), self._guess)
        self._reading = self._run(lambda store: store.entries(), self._know)

    def close(self) -> None:
        """The window ends: what is under way is finished, and nobody hears of it."""
        self._closed = True

    def note_opened(self, path: Path) -> None:
        """A document was opened now."""
        self._do(lambda store: store.note_opened(path))

    def note_moved(self, old: Path, new: Path) -> None:
        """A document has another name or place."""
        self._do(lambda store: store.note_moved(old, new))

    def hide(self, paths: Sequence[Path]) -> None:
        """Take documents off the list; the files stay."""
        self._do(lambda store: store.hide(paths))

    def show(self, paths: Sequence[Path]) -> None:
        """Put documents back on the list."""
        self._do(lambda store: store.show(paths))

    def pin(self, path: Path, on: bool) -> None:
        """Have a document stand first, or not."""
        self._do(lambda store: store.pin(path, on))

    def find_worked_on(
        self, picture: Image, besides: Path, found: Callable[[RecentDocument], None]
    ) -> None:
        """Call with the newest other document that began with this picture and holds work."""

        def look(store: RecentDocuments) -> RecentDocument | None:
            return store.worked_on(picture.pixel_digest, besides=besides)

        def done(entry: RecentDocument | None) -> None:
            if entry is not None:
                found(entry)

        self._run(look, done)

    def _do(self, change: Callable[[RecentDocuments], None]) -> None:
        self._run(change, lambda _: self.refresh())

    def _run(self, use: Callable[[RecentDocuments], _T], done: Callable[[_T], None]) -> Ticket:
        """Use the list on a worker thread, one thing at a time, and hand on what comes of it."""

        def run(ticket: Ticket) -> _T:
            del ticket
            from editor.storage.recent_documents import RecentDocuments

            with self._lock:
                return use(RecentDocuments(self._folder, self._untitled))

        def heard(found: _T) -> None:
            if not self._closed:
                done(found)

        return self._work.run(run, heard, None, PRIORITY)

    def _guess(self, entries: tuple[RecentDocument, ...]) -> None:
        if not self.is_read:
            self.entries = entries
            self.changed.emit()

    def _know(self, entries: tuple[RecentDocument, ...]) -> None:
        if self.is_read and entries == self.entries:
            return
        self.entries, self.is_read = entries, True
        self.changed.emit()
