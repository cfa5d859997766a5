from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.i18n.texts import tr
from app.session.changes import Changes, StatusMessage
from app.session.session import Session
from app.session.suggestion_feed import SuggestionFeed


class ExploreWait(QObject):
    """A request to explore that waits for the suggestions about the picture.

    It ends without them when its message leaves the message line, or when another idea or another
    document becomes the current one.

    Signals:
        ready(): the suggestions are there.
    """

    ready = Signal()

    def __init__(self, session: Session, feed: SuggestionFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._feed = session, feed
        self._message: StatusMessage | None = None
        self._place = self._current_place()
        session.changed.connect(self._on_changed)
        feed.ready.connect(self._on_ready)

    @property
    def is_waiting(self) -> bool:
        """Whether the request is still to be carried out."""
        return self._message is not None and self._session.messages.current is self._message

    def begin(self) -> None:
        """Wait, and have the suggestions made at once."""
        self._session.messages.notice(
            tr("Looking for suggestions for this picture. Explore follows.")
        )
        self._message = self._session.messages.current
        self._place = self._current_place()
        self._feed.hurry()

    def stop(self) -> bool:
        """Drop the request; True if there was one."""
        waited, self._message = self.is_waiting, None
        if waited:
            self._session.messages.say(None)
        return waited

    def _current_place(self) -> tuple[int, str | None]:
        """Document and idea that are current."""
        document = self._session.document
        return id(document), document.history.head if document is not None else None

    def _on_changed(self, changes: Changes) -> None:
        moved = changes & (Changes.DOCUMENT | Changes.HEAD) and self._place != self._current_place()
        if moved and self.is_waiting:
            self.stop()

    def _on_ready(self) -> None:
        if self.is_waiting and self._feed.is_current:
            self.stop()
            self.ready.emit()
