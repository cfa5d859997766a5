from __future__ import annotations

import threading
from concurrent.futures import Future

from editor.model.edit import Suggestion
from editor.storage import rows, values
from editor.storage.loaded_document import LoadedDocument
from editor.storage.writer import Writer
from editor.storage.writes import RowWrite, done

DRAFT_SECONDS = 0.3  # a draft is written once it rests this long


class DocumentState:
    """What a document holds beside its history; the base of `Document`.

    Attributes:
        draft: the text in the prompt box (changed by `set_draft`).
        dismissed: texts the artist does not want to be offered again (changed by `dismiss`).
        given_notices: codes of notices that are given once (changed by `mark_given`).
        captions: by pixel digest, what the artist says a picture shows (changed by `describe`).
        pinned: suggestions the artist keeps in the row, by their words, oldest first (changed by
            `pin`).
    """

    _writer: Writer | None = None

    def __init__(self, loaded: LoadedDocument) -> None:
        self._lock = threading.RLock()
        self.draft = loaded.draft
        self.dismissed = loaded.dismissed
        self.given_notices = loaded.given_notices
        self.captions = loaded.captions
        self.pinned = loaded.pinned

    def set_draft(self, text: str) -> Future[None]:
        """Keep the text of the prompt box; written once it rests."""
        with self._lock:
            self.draft = text
            if self._writer is None:
                return done()
            write = RowWrite(lambda connection: rows.put_event(connection, "draft", None, text))
            return self._writer.submit_later("draft", write, DRAFT_SECONDS)

    def dismiss(self, text: str) -> Future[None]:
        """Do not offer a text again."""
        with self._lock:
            self.dismissed |= {text}
            return self._remember("dismiss", text)

    def mark_given(self, notice: str) -> Future[None]:
        """Remember that a notice was given, by its code."""
        with self._lock:
            self.given_notices |= {notice}
            return self._remember("told", notice)

    def pin(self, suggestion: Suggestion, on: bool) -> Future[None]:
        """Pin a suggestion or release it; one that is too long to store lasts until closing."""
        with self._lock:
            self.pinned = {k: v for k, v in self.pinned.items() if k != suggestion.text}
            if on:
                self.pinned[suggestion.text] = suggestion
            try:
                entry = {"on": on, **values.suggestion_values(suggestion)}
            except ValueError:
                return done()
            return self._remember("pin", entry)

    def describe(self, pixel_digest: str, caption: str) -> Future[None]:
        """Remember what the artist says a picture shows."""
        with self._lock:
            self.captions = {**self.captions, pixel_digest: caption}
            return self._remember("caption", {"picture": pixel_digest, "text": caption})

    def _remember(self, kind: str, value: object) -> Future[None]:
        if self._writer is None:  # read-only: kept only while the document is open
            return done()
        write = RowWrite(lambda connection: rows.put_event(connection, kind, None, value))
        return self._writer.submit(write)
