from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from editor.errors import DamagedDocument, DiskFull, ExpectedError
from editor.formats.opened import SourceFile
from editor.messages import Message
from editor.model.edit import Candidate
from editor.model.history import History, HistoryNode, new_id
from editor.model.picture import Picture
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from editor.storage import rows
from editor.storage.describe import describe_document
from editor.storage.document_state import DocumentState
from editor.storage.file import SUFFIX, DocumentFile, First, absolute, copy_document, unopened
from editor.storage.loaded_document import LoadedDocument
from editor.storage.lock import DocumentInUse
from editor.storage.pixel_store import PixelStore, cache_budget
from editor.storage.reader import unmade
from editor.storage.stored_jobs import StoredJob, StoredJobs
from editor.storage.verify import VerifyReport, verify
from editor.storage.writer import Writer
from editor.storage.writes import PictureWrite, done, row_write

__all__ = ["Document", "SourceFile", "StoredJob", "VerifyReport", "describe_document", "verify"]


class Document(DocumentState):
    """A `History` bound to one `.pentimento` file; there is no unsaved state to lose.

    Every method returns at once: the history changes on the calling thread, a writer thread
    hashes, packs and commits, and the returned future resolves when the change is durable. Any
    thread may call. A document opened read-only can be looked at and walked through; what would
    be written raises `DocumentInUse`.

    Attributes:
        saved_at: when the last change became durable, seconds since 1970; None before the first.
        draft, dismissed, given_notices: see `DocumentState`.
        damaged: ids of ideas that cannot be shown (only after `open(rest=True)`).
        on_written: called on the writer thread after commits.
        on_error: called on the writer thread when the disk refuses; nothing is lost, `retry` or
            the next write tries again, `name_file` moves the document to another disk.
    """

    def __init__(
        self, file: DocumentFile, loaded: LoadedDocument, *, writes: bool, folder: Path | None
    ):
        super().__init__(loaded)
        self.on_written: Callable[[], None] | None = None
        self.on_error: Callable[[ExpectedError], None] | None = None
        self._file = file
        self._untitled_folder = folder
        self._history = loaded.history
        self._results = StoredJobs(loaded.jobs)
        self.damaged = loaded.damaged
        pictures = (node.picture for node in loaded.history.nodes.values())
        largest = max((p.image.nbytes for p in pictures if p is not None), default=0)
        self.store.budget = cache_budget(largest)
        self.saved_at: float | None = None
        if writes:
            self._writer = Writer(
                file.connect, on_written=self._note_written, on_error=self._note_error
            )
            self._writer.start()

    # -- making and opening ----------------------------------------------------------------
    @classmethod
    def create(
        cls,
        picture: Picture,
        *,
        label: str,
        state_dir: Path,
        path: Path | None = None,
        source: SourceFile | None = None,
    ) -> Document:
        """A new document with one root node.

        The file appears on the disk whole, with the root's pixels, a moment later.

        Args:
            picture: the pixels of the root.
            label: what the root is called, usually the file's name.
            state_dir: untitled documents live in its folder `untitled`.
            path: where to keep the document; None leaves it untitled. An existing file is
                replaced as a whole.
            source: the bytes the picture was opened from.

        Raises:
            DocumentInUse: another window has `path` open.
        """
        folder = Path(state_dir) / "untitled"
        untitled = path is None
        if path is None:
            with suppress(OSError):  # the writer meets the same error and reports it
                folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{new_id()}{SUFFIX}"
        node = HistoryNode(new_id(), None, picture, label, time.time(), kind="open")
        file = DocumentFile(absolute(path), First(node, source))
        file.refuse_if_in_use()
        loaded = LoadedDocument(history=History().accept(node), total=1)
        document = cls(file, loaded, writes=True, folder=folder if untitled else None)
        document._write(lambda connection: None)
        return document

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        rest: bool = False,
    ) -> Document:
        """Open a document; read-only on request, if another window has it, or on a read-only disk.

        Args:
            path: the file.
            read_only: do not write even if that were possible.
            rest: open what can be shown of a damaged document.

        Raises:
            DamagedDocument: no document, or part of it is damaged and `rest` is not set.
            NewerDocument: made by a later version.
            ExpectedError: there is no such file.
        """
        file = DocumentFile(absolute(path))
        writes = file.path.is_file() and not read_only and file.take()
        try:
            loaded = file.load()
            if loaded.damage is not None and not rest:
                raise DamagedDocument(loaded.damage, Message("do.open_rest"))
        except BaseException:
            file.give_up()
            raise
        folder = file.path.parent if file.path.parent.name == "untitled" else None
        return cls(file, loaded, writes=writes, folder=folder)

    @staticmethod
    def untitled(state_dir: Path) -> list[Path]:
        """Untitled documents that no window has open, the newest first."""
        return unopened(Path(state_dir) / "untitled")

    # -- what there is ---------------------------------------------------------------------
    @property
    def history(self) -> History:
        """A frozen snapshot of the tree."""
        return self._history

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self._file.path

    @property
    def title(self) -> str:
        """The file's name without ending; while untitled, the name of its first picture.

        Naming an idea names no document, so the artist's own names do not count.
        """
        if not self.is_untitled:
            return self.path.stem
        roots = self._history.roots()
        return (self._history.nodes[roots[0]].label if roots else "") or "Untitled"

    @property
    def is_untitled(self) -> bool:
        """True until the artist has named the file."""
        return self._untitled_folder is not None and self.path.parent == self._untitled_folder

    @property
    def read_only(self) -> bool:
        """True if nothing can be written here."""
        return self._writer is None

    @property
    def trouble(self) -> ExpectedError | None:
        """Why writing is suspended, or None."""
        return None if self._writer is None else self._writer.refused

    @property
    def store(self) -> PixelStore:
        """Where released pixels come back from; its `budget` in bytes may be changed."""
        return self._file.store

    def results(self, node_id: str) -> tuple[StoredJob, ...]:
        """Every job that started from a node, oldest first, the rejected results included."""
        return self._results.of(node_id)

    def pending(self) -> tuple[str, ...]:
        """Accepted nodes whose pixels are not made, parents first."""
        return unmade(self._history, self.damaged)

    def source(self, node_id: str) -> SourceFile | None:
        """The file a node was opened from, if the document keeps it; reads the disk."""
        return self._file.source(node_id)

    # -- what changes it -------------------------------------------------------------------
    def add_candidate(
        self,
        job: str,
        parent: str,
        candidate: Candidate,
        selection: Selection | None = None,
        score: Score | None = None,
    ) -> Future[None]:
        """Keep a candidate as it is shown, under the job that made it."""
        with self._lock:
            self._check_writes()
            if parent not in self._history.nodes:
                raise LookupError(parent)
            write = self._results.add(job, parent, candidate, selection, score)
            return self._write(write, candidates=(candidate,), selections=(selection,))

    def set_ranking(self, job: str, ranking: Ranking, scores: Iterable[Score] = ()) -> Future[None]:
        """Keep the order of a job's candidates and scores that came since."""
        with self._lock:
            self._check_writes()
            return self._write(self._results.rank(job, ranking, scores))

    def accept(self, node: HistoryNode) -> Future[None]:
        """Add a node; its row and the new head are durable first, its pixels follow.

        The future resolves when the idea can no longer be lost: with its row for an edit, which
        its candidates can make again; with its pixels for a picture from elsewhere.
        """
        bare = replace(node, picture=None)
        with self._lock:
            writer = self._check_writes()
            self._history = self._history.accept(node)

            def write(connection: sqlite3.Connection) -> None:
                rows.put_node(connection, bare)
                rows.put_event(connection, "head", bare.id, {"trail": []})

            future = self._write(
                write,
                candidates=(*node.candidates, *node.siblings),
                selections=(node.selection, node.paint),
            )
            if node.picture is None:
                return future
            pixels = PictureWrite(node.id, node.picture, self.store)
            if node.candidates:
                writer.submit(pixels, ordered=False)
                return future
            return writer.submit(pixels)

    def complete(self, node_id: str, picture: Picture) -> Future[None]:
        """Give an accepted node its pixels."""
        with self._lock:
            self._history = self._history.with_picture(node_id, picture)
            if self._writer is None and self.read_only:
                return done()  # rendered again only to be shown; the other window writes it
            writer = self._check_writes()
            return writer.submit(PictureWrite(node_id, picture, self.store), ordered=False)

    def go(self, node_id: str) -> Future[None]:
        """Put head on any node."""
        return self._walk(lambda history: history.go(node_id))

    def undo(self) -> Future[None]:
        """Go to the parent."""
        return self._walk(lambda history: history.undo())

    def redo(self) -> Future[None]:
        """Follow the trail, or the newest branch."""
        return self._walk(lambda history: history.redo())

    def star(self, node_id: str, on: bool) -> Future[None]:
        """Set or clear a star."""
        return self._mark("star", node_id, on, lambda history: history.star(node_id, on))

    def rename(self, node_id: str, name: str) -> Future[None]:
        """Give a node the artist's own name; empty takes it away."""
        return self._mark("name", node_id, name, lambda history: history.rename(node_id, name))

    def note(self, node_id: str, text: str) -> Future[None]:
        """Write a note on a node."""
        return self._mark("note", node_id, text, lambda history: history.note(node_id, text))

    # -- the file --------------------------------------------------------------------------
    def name_file(self, path: Path) -> Future[None]:
        """Move the document to `path`, on any disk; a file there is replaced as a whole.

        Goes ahead of everything that the disk refuses, which is then written at the new place.
        The future raises `DocumentInUse` or what the disk said; then nothing has changed.
        """
        writer = self._check_writes()
        return writer.call(lambda: self._file.move(writer, absolute(path)))

    def save_copy(self, path: Path) -> Future[None]:
        """Write a whole copy, pending writes included; this document keeps its place."""
        target = absolute(path)
        if (writer := self._writer) is not None:
            return writer.call(lambda: self._file.copy(writer, target))
        return copy_document(self.path, target)

    def retry(self) -> None:
        """Try again what the disk refused."""
        if self._writer is not None:
            self._writer.retry()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything is durable; False if time ran out or the disk refuses."""
        return self._writer is None or self._writer.drain(timeout)

    def wait_for_room(self, timeout: float | None = None) -> bool:
        """Wait while too many pixels wait to be written; for worker threads, never for the UI."""
        return self._writer is None or self._writer.wait_for_room(timeout)

    def close(self, *, discard: bool = False) -> None:
        """Write everything, complete the single file and close it.

        Args:
            discard: close even if the disk refuses what is left.

        Raises:
            DiskFull: something is not written; the document stays open.
        """
        writer = self._writer
        if writer is None:
            self._file.give_up()
            return
        if not writer.is_alive():
            return
        if not writer.drain(None) and not discard:
            raise writer.refused or DiskFull(Message("document.unwritten"))
        writer.call(lambda: self._file.close(writer)).result()
        writer.stop()

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close(discard=exception[0] is not None)

    # -- inside ----------------------------------------------------------------------------
    def _check_writes(self) -> Writer:
        if self._writer is None:
            raise DocumentInUse
        return self._writer

    def _write(
        self,
        write: Callable[[sqlite3.Connection], None],
        *,
        candidates: tuple[Candidate, ...] = (),
        selections: tuple[Selection | None, ...] = (),
    ) -> Future[None]:
        write_rows = row_write(write, self.store, candidates, selections)
        return self._check_writes().submit(write_rows)

    def _walk(self, step: Callable[[History], History]) -> Future[None]:
        with self._lock:
            before, self._history = self._history, step(self._history)
            head, trail = self._history.head, list(self._history.trail)
            if self._writer is None or (
                head == before.head and self._history.trail == before.trail
            ):
                return done()
            return self._write(lambda c: rows.put_event(c, "head", head, {"trail": trail}))

    def _mark(
        self, kind: str, node_id: str, value: Any, step: Callable[[History], History]
    ) -> Future[None]:
        with self._lock:
            self._check_writes()
            if node_id not in self._history.nodes:
                raise LookupError(node_id)
            self._history = step(self._history)
            return self._write(lambda c: rows.put_event(c, kind, node_id, value))

    def _note_written(self) -> None:
        self.saved_at = time.time()
        if self.on_written is not None:
            self.on_written()

    def _note_error(self, error: ExpectedError) -> None:
        if self.on_error is not None:
            self.on_error(error)
