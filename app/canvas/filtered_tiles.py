"""A picture whose tiles are drawn through something: in greys, or cut out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QImage

from app.canvas.provider import Ready, TileProvider

Filter = Callable[[QImage, int, int, int], QImage]
"""A tile as it is drawn, from the picture's tile and its level, column and row."""
_KEPT: Final = 400
"""Tiles that are kept; more than any window shows at once."""


class FilteredTiles:
    """Another provider's tiles, each changed once."""

    def __init__(self, provider: TileProvider, change: Filter) -> None:
        self._provider, self._change = provider, change
        self._made: dict[tuple[int, int, int, int], QImage] = {}

    @property
    def size(self) -> tuple[int, int]:
        """The picture's own."""
        return self._provider.size

    @property
    def levels(self) -> int:
        """The picture's own."""
        return self._provider.levels

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        """Returns the changed tile, or `None` while the picture's is being made."""
        return self._changed(self._provider.tile(level, col, row), level, col, row)

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        """Returns the changed tile if the picture's is there."""
        return self._changed(self._provider.peek(level, col, row), level, col, row)

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        """The picture's own."""
        return self._provider.on_ready(callback)

    def _changed(self, image: QImage | None, level: int, col: int, row: int) -> QImage | None:
        if image is None:
            return None
        key = (level, col, row, image.cacheKey())
        if key not in self._made:
            if len(self._made) > _KEPT:
                self._made.clear()
            self._made[key] = self._change(image, level, col, row)
        return self._made[key]
