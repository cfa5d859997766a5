"""How the card of a document is drawn: its whole picture on the surround, name, ideas and time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_KEY, SEMIBOLD, look
from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import draw_focus, draw_text, rounded
from app.widgets.cards.card_delegate import scaled
from app.widgets.home.document_cards import DOCUMENT_ROLE, DocumentCard

GAP: Final = 18
"""Between two cards."""
RATIO: Final = 124 / 206
"""Height of the picture's place over its width."""


class DocumentDelegate(QStyledItemDelegate):
    """Paints cards from the theme's tokens.

    Attributes:
        width: of one card with the gap behind it.
        thumbnail_of: the picture of a card in sight, None while it is not there.
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.width = 224
        self.thumbnail_of: Callable[[DocumentCard], QImage | None] = lambda card: None

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """All are of one size."""
        del option, index
        return self.card_size()

    def card_size(self) -> QSize:
        """Picture, two lines, and the gap to the next."""
        picture = round((self.width - GAP) * RATIO)
        return QSize(self.width, picture + look().px(8) + round(2 * _line()) + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paints one card."""
        card = index.data(DOCUMENT_ROLE)
        if not isinstance(card, DocumentCard):
            return
        painter.save()
        state: QStyle.StateFlag = option.state
        rect = QRectF(option.rect).adjusted(0, 0, -GAP, -GAP)
        place = QRectF(rect.left(), rect.top(), rect.width(), round(rect.width() * RATIO))
        _paint_picture(painter, place, card, self.thumbnail_of(card))
        if state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, place, RADIUS_KEY, None, look().tokens.text, 2)
        if state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, place, RADIUS_KEY)
        _paint_words(painter, rect, place.bottom() + look().px(8), card)
        painter.restore()


def _line() -> float:
    return QFontMetricsF(look().font(13, SEMIBOLD)).lineSpacing()


def _paint_picture(
    painter: QPainter, place: QRectF, card: DocumentCard, image: QImage | None
) -> None:
    t = look().tokens
    rounded(painter, place, RADIUS_KEY, t.surround, t.edge if t.high_contrast else t.line)
    inner = place.adjusted(1, 1, -1, -1)
    if image is None or image.isNull():
        side = look().px(22)
        name = "triangle-alert" if card.state == "damaged" else "image"
        paint_icon(painter, inner, name, t.text3, side)
        return
    factor = min(inner.width() / image.width(), inner.height() / image.height())
    box = QRectF(0, 0, image.width() * factor, image.height() * factor)
    box.moveCenter(inner.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(1.0 if card.state == "whole" else 0.4)
    painter.drawImage(box, scaled(image, box, painter))
    painter.setOpacity(1.0)


def _paint_words(painter: QPainter, rect: QRectF, top: float, card: DocumentCard) -> None:
    t, line = look().tokens, _line()
    star = look().px(13) if card.pinned else 0
    first = QRectF(rect.left(), top, rect.width() - (star + 6 if star else 0), line)
    font = QFontMetricsF(look().font(13, SEMIBOLD))
    # Names are the one text that may be cut, in the middle: begin and end tell them apart.
    name = font.elidedText(card.name, Qt.TextElideMode.ElideMiddle, first.width())
    draw_text(painter, first, name, t.text, 13, SEMIBOLD)
    if star:
        box = QRectF(rect.right() - star, top, star, line)
        paint_icon(painter, box, "star", t.ring, star, filled=True)
    second = QRectF(rect.left(), top + line, rect.width(), line)
    ink = t.text2 if card.state == "whole" else t.warn
    x = second.left() + draw_text(painter, second, card.detail, ink, 12)
    if card.link:
        area = QRectF(x + 8, second.top(), max(second.right() - x - 8, 1), line)
        width = draw_text(painter, area, card.link, t.text, 12, MEDIUM)
        y = round(area.center().y() + look().px(7)) + 0.5
        painter.setPen(QPen(t.edge, 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + width, y))
