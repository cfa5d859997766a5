from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.runtime.thread_pool import ThreadPool, Ticket
from editor.errors import ExpectedError

if TYPE_CHECKING:
    from editor.storage.document import Document

RETRY_MS = 5000


class DocumentCloser(QObject):
    """Documents that the artist has left and that are still on their way to the disk.

    Each is closed on a worker thread. One that the disk refuses stays here, whole, and is tried
    again every few seconds and when asked; so leaving a document never loses what it holds.
    """

    refused = Signal(object, str)
    """The error, and the title of the document; once for each document."""

    def __init__(self, work: ThreadPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._documents: list[Document] = []
        self._under_way: dict[Document, threading.Event] = {}
        self._reported: set[Document] = set()
        self._timer = QTimer(self, interval=RETRY_MS)
        self._timer.timeout.connect(self.retry)

    @property
    def titles(self) -> tuple[str, ...]:
        """Of the documents that are not on the disk yet."""
        return tuple(document.title for document in self._documents)

    def add(self, document: Document) -> None:
        """Close a document behind the artist."""
        document.on_written = document.on_error = None  # what it says is not about the new one
        self._documents.append(document)
        self._try(document)

    def retry(self) -> None:
        """Try again whatever is left and not under way."""
        for document in self._documents:
            if document not in self._under_way:
                document.retry()
                self._try(document)

    def wait_tried(self, timeout: float) -> None:
        """Wait (on a worker thread) until every document here is closed or refused."""
        for tried in tuple(self._under_way.values()):
            tried.wait(timeout)

    def close(self, timeout: float = 60.0) -> None:
        """Close everything now, on this thread; for the end of the program.

        Raises:
            ExpectedError: a document cannot be written; it stays here.
        """
        self.wait_tried(timeout)
        for document in tuple(self._documents):
            document.retry()
            try:
                document.close()
            except ExpectedError as error:
                raise type(error)(unwritten_text(document.title), error.fix) from error
            self._forget(document)

    def _try(self, document: Document) -> None:
        tried = self._under_way[document] = threading.Event()

        def close(ticket: Ticket) -> None:
            try:
                document.close()
            finally:
                tried.set()

        self._work.run(
            close,
            lambda _: self._forget(document),
            lambda error: self._failed(document, error),
            0,
        )

    def _forget(self, document: Document) -> None:
        self._under_way.pop(document, None)
        self._reported.discard(document)
        if document in self._documents:
            self._documents.remove(document)
        if not self._documents:
            self._timer.stop()

    def _failed(self, document: Document, error: BaseException) -> None:
        self._under_way.pop(document, None)
        if document not in self._documents:
            return  # written by `close` meanwhile
        if not isinstance(error, ExpectedError):
            self._forget(document)  # a bug, and trying again would only repeat it
            raise error
        self._timer.start()
        if document not in self._reported:
            self._reported.add(document)
            self.refused.emit(error, document.title)


def unwritten_text(title: str) -> str:
    """The sentence for an artist."""
    return QCoreApplication.translate(
        "Leaving",
        "“{0}” is not written yet: the disk is full. Make room on it. Until then it stays open here"
        " and is tried again.",
    ).format(title)
