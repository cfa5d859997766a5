from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.panels.wording import tr
from app.session.changes import Changes, StatusMessage
from app.session.session import Session
from app.session.suggestion_feed import SuggestionFeed


class Awaiting(QObject):
    """Explore was asked for before there were suggestions about the picture: it waits for them.

    The request lasts as long as its sentence, for the picture it was spoken about.

    Signals:
        here(): the suggestions are there.
    """

    here = Signal()

    def __init__(self, session: Session, suggesting: SuggestionFeed, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._suggesting = session, suggesting
        self._said: StatusMessage | None = None
        self._about = self._place()
        session.changed.connect(self._on_changed)
        suggesting.ready.connect(self._on_ready)

    @property
    def is_waiting(self) -> bool:
        """Whether the request still holds."""
        return self._said is not None and self._session.messages.current is self._said

    def begin(self) -> None:
        """Wait, and have the suggestions made at once."""
        self._session.messages.notice(
            tr("Looking for suggestions for this picture. Explore follows.")
        )
        self._said, self._about = self._session.messages.current, self._place()
        self._suggesting.hurry()

    def stop(self) -> bool:
        """No longer; True if it was waiting."""
        waited, self._said = self.is_waiting, None
        if waited:
            self._session.messages.say(None)
        return waited

    def _place(self) -> tuple[int, str | None]:
        document = self._session.document
        return id(document), document.history.head if document is not None else None

    def _on_changed(self, changes: Changes) -> None:
        moved = changes & (Changes.DOCUMENT | Changes.HEAD) and self._about != self._place()
        if moved and self.is_waiting:
            self.stop()

    def _on_ready(self) -> None:
        if self.is_waiting and self._suggesting.is_current:
            self.stop()
            self.here.emit()
