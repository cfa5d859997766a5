"""How result cards are drawn: thumbnail, rank, reason, three bars."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.runtime.byte_cache import ByteCache
from app.theme.icons import device_ratio, paint_icon
from app.theme.theme import MEDIUM, RADIUS_CARD, RADIUS_KEY, SEMIBOLD, look
from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import (
    blend,
    draw_focus,
    draw_text,
    rounded,
    text_width,
    translate,
    wrap_text,
)
from app.widgets.cards.card_model import CARD_ROLE, CardData, CardHeader, CardModel
from app.widgets.cards.score_bars import paint_named_bar

CARD_HEIGHT: Final = 98
THUMB_WIDTH: Final = 148
THUMB_HEIGHT: Final = 82


class CardDelegate(QStyledItemDelegate):
    """Paints cards and header lines from the theme's tokens."""

    def __init__(self, model: CardModel, parent: Any = None) -> None:
        super().__init__(parent)
        self._model = model
        self.offsets: dict[str, float] = {}  # where a card still is on its way to its place
        self.stacked_in = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """98 high, whatever the words; more only where the type needs it.

        With `stacked_in`, the width of the list, cards stand in pairs, picture above words.
        """
        del option
        item, width = index.data(CARD_ROLE), self.stacked_in
        if isinstance(item, CardHeader):
            return QSize(width or 100, look().px(30))
        if width and isinstance(item, CardData):
            half = (width - 1) // 2  # a row exactly as wide as the list would wrap
            return QSize(half, stacked_height(half - 4, item) + 4)
        return QSize(look().px(200), card_height() + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paints one row."""
        item = index.data(CARD_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if isinstance(item, CardHeader):
            paint_card_header(painter, rect, item.text)
        elif isinstance(item, CardData):
            painter.translate(0, self.offsets.get(item.id, 0.0))
            state: QStyle.StateFlag = option.state
            ring = "chosen" if item.id == self._model.chosen else ""
            ring = "other" if item.id == self._model.other else ring
            paint_card(
                painter,
                rect.adjusted(2, 2, -2, -2) if self.stacked_in else rect.adjusted(0, 2, 0, -2),
                item,
                stacked=bool(self.stacked_in),
                ring=ring,
                hover=bool(state & QStyle.StateFlag.State_MouseOver),
                focus=bool(state & QStyle.StateFlag.State_HasFocus),
            )
        painter.restore()

    def alike_at(self, row: QRectF, card: CardData, at: QPointF) -> bool:
        """Whether a point of the list lies on the plate of a stack."""
        stacked = bool(self.stacked_in)
        rect = row.adjusted(2, 2, -2, -2) if stacked else row.adjusted(0, 2, 0, -2)
        return alike_plate(_parts(card, rect, stacked=stacked)[0], card).contains(at)


def alike_plate(thumb: QRectF, card: CardData) -> QRectF:
    """Where a card says how many are alike: at the foot of its picture, empty for one alone."""
    if not card.alike_text:
        return QRectF()
    height = look().px(20)
    width = min(text_width(card.alike_text, 11, SEMIBOLD) + look().px(12), thumb.width() - 10)
    return QRectF(
        round(thumb.right() - 5 - width), round(thumb.bottom() - 5 - height), width, height
    )


def paint_stack(painter: QPainter, picture: QRectF) -> None:
    """Paints the edges of two more pictures behind one."""
    t = look().tokens
    for far in (6.0, 3.0):
        rounded(painter, picture.translated(far, far), RADIUS_KEY, t.hover, t.edge)


def paint_alike(painter: QPainter, plate: QRectF, text: str) -> None:
    """Paints how many results lie there."""
    t = look().tokens
    rounded(painter, plate, RADIUS_KEY, _BADGE, t.edge if t.high_contrast else None)
    center = Qt.AlignmentFlag.AlignHCenter
    draw_text(painter, plate, text, BADGE_INK, 11, SEMIBOLD, center)


def card_height() -> int:
    """Returns the height of every card: room for two lines of reason and three bars."""
    it = look()
    line = QFontMetricsF(it.font(13, MEDIUM)).lineSpacing()
    return max(it.px(CARD_HEIGHT), round(2 * line + 3 * _bar_row() + 18))


def stacked_height(width: float, card: CardData) -> int:
    """Returns the height of a card whose picture stands above its words."""
    it = look()
    line = QFontMetricsF(it.font(13, MEDIUM)).lineSpacing()
    bars = len(card.scores) or 3
    return round(stacked_thumb_height(width, card.aspect) + 3 * line + bars * _bar_row() + 24)


def stacked_thumb_height(width: float, aspect: float) -> float:
    """Returns the height of the picture in such a card: never higher than wide."""
    return min((width - 16) / aspect, width - 16)


def _bar_row() -> float:
    return round(QFontMetricsF(look().font(12)).height()) + 0.0


def paint_card_header(painter: QPainter, rect: QRectF, text: str) -> None:
    """Paints the line above the cards below the bar."""
    t = look().tokens
    width = draw_text(painter, rect.adjusted(8, 0, -30, 0), text, t.text2, 12, MEDIUM)
    line = QRectF(rect.left() + 8 + width + 10, round(rect.center().y()), 0, 1)
    line.setRight(rect.right() - 8)
    painter.fillRect(line, t.line)


def thumb_rect(card: CardData, rect: QRectF) -> QRectF:
    """Returns where the whole picture lies in the card: as large as fits, never cropped."""
    height = min(look().px(THUMB_HEIGHT), rect.height() - 16)
    # In a narrow column the words need the room more: both lines of the reason must fit.
    share = 0.45 if rect.width() >= look().px(300) else 0.36
    most = min(look().px(THUMB_WIDTH), rect.width() * share)
    size = (card.aspect, 1.0)
    if card.thumbnail is not None and not card.thumbnail.isNull():
        size = (float(card.thumbnail.width()), float(card.thumbnail.height()))
    factor = min(most / size[0], height / size[1])
    width, tall = max(size[0] * factor, 24.0), max(size[1] * factor, 24.0)
    top = rect.top() + (rect.height() - tall) / 2
    return QRectF(rect.left() + 8, top, width, tall)


def paint_card(
    painter: QPainter,
    rect: QRectF,
    card: CardData,
    *,
    stacked: bool = False,
    ring: str = "",
    hover: bool = False,
    focus: bool = False,
) -> None:
    """Paints a card.

    Args:
        painter: where.
        rect: the whole card.
        card: what.
        stacked: the picture stands above the words, not beside them.
        ring: "chosen" (gold), "other" (plain: the second of two compared) or "".
        hover: the pointer is over it.
        focus: it has the keyboard focus.
    """
    t = look().tokens
    if ring or hover:
        fill = t.raised if ring or not t.dark else blend(t.panel, t.raised, 0.8)
        if hover and not ring and not t.dark:
            fill = t.hover
        border = {"chosen": t.ring, "other": t.text2}.get(ring)
        rounded(painter, rect, RADIUS_CARD, fill, border, 2)
    elif t.high_contrast:
        rounded(painter, rect, RADIUS_CARD, None, t.line)
    if focus:
        # Inside the gold ring, outside a bare card, so that both rings stay distinct.
        grow, radius = (-4, RADIUS_CARD - 4) if ring else (0, RADIUS_CARD)
        draw_focus(painter, rect.adjusted(-grow, -grow, grow, grow), radius)
    thumb, area = _parts(card, rect, stacked=stacked)
    _paint_thumb(painter, thumb, card)
    if card.state == "ready":
        _paint_ready(painter, area, card, chosen=ring == "chosen", from_top=stacked)
    elif card.state == "stopped":
        _paint_stopped(painter, area, card)
    else:
        _paint_forming(painter, area, card)


def _parts(card: CardData, rect: QRectF, *, stacked: bool) -> tuple[QRectF, QRectF]:
    """The places of picture and words."""
    if stacked:
        wide = rect.width() - 16
        tall = stacked_thumb_height(rect.width(), card.aspect)
        shown = min(wide, tall * card.aspect)
        thumb = QRectF(rect.left() + 8 + (wide - shown) / 2, rect.top() + 8, shown, tall)
        top = thumb.bottom() + 6
        return thumb, QRectF(rect.left() + 8, top, wide, rect.bottom() - 6 - top)
    thumb = thumb_rect(card, rect)
    left = thumb.right() + look().px(12)
    return thumb, QRectF(left, rect.top() + 7, rect.right() - 9 - left, rect.height() - 14)


def _paint_thumb(painter: QPainter, rect: QRectF, card: CardData) -> None:
    t = look().tokens
    stopped = card.state == "stopped"
    if card.alike and not card.fanned:
        paint_stack(painter, rect)
    if card.thumbnail is None or card.thumbnail.isNull():
        fill, edge = (None, t.edge) if stopped else (t.hover, t.edge if t.high_contrast else None)
        rounded(painter, rect, RADIUS_KEY, fill, edge)
    else:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(0.35 if stopped else 0.5 if card.dimmed else 1.0)
        painter.drawImage(rect, scaled(card.thumbnail, rect, painter))
        painter.restore()
    side = look().px(20)
    badge = QRectF(round(rect.left() + 5), round(rect.top() + 5), side, side)
    first = card.rank == 1 and not card.dimmed and card.state == "ready"
    paint_badge(painter, badge, str(card.rank), gold=first)
    if card.lock != "none":
        spot = QRectF(round(rect.left() + 5), round(rect.bottom() - 5 - side), side, side)
        exact = card.lock == "exact"
        name = "lock" if exact else "triangle-alert"
        color = QColor("#9CD6B4") if exact else QColor("#FFC46B")
        short = "" if exact else card.lock_short
        words = text_width(short, 11, SEMIBOLD) + 6 if short else 0.0
        plate = spot.adjusted(0, 0, words if words <= rect.width() - side - 8 else 0, 0)
        rounded(painter, plate, RADIUS_KEY, _BADGE, t.edge if t.high_contrast else None)
        paint_icon(painter, spot, name, color, look().px(13))
        if plate.width() > spot.width():
            box = plate.adjusted(side, 0, 0, 0)
            draw_text(painter, box, short, BADGE_INK, 11, SEMIBOLD)
    if card.alike:
        paint_alike(painter, alike_plate(rect, card), card.alike_text)
    if card.starred:
        spot = QRectF(round(rect.right() - 5 - side), round(rect.top() + 5), side, side)
        rounded(painter, spot, RADIUS_KEY, _BADGE)
        paint_icon(painter, spot, "star", QColor("#E6B450"), look().px(13), filled=True)


# Badges lie on pictures of any colour, so they are the same dark plate in every theme.
_BADGE: Final = QColor("#1E1E1E")
BADGE_INK: Final = QColor("#F2F2F2")


def paint_badge(painter: QPainter, rect: QRectF, text: str, *, gold: bool = False) -> None:
    """Paints a rank badge: the key to press."""
    t = look().tokens
    edge = t.edge if t.high_contrast and not gold else None
    rounded(painter, rect, RADIUS_KEY + 1, t.accent if gold else _BADGE, edge)
    ink = t.on_accent if gold else BADGE_INK
    draw_text(painter, rect, text, ink, 12, SEMIBOLD, Qt.AlignmentFlag.AlignHCenter)


_scaled = ByteCache[tuple[int, int, int], QImage](16 << 20, QImage.sizeInBytes)


def scaled(image: QImage, rect: QRectF, painter: QPainter) -> QImage:
    """Returns `image` reduced once for the device, as drawing large images small is slow."""
    ratio = device_ratio(painter)
    width, height = max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio))
    if image.width() <= width * 1.25:
        return image
    key = (image.cacheKey(), width, height)
    found = _scaled.get(key)
    if found is None:
        found = image.scaled(
            width,
            height,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        _scaled.put(key, found)
    return found


def _paint_ready(
    painter: QPainter, area: QRectF, card: CardData, *, chosen: bool, from_top: bool = False
) -> None:
    t = look().tokens
    ink = t.text2 if card.dimmed else t.text
    weight = SEMIBOLD if chosen else MEDIUM
    # What it was asked for comes first, then why it is here.
    size = 12 if card.action else 13
    actions = wrap_text(card.action, 13, weight, area.width(), 2)
    room = 3 - len(actions) if actions else 3
    lines = wrap_text(card.reason, size, MEDIUM if card.action else weight, area.width(), room)
    line = round(QFontMetricsF(look().font(13, weight)).lineSpacing()) + 0.0
    small = round(QFontMetricsF(look().font(12)).lineSpacing()) + 0.0
    texts = line * len(actions) + (small if card.action else line) * len(lines)
    texts += (small if card.method else 0) + 3
    # Cards keep their height: a third line of words pulls the bars together instead.
    row = min(_bar_row(), (area.height() - texts) / max(len(card.scores), 1))
    spare = max(area.height() - texts - row * len(card.scores), 0)
    y = area.top() + (0 if from_top else spare / 2)
    for text in actions:
        draw_text(painter, QRectF(area.left(), y, area.width(), line), text, ink, 13, weight)
        y += line
    if card.action:
        line, ink, weight = small, t.text2, MEDIUM
    for text in lines:
        draw_text(painter, QRectF(area.left(), y, area.width(), line), text, ink, size, weight)
        y += line
    if card.method:
        box = QRectF(area.left(), y, area.width(), small)
        draw_text(painter, box, card.method, t.text3, 12)
        y += small
    y += 3
    label = max((text_width(s.name, 12) for s in card.scores), default=0.0)
    for score in card.scores:
        box = QRectF(area.left(), y, area.width(), row)
        paint_named_bar(painter, box, score, label, dimmed=card.dimmed)
        y += row


def _paint_stopped(painter: QPainter, area: QRectF, card: CardData) -> None:
    """Says how far it got; nothing moves and nothing waits."""
    t = look().tokens
    line = QFontMetricsF(look().font(13, MEDIUM)).lineSpacing()
    lines = wrap_text(card.action, 13, MEDIUM, area.width(), 2)
    lines += wrap_text(card.reason, 13, MEDIUM, area.width(), 2)
    y = area.center().y() - line * len(lines) / 2
    for text in lines:
        draw_text(painter, QRectF(area.left(), y, area.width(), line), text, t.text2, 13, MEDIUM)
        y += line


def _paint_forming(painter: QPainter, area: QRectF, card: CardData) -> None:
    t = look().tokens
    words = card.reason or (
        translate("Card", "Waiting") if card.state == "waiting" else translate("Card", "Forming")
    )
    line = QFontMetricsF(look().font(13, MEDIUM)).lineSpacing()
    small = QFontMetricsF(look().font(12)).lineSpacing()
    gap, height = look().px(8), look().px(4)
    lines = wrap_text(card.action or words, 13, MEDIUM, area.width(), 2)
    y = area.center().y() - (line * len(lines) + small + 2 * gap + height) / 2
    for text in lines:
        draw_text(painter, QRectF(area.left(), y, area.width(), line), text, t.text2, 13, MEDIUM)
        y += line
    y += gap
    track = QRectF(area.left(), round(y), area.width(), height)
    rounded(painter, track, height / 2, t.hover)
    if card.state == "forming" and card.progress > 0:
        track.setWidth(max(track.width() * min(card.progress, 1.0), height))
        rounded(painter, track, height / 2, t.text2)
    y += height + gap
    draw_text(painter, QRectF(area.left(), y, area.width(), small), card.method, t.text2, 12)
