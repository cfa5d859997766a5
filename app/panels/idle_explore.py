from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.session.session import Session

IDLE_MS: Final = 30_000
"""How long nobody has used the window before the suggestions are explored."""
_USE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    }
)


class IdleExplore(QObject):
    """Explores the suggestions by itself while nobody uses the window, once for each picture.

    It begins nothing where somebody is at something: words in the box, results to choose from.
    """

    def __init__(
        self, session: Session, words: Callable[[], str], explore: Callable[[], object],
        parent: QObject,
    ) -> None:  # fmt: skip
        """Nothing happens before `set_enabled`.

        Args:
            session: what is open, and its suggestions.
            words: those in the box.
            explore: explores the suggestions.
            parent: owner.
        """
        super().__init__(parent)
        self._session, self._words, self._explore = session, words, explore
        self._explored = ""  # digest of the last picture of which it was done
        self._enabled = False
        self.timer = QTimer(self, singleShot=True, interval=IDLE_MS)
        self.timer.timeout.connect(self._begin)
        session.suggestion_feed.ready.connect(self._wait)

    def set_enabled(self, on: bool) -> None:
        """Begin to watch whether the window is used, or no longer."""
        app = QApplication.instance()
        if on == self._enabled or app is None:
            return
        self._enabled = on
        if on:
            app.installEventFilter(self)
            self._wait()
        else:
            app.removeEventFilter(self)
            self.timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever uses the window is not disturbed."""
        del watched
        if event.type() in _USE:
            self._wait()
        return False

    def _wait(self) -> None:
        if self._enabled:
            self.timer.start()

    def _begin(self) -> None:
        session = self._session
        image, feed = session.image, session.suggestion_feed
        if image is None or session.is_busy or session.results is not None or self._words().strip():
            return
        if feed.is_current and feed.instructions and image.pixel_digest != self._explored:
            self._explored = image.pixel_digest
            self._explore()
