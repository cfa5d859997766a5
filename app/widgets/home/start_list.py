"""The ways to begin, one button each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import RADIUS_CARD, SEMIBOLD, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.key_caps import key_caps
from app.widgets.basics.labels import Sentence
from app.widgets.basics.painting import (
    blend,
    draw_key_cap,
    draw_text,
    key_cap_width,
    rounded,
    set_focus_radius,
    text_width,
)

PADDING: Final = 15
ICON: Final = 18
GAP: Final = 8


@dataclass(frozen=True)
class StartOption:
    """One way to begin: id of its action, icon, what it is called, what it takes."""

    id: str
    icon: str
    title: str
    text: str


class StartButton(Button):
    """Icon, two lines and the key."""

    def __init__(self, start: StartOption, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start = start
        self.setObjectName(f"start-{start.id}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.explain_action(start.title, start.id)
        set_focus_radius(self, RADIUS_CARD)

    def explain(self, name: str, key: str = "", why: str = "") -> None:
        """A screen reader also says what it takes."""
        super().explain(name, key, why)
        self.setAccessibleDescription(" ".join(filter(None, (self._start.text, key))))
        self.update()

    def sizeHint(self) -> QSize:
        """Both lines, and the key where there is room for it."""
        px = look().px
        words = max(text_width(self._start.title, 13, SEMIBOLD), text_width(self._start.text, 12))
        height = round(_line(13) + _line(12)) + px(20)
        return QSize(round(2 * px(PADDING) + px(ICON) + px(12) + words), max(height, px(56)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints box, icon, words and key."""
        del event
        t, painter, rect, px = look().tokens, QPainter(self), QRectF(self.rect()), look().px
        hot = self.underMouse() or self.isDown()
        edge = t.edge if t.high_contrast else (t.line if not t.dark else None)
        rounded(painter, rect, RADIUS_CARD, t.hover if hot else t.raised, edge)
        side = px(ICON)
        paint_icon(
            painter, QRectF(px(PADDING), 0, side, rect.height()), self._start.icon, t.text2, side
        )
        left = px(PADDING) + side + px(12)
        top = (rect.height() - _line(13) - _line(12)) / 2
        words = QRectF(left, top, rect.width() - left - px(PADDING), _line(13))
        width = draw_text(painter, words, self._start.title, t.text, 13, SEMIBOLD)
        below = words.translated(0, _line(13))
        below.setHeight(_line(12))
        width = max(width, draw_text(painter, below, self._start.text, t.text2, 12))
        key = key_caps().of(self._start.id)
        cap = key_cap_width(key)
        if key and left + width + 12 + cap <= rect.width() - px(PADDING):
            x = rect.right() - px(PADDING) - cap
            ground = t.hover if hot else t.raised
            border = blend(ground, t.text2, 0.42)
            draw_key_cap(painter, x, rect.center().y(), key, t.text2, border)


class StartList(QWidget):
    """The ways to begin, below each other or side by side.

    Signals:
        chosen(str): id of the action.
    """

    chosen = Signal(str)

    def __init__(
        self, starts: tuple[StartOption, ...], foot: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.buttons = {start.id: StartButton(start, self) for start in starts}
        self._foot = Sentence(foot, self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for action, button in self.buttons.items():
            button.clicked.connect(partial(self._choose, action))
        self._beside: bool | None = None
        self.set_beside(False)

    def set_beside(self, beside: bool) -> None:
        """Side by side, where there is no room for a column."""
        if beside == self._beside:
            return
        self._beside = beside
        while self._grid.takeAt(0) is not None:
            pass
        for number, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, *((0, number) if beside else (number, 0)))
        across = len(self.buttons) if beside else 1
        self._grid.addWidget(self._foot, len(self.buttons), 0, 1, across)

    def _choose(self, action: str) -> None:
        self.chosen.emit(action)


def _line(size: int) -> float:
    weight = SEMIBOLD if size == 13 else None
    font = look().font(size, weight) if weight is not None else look().font(size)
    return QFontMetricsF(font).lineSpacing()
