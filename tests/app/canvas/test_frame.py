"""What a pane shows between one picture and the next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QApplication

from app.canvas.frame import PaneFrame
from app.canvas.provider import TILE, Ready, level_size, tile_rect

SIZE = (400, 300)


class Plain:
    """A picture of one colour whose tiles are there once `there` is true."""

    def __init__(self, colour: str, size: tuple[int, int] = SIZE, *, there: bool = True) -> None:
        self.size, self.levels, self.there = size, 2, there
        self._colour = QColor(colour)

    def tile(self, level: int, col: int, row: int) -> QImage | None:
        return self.peek(level, col, row)

    def peek(self, level: int, col: int, row: int) -> QImage | None:
        if not self.there:
            return None
        width, height = level_size(*self.size, level)
        made = QImage(
            min(TILE, width - col * TILE),
            min(TILE, height - row * TILE),
            QImage.Format.Format_RGB32,
        )
        made.fill(self._colour)
        return made

    def on_ready(self, callback: Ready) -> Callable[[], None]:
        return lambda: None


def colours(frame: PaneFrame) -> set[str]:
    shown = QPixmap(*SIZE)
    painter = QPainter(shown)
    frame.paint(painter, 0, 0)
    painter.end()
    image = shown.toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(SIZE[1], -1)[:, : SIZE[0]]
    return {QColor(int(p)).name() for p in np.unique(pixels & 0xFFFFFF)}


def test_the_last_picture_stays_until_the_next_is_there(qapp: QApplication) -> None:
    frame, whole = PaneFrame(), QTransform()
    frame.update(Plain("#ff0000"), SIZE, whole)
    late = Plain("#00ff00", there=False)
    frame.update(late, SIZE, whole)
    assert colours(frame) == {"#ff0000"}
    frame.update(late, SIZE, QTransform.fromTranslate(7, 3))  # also where it is moved meanwhile
    assert "#ff0000" in colours(frame)
    assert len(colours(frame)) == 2  # and the surround
    late.there = True
    frame.update(late, SIZE, whole)
    frame.invalidate(tile_rect(*SIZE, 0, 0, 0))
    frame.invalidate(QRect(0, 0, *SIZE))
    frame.update(late, SIZE, whole)
    assert colours(frame) == {"#00ff00"}


def test_a_picture_of_another_size_does_not_stand_in(qapp: QApplication) -> None:
    frame = PaneFrame()
    frame.update(Plain("#ff0000"), SIZE, QTransform())
    frame.update(Plain("#00ff00", (401, 300), there=False), SIZE, QTransform())
    assert "#ff0000" not in colours(frame)
