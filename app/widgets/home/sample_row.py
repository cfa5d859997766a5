"""Pictures to begin with that come with the program."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.empty_state import PictureTile, TileButton
from app.widgets.basics.labels import QuietLabel

LARGE, SMALL = 120, 46
"""Logical height of the tiles, where little else is there and where much is."""


class SampleRow(QWidget):
    """A row of tiles, as many as fit.

    Signals:
        chosen(int): number of the sample.
    """

    chosen = Signal(int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[PictureTile, ...] = ()
        self._large: bool | None = None
        self.title = QuietLabel(title, self, size=13, weight=SEMIBOLD)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)
        self._box.setContentsMargins(0, 8, 0, 0)
        self._box.addWidget(self.title)
        self._row = QHBoxLayout()
        self._row.setSpacing(9)
        self._box.addLayout(self._row, 1)
        self.buttons: list[TileButton] = []

    def set_samples(self, tiles: Sequence[PictureTile]) -> None:
        """Show these; their pictures may come later."""
        self._tiles = tuple(tiles)
        self._fill()

    def set_large(self, large: bool) -> None:
        """Large where there is little else to begin with."""
        if large != self._large:
            self._large = large
            way = QBoxLayout.Direction
            self._box.setDirection(way.TopToBottom if large else way.LeftToRight)
            self._box.setSpacing(8 if large else 28)
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        x = 0 if self._large else self.title.sizeHint().width() + self._box.spacing()
        for button in self.buttons:
            x += button.sizeHint().width() + self._row.spacing()
            button.setVisible(x <= self.width() + self._row.spacing())

    def minimumSizeHint(self) -> QSize:
        """Tiles that do not fit go."""
        return QSize(look().px(100), super().minimumSizeHint().height())

    def _fill(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        for tile in self._tiles:
            button = TileButton(tile, LARGE if self._large else SMALL, self)
            button.clicked.connect(partial(self._choose, int(tile.id)))
            self._row.addWidget(button)
            self.buttons.append(button)
        self._row.addStretch(1)
        self.setVisible(bool(self._tiles))
        self._fit()

    def _choose(self, number: int) -> None:
        self.chosen.emit(number)
