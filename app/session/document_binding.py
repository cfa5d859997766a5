from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtCore import Slot as QtSlot

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.runtime.thread_pool import ThreadPool
from app.session.changes import Changes, MessageKind, Notify, StatusMessage
from app.session.document_closer import DocumentCloser, unwritten_text
from app.session.messages import Messages
from app.session.node_renderer import NodeRenderer
from editor.errors import ExpectedError
from editor.model.content_origin import content_origin
from editor.model.history import HistoryNode
from editor.model.image import Image

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document


class DocumentBinding(QObject):
    """The open document: its current picture, the pixels of its ideas, and what the disk says.

    Attributes:
        document: None where nothing is open.
        captions: what pictures show, by pixel digest, as models or the artist said.
        closer: documents left that are still on their way to the disk.
    """

    rendered = Signal()
    """An idea has its pixels now."""

    not_rendered = Signal(str, object)
    """Id of an idea that gets no pixels, and the error."""

    _durable = Signal(object)
    _written = Signal()
    _write_failed = Signal(object, object)

    def __init__(
        self, work: ThreadPool, messages: Messages, notify: Notify, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work, self._messages, self._notify = work, messages, notify
        self.document: Document | None = None
        self.captions: dict[str, str] = {}
        self.closer = DocumentCloser(work, self)
        self._renderer: NodeRenderer | None = None
        self.closer.refused.connect(self._on_left_unwritten)
        # These three come from the document's writer thread.
        self._durable.connect(self._run_durable)
        self._written.connect(self._on_written)
        self._write_failed.connect(self._on_write_failed)

    # --- the current idea -----------------------------------------------------------------------

    @property
    def node(self) -> HistoryNode | None:
        """The history node at head."""
        if self.document is None or self.document.history.head is None:
            return None
        return self.document.history.current

    @property
    def image(self) -> Image | None:
        """The current picture's pixels, or None while they are still being made."""
        node = self.node
        return node.picture.image if node is not None and node.picture is not None else None

    def image_of(self, node_id: str) -> Image | None:
        """The pixels of any idea of the open document, None while they are being made."""
        assert self.document is not None
        picture = self.document.history.nodes[node_id].picture
        return picture.image if picture is not None else None

    @property
    def domain_picture(self) -> Image | None:
        """As `domain_picture_of`, of the current picture."""
        return self.domain_picture_of(self.node.id) if self.node is not None else None

    def domain_picture_of(self, node_id: str) -> Image | None:
        """The picture that says what kind an idea's picture is; None where that is its own.

        Also None while the pixels of that picture are being made.
        """
        if self.document is None:
            return None
        origin = content_origin(self.document.history, node_id)
        return self.image_of(origin.id) if origin.id != node_id else None

    # --- open and close -------------------------------------------------------------------------

    def bind(self, document: Document | None) -> None:
        """Work on another document (or none); the old one is closed by `closer`."""
        old, self.document = self.document, document
        if old is not None:
            # Writes under way and the checkpoint may take a second: not on this thread.
            self.closer.add(old)
        self._stop_rendering()
        if document is None:
            return
        self.captions |= document.captions
        document.on_written = self._written.emit
        document.on_error = partial(self._write_failed.emit, document)
        if document.trouble is not None:  # before anybody listened
            self._on_write_failed(document, document.trouble)
        self._renderer = NodeRenderer(
            document, self._work, self.rendered.emit, self.not_rendered.emit
        )
        for node_id in document.pending():
            self._renderer.make(node_id)

    def wait_closed(self, timeout: float = 30.0) -> None:
        """Wait (on a worker thread) until documents left are closed or the disk refused them."""
        self.closer.wait_tried(timeout)

    def close(self) -> None:
        """Close all documents; what is under way to the disk is finished.

        Raises:
            DiskFull: something could not be written; that document stays open.
        """
        self.closer.close()
        if self.document is not None:
            self.document.close()
            self.document = None
            self._stop_rendering()

    def _stop_rendering(self) -> None:
        if self._renderer is not None:
            self._renderer.end()
            self._renderer = None

    # --- ideas ----------------------------------------------------------------------------------

    def may_write(self) -> bool:
        """Whether ideas can be added; says why where another window has the document."""
        if self.document is not None and self.document.read_only:
            text = tr("This document is open in another window. It is read only here.")
            self._messages.notice(text)
            return False
        return self.document is not None

    def when_rendered(self, node_id: str, then: Callable[[Image], None]) -> None:
        """Call with the idea's image, now if it is there, else once it is."""
        assert self._renderer is not None
        self._renderer.when_made(node_id, then)

    def accept(self, node: HistoryNode) -> Future[None]:
        """Add an idea to the history and start making its pixels; done once it is on disk."""
        assert self.document is not None
        assert self._renderer is not None
        future = self.document.accept(node)
        self._renderer.make(node.id)
        return future

    def star(self, node_id: str) -> None:
        """Star an idea, or take the star away."""
        if self.document is not None:
            self.document.star(node_id, node_id not in self.document.history.starred)
            self._notify(Changes.HISTORY)

    def rename(self, node_id: str, name: str) -> None:
        """Give an idea the artist's own name."""
        if self.document is not None:
            self.document.rename(node_id, name)
            self._notify(Changes.HISTORY)

    # --- notices that are given once per document -----------------------------------------------

    def was_shown(self, notice: str) -> bool:
        """Whether a notice was shown in this document, now or years ago."""
        return self.document is not None and notice in self.document.given_notices

    def show_once(self, notice: str) -> bool:
        """Whether a notice is due; it counts as shown afterwards."""
        if self.was_shown(notice):
            return False
        if self.document is not None:
            self.document.mark_given(notice)
        return True

    # --- disk -----------------------------------------------------------------------------------

    def when_durable(self, future: Future[None], then: Callable[[], object]) -> None:
        """Call on the GUI thread once a write is on disk; failures come through `on_error`."""
        future.add_done_callback(
            lambda done: None if done.cancelled() or done.exception() else self._durable.emit(then)
        )

    def retry_writing(self) -> None:
        """Try again what the disk refused, of this document and of those left."""
        if self.document is not None:
            self.document.retry()
        self.closer.retry()

    @QtSlot(object)
    def _run_durable(self, then: Callable[[], object]) -> None:
        then()

    @QtSlot()
    def _on_written(self) -> None:
        self._notify(Changes.DOCUMENT)

    @QtSlot(object, object)
    def _on_write_failed(self, document: Document, error: ExpectedError) -> None:
        if document is not self.document:
            return  # left since; `closer` says so
        text = text_of(error.message)
        self._messages.say(
            StatusMessage(
                MessageKind.ERROR,
                text,
                tr("Choose another place"),
                "save_elsewhere",
                lasting=True,
            )
        )

    def _on_left_unwritten(self, error: ExpectedError, title: str) -> None:
        self._messages.say(
            StatusMessage(
                MessageKind.ERROR,
                unwritten_text(title),
                tr("Try again"),
                "retry_writing",
                lasting=True,
            )
        )
