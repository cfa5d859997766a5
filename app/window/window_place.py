"""Where the window opens: as it was last on this screen at this scale, and always within it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QWidget

from app.runtime.settings import Settings

USUAL: Final = QSize(1440, 900)
"""Size of the first time, where the screen has room for it."""

FRAME: Final = QMargins(8, 40, 8, 8)
"""Room for the frame that the system draws around a window; how wide is known only afterwards."""


def restore(window: QWidget, settings: Settings) -> None:
    """Give a window that is not shown yet its size and place."""
    screen = window.screen()
    saved = settings["geometry"].get(key_of(screen))
    if isinstance(saved, str):
        window.restoreGeometry(QByteArray.fromBase64(saved.encode()))
    else:
        window.resize(USUAL)
    if not window.isMaximized() and not window.isFullScreen():
        window.setGeometry(within(window.geometry(), screen.availableGeometry()))


def save(window: QWidget, settings: Settings) -> None:
    """Remember size and place for the screen that the window is on."""
    screen = key_of(window.screen())
    place = bytes(window.saveGeometry().toBase64().data()).decode()
    settings.set("geometry", {**settings["geometry"], screen: place})


def key_of(screen: QScreen) -> str:
    """Names a screen at its scale: what was right on another one is not right here."""
    size = screen.geometry().size()
    return f"{screen.name()} {size.width()}x{size.height()}@{screen.devicePixelRatio():g}"


def within(place: QRect, room: QRect) -> QRect:
    """A window's place made smaller and moved until it lies on the screen, with its frame.

    Args:
        place: of the window without its frame.
        room: of the screen, without panels and docks.
    """
    inner = room.marginsRemoved(FRAME)
    size = place.size().boundedTo(inner.size())
    left = max(inner.left(), min(place.left(), inner.right() + 1 - size.width()))
    top = max(inner.top(), min(place.top(), inner.bottom() + 1 - size.height()))
    return QRect(QPoint(left, top), size)
