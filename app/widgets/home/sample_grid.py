"""Pictures to begin with, as large as the room allows: what Home shows before anything else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.theme import MEDIUM, RADIUS_CARD, RADIUS_KEY, SEMIBOLD, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.empty_state import PictureTile
from app.widgets.basics.labels import QuietLabel
from app.widgets.basics.painting import (
    draw_text,
    rounded,
    set_focus_radius,
    text_width,
    wrap_text,
)
from app.widgets.cards.card_delegate import scaled

GAP: Final = 16
LEAST, MOST = 112, 288
"""Logical sides of a picture; where less would fit, the page scrolls."""
NAME_SIZE: Final = 12
NAME_GAP: Final = 4
"""Between a picture and its name."""
TITLE_GAP: Final = 8
"""Above the title, and between it and the pictures."""


class SampleTile(Button):
    """A whole picture, and its name below it.

    Attributes:
        lines: of the name.
    """

    def __init__(self, tile: PictureTile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile, self.lines = tile, 1
        self.setObjectName(f"tile-{tile.id}")
        self.explain(tile.name)
        set_focus_radius(self, RADIUS_CARD)

    def sizeHint(self) -> QSize:
        """The least picture and its name."""
        return QSize(look().px(LEAST), look().px(LEAST) + name_height(self.lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints surround, picture and name."""
        del event
        t, painter = look().tokens, QPainter(self)
        box = QRectF(0, 0, self.width(), self.height() - name_height(self.lines))
        rounded(painter, box, RADIUS_KEY, t.surround, t.edge if t.high_contrast else t.line)
        image = self.tile.thumbnail
        if image is not None and not image.isNull():
            size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            fitted = QRectF(0, 0, size.width(), size.height())
            fitted.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(fitted, scaled(image, fitted, painter))
        hot = self.underMouse()
        if hot:
            rounded(painter, box, RADIUS_KEY, None, t.text, 2)
        ink, step = t.text if hot else t.text2, line_height()
        line = QRectF(0, box.bottom() + look().px(NAME_GAP), self.width(), step)
        for words in wrap_text(self.tile.name, NAME_SIZE, MEDIUM, line.width(), self.lines):
            draw_text(painter, line, words, ink, NAME_SIZE, MEDIUM)
            line.translate(0, step)


class SampleGrid(QWidget):
    """A title, and tiles in as many columns as make them largest.

    Signals:
        chosen(int): number of the sample.
    """

    chosen = Signal(int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QuietLabel(title, self, size=13, weight=SEMIBOLD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.buttons: list[SampleTile] = []
        look().changed.connect(self._place)

    def set_samples(self, tiles: Sequence[PictureTile]) -> None:
        """Show these; their pictures may come later."""
        if [button.tile.id for button in self.buttons] != [tile.id for tile in tiles]:
            for button in self.buttons:
                button.hide()
                button.deleteLater()
            self.buttons = [SampleTile(tile, self) for tile in tiles]
            for button in self.buttons:
                button.clicked.connect(partial(self._choose, int(button.tile.id)))
                button.show()
        for button, tile in zip(self.buttons, tiles, strict=True):
            button.tile = tile
            button.update()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns where that makes the tiles larger."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        count, px = len(self.buttons), look().px
        if not count:
            return
        gap = px(GAP)
        # What the least tiles need depends on the width alone, so that sizes come to rest.
        most = min(max((self.width() + gap) // (px(LEAST) + gap), 1), count)
        above, rows = px(TITLE_GAP), math.ceil(count / most)
        top = above + self.title.sizeHint().height() + px(TITLE_GAP)
        least = px(LEAST) + name_height(self._lines(px(LEAST)))
        self.setMinimumHeight(top + rows * least + (rows - 1) * gap)
        height = self.height() - top
        columns, side = columns_for(self.width(), height, count)
        lines = self._lines(side)
        if lines > 1:
            columns, side = columns_for(self.width(), height, count, lines)
        self.title.setGeometry(0, above, self.width(), self.title.sizeHint().height())
        for number, button in enumerate(self.buttons):
            row, column = divmod(number, columns)
            button.lines, whole = lines, side + name_height(lines)
            x, y = column * (side + gap), top + row * (whole + gap)
            button.setGeometry(x, y, side, whole)

    def _lines(self, side: int) -> int:
        """Lines that the names need below pictures of this width: two at most."""
        widths = (text_width(b.tile.name, NAME_SIZE, MEDIUM) for b in self.buttons)
        return 2 if max(widths) > side else 1

    def _choose(self, number: int) -> None:
        self.chosen.emit(number)


def columns_for(width: int, height: int, count: int, lines: int = 1) -> tuple[int, int]:
    """How many tiles stand beside each other, and the side of their pictures.

    Args:
        width: the room in pixels.
        height: the same.
        count: tiles there are.
        lines: of each name.

    Returns:
        Columns, and the side in pixels: the largest that fits, one pixel or more.
    """
    px = look().px
    gap = px(GAP)

    def side(columns: int) -> int:
        rows = math.ceil(count / columns)
        across = (width - (columns - 1) * gap) // columns
        down = (height - (rows - 1) * gap) // rows - name_height(lines)
        return min(across, down, px(MOST))

    best = max(range(1, count + 1), key=side)
    return best, max(side(best), 1)


def line_height() -> int:
    """Pixels of one line of a name."""
    return math.ceil(QFontMetricsF(look().font(NAME_SIZE, MEDIUM)).lineSpacing())


def name_height(lines: int) -> int:
    """Pixels below a picture that its name takes."""
    return lines * line_height() + look().px(NAME_GAP)
