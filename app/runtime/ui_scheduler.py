from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

APART_MS = 8
"""Between two pieces, so that what one changed is painted before the next."""


class UiScheduler(QObject):
    """Work on widgets, one piece in a turn of the event loop, each piece once.

    What ends a job changes several things one after another, and every panel that filled itself at
    each of them held up the next frame for 50 ms beside a 24-megapixel picture.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Callable[[], None], None] = {}
        self._timer = QTimer(self, singleShot=True, interval=APART_MS)
        self._timer.timeout.connect(self._next)

    def later(self, piece: Callable[[], None]) -> None:
        """Do this in a turn of its own; asked for again before, it is still done once."""
        self._waiting.setdefault(piece)
        if not self._timer.isActive():
            self._timer.start()

    def finish(self) -> None:
        """Do now what waits."""
        while self._waiting:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        piece = next(iter(self._waiting))
        del self._waiting[piece]
        if self._waiting:
            self._timer.start()
        piece()
