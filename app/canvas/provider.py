"""What the canvas draws from: tiles of a picture at any of its levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QRect, SignalInstance
from PySide6.QtGui import QImage

TILE: Final = 256

Ready = Callable[[QRect], None]


class TileProvider(Protocol):
    """A picture as 256-px tiles; level k is the picture at 1/2^k.

    All methods are called on the GUI thread and return at once.
    """

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of level 0 in pixels."""
        ...

    @property
    def levels(self) -> int:
        """Number of levels; the last one fits into a single tile."""
        ...

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        """Returns a tile ready to draw, or `None` while it is being made.

        Edge tiles are cropped to the level's size. A tile asked for is made; when it is there,
        the callbacks of `on_ready` are called.
        """
        ...

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        """Returns a tile only if it is there already, and never starts making it."""
        ...

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        """Has `callback(rect)` called on the GUI thread when pixels of level-0 `rect` changed.

        Returns:
            A function that ends the subscription.
        """
        ...


def subscribe(provider: QObject, changed: SignalInstance, callback: Ready) -> Callable[[], None]:
    """Connects a callback to a provider's signal.

    Returns:
        A function that ends the subscription. It keeps the provider: a signal alone does not, and
        cannot be disconnected once its object is gone.
    """
    changed.connect(callback)
    kept = [provider]

    def end() -> None:
        changed.disconnect(callback)
        kept.clear()

    return end


def level_count(width: int, height: int) -> int:
    """Returns how many levels a picture of this size has."""
    levels = 1
    while max(width, height) > TILE << (levels - 1):
        levels += 1
    return levels


def level_size(width: int, height: int, level: int) -> tuple[int, int]:
    """Returns the size of a level; halves are rounded up so that no pixel is lost."""
    step = 1 << level
    return max(1, -(-width // step)), max(1, -(-height // step))


def tile_rect(width: int, height: int, level: int, col: int, row: int) -> QRect:
    """Returns the level-0 pixels a tile stands for."""
    span = TILE << level
    return QRect(col * span, row * span, span, span).intersected(QRect(0, 0, width, height))
