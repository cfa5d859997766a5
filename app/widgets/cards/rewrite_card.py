"""A rewritten prompt as a card: its picture, what it keeps, adds and loses, three bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.theme import RADIUS_CARD, RADIUS_KEY, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.painting import rounded, set_focus_radius, text_width
from app.widgets.cards.card_delegate import paint_badge, scaled
from app.widgets.cards.score_bars import ScoreData, paint_named_bar, spoken_score
from app.widgets.prompt.diff import DiffSpan, diff_lines, diff_spoken, paint_wrapped_diff

SIDE: Final = 84
_PAD: Final = 8
_SHORTEST_BAR: Final = 24


@dataclass(frozen=True, eq=False)
class RewriteData:
    """What a card shows.

    Attributes:
        number: place in the list, from 1.
        spans: the prompt, with what it adds and loses.
        bars: from what was measured.
        below: it does not pass the gate.
        pictured: there is a picture, or one is on its way.
        thumbnail: the picture; None before it is there.
    """

    number: int
    spans: Sequence[DiffSpan]
    bars: Sequence[ScoreData] = ()
    below: bool = False
    pictured: bool = True
    thumbnail: QImage | None = None


class RewriteCard(Button):
    """One of the rewritten prompts; the whole prompt is shown, however long it is.

    Signals:
        stepped(int): ↑ or ↓: to the card before (−1) or after (+1).
        menu_asked(QPoint): right click or the Menu key; a global point.
    """

    stepped = Signal(int)
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = RewriteData(1, ())
        self._chosen = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        set_focus_radius(self, RADIUS_CARD)

    def show_rewrite(self, data: RewriteData, *, chosen: bool) -> None:
        """Shows a prompt; `chosen` where it is the one on the canvas."""
        self._data, self._chosen = data, chosen
        figures = ", ".join(spoken_score(bar) for bar in data.bars if bar.value is not None)
        words = self.tr("Rewrite {0}").format(data.number)
        spoken = diff_spoken(data.spans).replace(",,", ",")
        name = ", ".join(filter(None, [words, spoken, figures]))
        self.setObjectName(f"rewrite-{data.number}")
        self.setAccessibleName(name)
        self.setToolTip("\n".join(f"{bar.name}: {bar.detail}" for bar in data.bars if bar.detail))
        self.updateGeometry()
        self.update()

    # --- size -----------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """The prompt wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Returns the height of the picture or of the words, whichever is higher."""
        text = self._text_width(width)
        words = diff_lines(self._data.spans, text) * _line_height()
        rows = self._bar_rows(width - 2 * _PAD)
        bars = len(rows) * _bar_height() + (look().px(4) if rows else 0)
        picture = look().px(SIDE) if self._data.pictured else 0
        return round(max(words, picture) + bars) + 2 * _PAD

    def sizeHint(self) -> QSize:
        """As high as its words are in the width it has."""
        width = look().px(320)
        return QSize(width, self.heightForWidth(self.width() or width))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but readable."""
        return QSize(look().px(160), self.heightForWidth(max(self.width(), look().px(160))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Asks for the height that the new width needs."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _text_width(self, width: float) -> float:
        beside = look().px(SIDE) + look().px(10) if self._data.pictured else 0
        return width - 2 * _PAD - beside

    def _bar_rows(self, width: float) -> list[list[ScoreData]]:
        """Bars beside each other where all have room, else below each other."""
        bars = list(self._data.bars)
        needed = max((text_width(bar.name, 12) for bar in bars), default=0.0)
        room = width / max(len(bars), 1) - look().px(8) - look().px(10)
        if not bars or needed + look().px(_SHORTEST_BAR) <= room:
            return [bars] if bars else []
        return [[bar] for bar in bars]

    # --- input ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the other cards; Enter is the window's, which keeps what is looked at."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Opens the menu at the pointer, or under the card for the Menu key."""
        mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.menu_asked.emit(
            event.globalPos() if mouse else self.mapToGlobal(self.rect().bottomLeft())
        )

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the card."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        data, rect = self._data, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._chosen or self.underMouse() or t.high_contrast:
            fill = t.raised if self._chosen else t.hover if self.underMouse() else None
            border = t.ring if self._chosen else t.line if t.high_contrast else None
            rounded(painter, rect, RADIUS_CARD, fill, border, 2)
        inner = rect.adjusted(_PAD - 1, _PAD - 1, 1 - _PAD, 1 - _PAD)
        rows = self._bar_rows(inner.width())
        foot = len(rows) * _bar_height()
        words = inner.adjusted(0, 0, 0, -(foot + look().px(4)) if rows else 0)
        if data.pictured:
            self._paint_picture(painter, QRectF(inner.left(), inner.top(), *2 * [look().px(SIDE)]))
            words.setLeft(inner.left() + look().px(SIDE) + look().px(10))
        lines = diff_lines(data.spans, words.width())
        words.setHeight(lines * _line_height())
        ink = t.text2 if data.below else t.text
        paint_wrapped_diff(painter, words, data.spans, lines=lines, ink=ink)
        self._paint_bars(painter, QRectF(inner).adjusted(0, inner.height() - foot, 0, 0), rows)

    def _paint_picture(self, painter: QPainter, place: QRectF) -> None:
        data, image = self._data, self._data.thumbnail
        if image is None or image.isNull():
            rounded(painter, place, RADIUS_KEY, look().tokens.hover)
        else:
            shown = QSize(image.size()).scaled(
                place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            place = QRectF(place.left(), place.top(), shown.width(), shown.height())
            painter.setOpacity(0.5 if data.below else 1.0)
            painter.drawImage(place, scaled(image, place, painter))
            painter.setOpacity(1.0)
        side = look().px(20)
        badge = QRectF(place.left() + 5, place.top() + 5, side, side)
        paint_badge(painter, badge, str(data.number), gold=data.number == 1 and not data.below)

    def _paint_bars(self, painter: QPainter, foot: QRectF, rows: list[list[ScoreData]]) -> None:
        for number, row in enumerate(rows):
            width = foot.width() / len(row)
            for place, bar in enumerate(row):
                label = text_width(bar.name, 12)
                if len(row) == 1:
                    label = max(text_width(one.name, 12) for one in self._data.bars)
                box = QRectF(
                    foot.left() + place * width, foot.top() + number * _bar_height(),
                    width - look().px(10), _bar_height(),
                )  # fmt: skip
                paint_named_bar(painter, box, bar, label, dimmed=self._data.below)


def _line_height() -> float:
    return QFontMetricsF(look().font(13)).lineSpacing() + look().px(4)


def _bar_height() -> float:
    return QFontMetricsF(look().font(12)).height() + look().px(2)
