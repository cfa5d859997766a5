"""A picture of the ideas' sheet: number, picture, the sentence it comes from, its prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import RADIUS_CARD, RADIUS_KEY, SEMIBOLD, look
from app.widgets.basics.buttons import Button
from app.widgets.basics.painting import rounded, set_focus_radius
from app.widgets.cards.card_delegate import BADGE_INK, paint_badge, scaled
from app.widgets.prompt.diff import DiffSpan, diff_lines, diff_spoken, paint_wrapped_diff

_PAD: Final = 10
_SHARE: Final = 0.68
"""Height of the picture's place, as a share of the card's width."""


@dataclass(frozen=True, eq=False)
class SheetCardData:
    """What a card shows.

    Attributes:
        number: from 1.
        title: the sentence or the concept.
        spans: the prompt, with what it adds to the concept.
        thumbnail: the picture; None before it is there.
        state: what is said in its place until then.
        locked: it stays as it is.
    """

    number: int
    title: str
    spans: Sequence[DiffSpan]
    thumbnail: QImage | None = None
    state: str = ""
    locked: bool = False


class SheetCard(Button):
    """One picture of the sheet; a click chooses it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = SheetCardData(1, "", ())
        self._chosen = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        set_focus_radius(self, RADIUS_CARD)

    def show_cell(self, data: SheetCardData, *, chosen: bool) -> None:
        """Shows a picture; `chosen` rings it."""
        self._data, self._chosen = data, chosen
        self.setObjectName(f"sheet-card-{data.number}")
        number = self.tr("Picture {0}").format(data.number)
        locked = self.tr("locked") if data.locked else ""
        words = (number, data.title, diff_spoken(data.spans), data.state, locked)
        self.setAccessibleName(", ".join(filter(None, words)))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """The words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Returns the height of picture and words."""
        inner = width - 2 * _PAD
        return round(_SHARE * inner + self._words_height(inner)) + 2 * _PAD + look().px(8)

    def sizeHint(self) -> QSize:
        """As high as its words are in the width it has."""
        width = look().px(280)
        return QSize(width, self.heightForWidth(self.width() or width))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but to be seen."""
        width = look().px(150)
        return QSize(width, self.heightForWidth(max(self.width(), width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Asks for the height that the new width needs."""
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the card."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._chosen or self.underMouse() or t.high_contrast:
            fill = t.raised if self._chosen else t.hover if self.underMouse() else None
            border = t.ring if self._chosen else t.line if t.high_contrast else None
            rounded(painter, rect, RADIUS_CARD, fill, border, 2)
        inner = rect.adjusted(_PAD - 1, _PAD - 1, 1 - _PAD, 1 - _PAD)
        place = QRectF(inner.left(), inner.top(), inner.width(), round(_SHARE * inner.width()))
        self._paint_picture(painter, place)
        title = QRectF(inner.left(), place.bottom() + look().px(8), inner.width(), 0)
        title.setHeight(self._title_height(inner.width()))
        painter.setFont(look().font(13, SEMIBOLD))
        painter.setPen(t.text)
        painter.drawText(title, int(Qt.TextFlag.TextWordWrap), self._data.title)
        lines = diff_lines(self._data.spans, inner.width(), 12)
        if not lines:
            return
        words = QRectF(inner.left(), title.bottom(), inner.width(), lines * _line_height())
        paint_wrapped_diff(painter, words, self._data.spans, lines=lines, size=12, ink=t.text2)

    def _paint_picture(self, painter: QPainter, place: QRectF) -> None:
        t, image = look().tokens, self._data.thumbnail
        rounded(painter, place, RADIUS_KEY, t.hover, t.edge if t.high_contrast else None)
        if image is not None and not image.isNull():
            fitted = image.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            picture = QRectF(0, 0, fitted.width(), fitted.height())
            picture.moveCenter(place.center())
            picture.moveTo(QPoint(round(picture.left()), round(picture.top())).toPointF())
            painter.drawImage(picture, scaled(image, picture, painter))
        elif self._data.state:
            painter.setFont(look().font(13))
            painter.setPen(t.text2)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place.adjusted(_PAD, 0, -_PAD, 0), int(flags), self._data.state)
        side = look().px(20)
        badge = QRectF(place.left() + 6, place.top() + 6, side, side)
        paint_badge(painter, badge, str(self._data.number), gold=self._chosen)
        if self._data.locked:
            badge.moveRight(place.right() - 6)
            paint_badge(painter, badge, "")
            paint_icon(painter, badge, "lock", BADGE_INK, look().px(13))

    def _words_height(self, width: float) -> float:
        return self._title_height(width) + diff_lines(self._data.spans, width, 12) * _line_height()

    def _title_height(self, width: float) -> float:
        metrics = QFontMetrics(look().font(13, SEMIBOLD))
        flags = int(Qt.TextFlag.TextWordWrap)
        box = metrics.boundingRect(0, 0, max(int(width), 1), 10000, flags, self._data.title)
        return box.height() + look().px(4)


def _line_height() -> float:
    return QFontMetrics(look().font(12)).lineSpacing() + look().px(4)
