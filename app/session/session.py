from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from app.i18n.engine_messages import said
from app.runtime.thread_pool import Work
from app.runtime.trace import trace
from app.session.changes import Changes, Message, MessageKind
from app.session.document_closer import Leaving
from app.session.document_closer import said as said_left
from app.session.messages import tr
from app.session.node_renderer import Making
from app.session.results import Stage
from app.session.session_view import SessionView, session_view
from app.session.text_to_image import Beginning
from app.session.view_state import restored
from editor.errors import ExpectedError
from editor.model.history import HistoryNode, new_id

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document


class Session(Beginning):
    """The one mutable object of the UI: document, selection, results, live jobs.

    Emits `changed(Changes)`; panels redraw their own part. Nothing here touches widgets, and
    nothing blocks: the engine lives in a child process, pixels are made on `Work`'s threads,
    the document is written by its own thread.
    """

    kept = Signal(str)
    """Id of a node that is on disk now."""

    _written = Signal()
    _write_failed = Signal(object, object)

    def __init__(self, engine: Any, work: Work, state_dir: Path) -> None:
        super().__init__(engine)
        self.work = work
        self.state_dir = state_dir
        self.leaving = Leaving(work, self)
        """Documents left that are still on their way to the disk."""
        self.leaving.refused.connect(self._on_left_unwritten)
        self._written.connect(lambda: self.changed.emit(Changes.DOCUMENT))
        self._write_failed.connect(self._on_write_failed)
        self.changed.connect(self._hush_retry)

    def snapshot(self) -> SessionView:
        """All that decides which actions make sense now."""
        document = self.document
        return session_view(
            history=document.history if document is not None else None,
            read_only=document is not None and document.read_only,
            untitled=document is not None and document.is_untitled,
            results=self.results,
            question=self.question,
            selection=self.selection,
            looked_at=self.looked_at,
            compared=self.compared,
            paint_key=self.paint_key,
            live=self.live,
        )

    # --- document -------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        """Work on another document (or none); the old one is closed behind."""
        self.cancel()
        old, self.document = self.document, document
        if old is not None:
            # Writes under way and the checkpoint may take a second: not on this thread.
            self.leaving.add(old)
        self.selection = self.results = self.paint = None
        self.looked_at = self.compared = self.paint_key = self.live = None
        self.opacity = 1.0
        self.message = None
        if self._making is not None:
            self._making.end()
            self._making = None
        if document is not None:
            self.captions |= document.captions
            document.on_written = self._written.emit
            document.on_error = partial(self._write_failed.emit, document)
            if document.trouble is not None:  # before anybody listened
                self._on_write_failed(document, document.trouble)
            self._making = Making(document, self.work, self._on_made, self._on_unmade)
            for node_id in document.pending():
                self._making.make(node_id)
            self._show_results_of_head()
        self.changed.emit(Changes.ALL)

    def wait_closed(self, timeout: float = 30.0) -> None:
        """Wait (on a worker thread) until documents left are closed or the disk refused them."""
        self.leaving.wait_tried(timeout)

    # --- keep, history --------------------------------------------------------------------------

    def keep(self) -> None:
        """Accept what is looked at: a node under the one its job started from; head goes there."""
        look = self.look
        results = self.results
        if look is None or results is None or results.stage.is_live:
            return
        if self.document is None or self._making is None:
            return
        if self.document.read_only:
            self.notice(tr("This document is open in another window. It is read only here."))
            return
        branches = bool(self.document.history.children(results.parent))
        node = HistoryNode(
            id=new_id(),
            parent=results.parent,
            picture=None,
            label=look.first.request.instruction.text,
            time=time.time(),
            candidates=look.candidates,
            siblings=tuple(s.candidate for s in results.slots if s.candidate is not None),
            ranking=results.ranking,
            opacity=look.opacity,
            paint=look.paint if len(look.candidates) == 2 else None,
            selection=results.selection,
            kind="paint" if len(look.candidates) == 2 else "edit",
        )
        kept = self.document.accept(node)
        self.results = replace(results, kept=node.id)
        self.looked_at = self.compared = None
        self._clear_finish()
        self._making.make(node.id)
        self._when_durable(kept, lambda: self._say_kept(node, branches))

    def _say_kept(self, node: HistoryNode, branches: bool) -> None:
        trace("kept", node=node.id)
        self.kept.emit(node.id)
        self.changed.emit(Changes.HISTORY | Changes.HEAD | Changes.LOOK | Changes.RESULTS)
        if branches:
            self.say(
                Message(
                    MessageKind.NOTICE,
                    tr("A new branch. The other one is still there."),
                    seconds=6,
                )
            )
        self.announced.emit(tr("Kept: %1").replace("%1", node.label), False)

    def undo(self) -> None:
        """Go to the parent."""
        if self.document is not None and self.document.history.can_undo:
            label = self.document.history.label(self.document.history.current.id)
            self.document.undo()
            self._moved()
            self.announced.emit(tr("Undone: %1").replace("%1", label), False)

    def redo(self) -> None:
        """Follow the trail."""
        if self.document is not None and self.document.history.redo_target is not None:
            self.document.redo()
            self._moved()
            label = self.document.history.label(self.document.history.current.id)
            self.announced.emit(tr("Redone: %1").replace("%1", label), False)

    def go(self, node_id: str) -> None:
        """Go to any idea."""
        if self.document is not None and node_id != self.document.history.head:
            self.document.go(node_id)
            self._moved()

    def look_at_result_of(self, node_id: str, key: str) -> bool:
        """Go to an idea and look at another result of the job that made it; False if busy."""
        document = self.document
        node = document.history.nodes.get(node_id) if document is not None else None
        if document is None or node is None or node.parent is None or self.is_busy:
            return False
        jobs_of = document.results(node.parent)
        job = next((j for j in jobs_of if key in {c.key for c in j.candidates}), None)
        if job is None:
            return False
        self.go(node_id)
        self.results = restored(job, node_id)
        self.looked_at = None
        self.changed.emit(Changes.RESULTS | Changes.JOB)
        self.look_at(key)
        return True

    def star(self, node_id: str) -> None:
        """Star an idea, or take the star away."""
        if self.document is not None:
            self.document.star(node_id, node_id not in self.document.history.starred)
            self.changed.emit(Changes.HISTORY)

    def rename(self, node_id: str, name: str) -> None:
        """Give an idea the artist's own name."""
        if self.document is not None:
            self.document.rename(node_id, name)
            self.changed.emit(Changes.HISTORY)

    def _moved(self) -> None:
        self.live = None
        self.fit_selection()
        if not self.is_busy:
            self.looked_at = self.compared = None
            self._clear_finish()
            self._show_results_of_head()
        self.changed.emit(
            Changes.HEAD | Changes.HISTORY | Changes.RESULTS | Changes.LOOK | Changes.JOB
        )

    def _on_made(self) -> None:
        self.fit_selection()
        self.changed.emit(Changes.PIXELS)

    def _on_unmade(self, node_id: str, error: BaseException) -> None:
        waits = self.results is not None and self.results.parent == node_id
        if waits and self.is_busy:
            self._end(Stage.FAILED)
        from editor.render.composite import RenderCancelled

        if not isinstance(error, RenderCancelled):
            self.fail(error)

    # --- disk -------------------------------------------------------------------------------------

    def _on_write_failed(self, document: Document, error: ExpectedError) -> None:
        if document is not self.document:
            return  # left since; `leaving` tells
        text = said(error.message)
        self.say(Message(MessageKind.ERROR, text, tr("Choose another place"), "save_elsewhere"))
        self.announced.emit(text, True)

    def _on_left_unwritten(self, error: ExpectedError, title: str) -> None:
        text = said_left(title)
        self.say(Message(MessageKind.ERROR, text, tr("Try again"), "retry_writing"))
        self.announced.emit(text, True)

    def retry_writing(self) -> None:
        """Try again what the disk refused, of this document and of those left."""
        if self.document is not None:
            self.document.retry()
        self.leaving.retry()

    def close(self) -> None:
        """End live jobs and close the documents; what is under way to the disk is finished.

        Raises:
            DiskFull: something could not be written; that document stays open.
        """
        self.cancel()
        self.leaving.close()
        if self.document is not None:
            self.document.close()
            self.document = None
