"""How a row of the history is drawn: lanes, thumbnail, typed diff, star and time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.theme.icons import device_ratio, paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, RADIUS_KEY, REGULAR, look
from app.widgets.basics.model_index import ModelIndex
from app.widgets.basics.painting import (
    draw_focus,
    draw_text,
    rounded,
    text_width,
    translate,
    wrap_text,
)
from app.widgets.cards.card_delegate import scaled
from app.widgets.history_graph.history_model import LANES_ROLE, ROW_ROLE
from app.widgets.history_graph.lanes import HistoryRow, Lanes
from app.widgets.prompt.diff import paint_diff

ROW_HEIGHT: Final = 46
DENSE_HEIGHT: Final = 41
DENSE_FROM: Final = 6
LANE: Final = 16


class HistoryDelegate(QStyledItemDelegate):
    """Paints lanes, thumbnail, typed diff, star and time.

    Attributes:
        thumbnail_of: the picture of an idea, given its id and the length of the longer side in
            device pixels; None while it is made. Asked only for rows in sight.
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.thumbnail_of: Callable[[str, float], QImage | None] = lambda idea_id, side: None

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """46 high, 41 when there are more than five rows."""
        del option
        dense = index.model().rowCount() >= DENSE_FROM
        return QSize(look().px(160), look().px(DENSE_HEIGHT if dense else ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paints one row."""
        row: HistoryRow = index.data(ROW_ROLE)
        lanes: Lanes = index.data(LANES_ROLE)
        state: QStyle.StateFlag = option.state
        model = index.model()
        widest = max((o.lane for o in model.lanes), default=0)  # type: ignore[attr-defined]
        aspect = max((o.aspect for o in model.rows), default=row.aspect)  # type: ignore[attr-defined]
        painter.save()
        paint_row(
            painter,
            QRectF(option.rect),
            row,
            lanes,
            widest,
            self.thumbnail_of,
            hover=bool(state & QStyle.StateFlag.State_MouseOver),
            focus=bool(state & QStyle.StateFlag.State_HasFocus),
            widest_aspect=aspect,
        )
        painter.restore()


def paint_row(
    painter: QPainter,
    rect: QRectF,
    row: HistoryRow,
    lanes: Lanes,
    widest: int,
    thumbnail_of: Callable[[str, float], QImage | None] = lambda idea_id, side: None,
    *,
    hover: bool = False,
    focus: bool = False,
    widest_aspect: float = 0.0,
) -> None:
    """Paints one row of the history.

    Args:
        painter: of the list.
        rect: the row.
        row: what it says.
        lanes: the lines beside it.
        widest: number of the last lane of the list.
        thumbnail_of: see `HistoryDelegate`.
        hover: the pointer is on it.
        focus: it has the keyboard's focus.
        widest_aspect: width by height of the widest thumbnail of the list, whose room all have, so
            that their names stand one below the other.
    """
    t, px = look().tokens, look().px
    plate = rect.adjusted(0, 1, 0, -1)
    if row.here:
        rounded(painter, plate, RADIUS_CONTROL, t.raised, t.edge if t.high_contrast else None)
    elif hover:
        rounded(painter, plate, RADIUS_CONTROL, t.hover)
    if focus:
        draw_focus(painter, plate, RADIUS_CONTROL)
    paint_lanes(painter, rect, row, lanes)
    x = rect.left() + px(LANE) * (widest + 1) + px(16)
    height = rect.height() - px(10)
    room = QRectF(x, rect.top() + px(5), px(62), height)
    room = _thumb(max(row.aspect, widest_aspect), room)
    thumb = _thumb(row.aspect, QRectF(room.left(), rect.top() + px(5), room.width(), height))
    image = thumbnail_of(row.id, max(thumb.width(), thumb.height()) * device_ratio(painter))
    if image is not None and not image.isNull():
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(thumb, scaled(image, thumb, painter))
    else:
        rounded(painter, thumb, RADIUS_KEY, t.hover)
    if row.here:
        rounded(painter, thumb.adjusted(-2, -2, 2, 2), RADIUS_KEY + 1, None, t.ring, 2)
    right = rect.right() - px(10)
    if row.folded:
        side = px(16)
        chevron = QRectF(right - side, rect.top(), side, rect.height())
        paint_icon(painter, chevron, "chevron-right", t.text2, side)
        right -= side + 6
    elif row.time:
        width = text_width(row.time, 12)
        draw_text(painter, QRectF(right - width, rect.top(), width + 1, rect.height()), row.time,
                  t.text3 if not row.here else t.text2, 12)  # fmt: skip
        right -= width + px(10)
    if row.starred:
        side = px(15)
        star = QRectF(right - side, rect.top(), side, rect.height())
        paint_icon(painter, star, "star", t.ring, side, filled=True)
        right -= side + 6
    left = room.right() + px(11)
    area = QRectF(left, rect.top(), max(right - left, 8), rect.height())
    if row.folded:
        words = translate("History", "{0}, {1} ideas").format(_short(row), row.folded)
        draw_text(painter, area, words, t.text2, 13)
    else:
        _paint_spans(painter, area, row)


def _paint_spans(painter: QPainter, area: QRectF, row: HistoryRow) -> None:
    """Paints what the idea changed on a line; free words that are longer than that on two."""
    ink = look().tokens.text if row.on_trail else look().tokens.text2
    weight = MEDIUM if row.here else REGULAR
    text = row.spans[0].text if [span.kind for span in row.spans] == ["plain"] else ""
    if text_width(text, 13, weight) <= area.width():
        paint_diff(painter, area, row.spans, ink=ink, weight=weight)
        return
    height = QFontMetricsF(look().font(13, weight)).height()
    lines = wrap_text(text, 13, weight, area.width(), 2)
    top = area.center().y() - height * len(lines) / 2
    for number, line in enumerate(lines):
        place = QRectF(area.left(), top + number * height, area.width(), height)
        draw_text(painter, place, line, ink, 13, weight)


def _short(row: HistoryRow) -> str:
    if row.name:
        return row.name
    words = next((s.other or s.text for s in row.spans), "")
    return words[:1].upper() + words[1:]


def _thumb(aspect: float, room: QRectF) -> QRectF:
    """Returns the place of a whole thumbnail of this width by height, left in `room`."""
    height = min(room.height(), room.width() / aspect)
    width = height * aspect
    top = room.top() + (room.height() - height) / 2
    return QRectF(round(room.left()), round(top), round(width), round(height))


def paint_lanes(painter: QPainter, rect: QRectF, row: HistoryRow, lanes: Lanes) -> None:
    """Paints the graph beside a row: white thick trail, thin grey branches, dots."""
    t, lane = look().tokens, look().px(LANE)

    def middle(number: int) -> float:
        return rect.left() + lane * (number + 0.5) + 4

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    thin = QPen(t.text3 if t.dark else t.edge, 1.3)
    thick = QPen(t.text, 2.2)
    thick.setCapStyle(Qt.PenCapStyle.FlatCap)
    x, y = middle(lanes.lane), rect.center().y()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number in lanes.through:
        trail = number == 0 and lanes.trail_up and lanes.trail_down
        painter.setPen(thick if trail else thin)
        at = middle(number)
        painter.drawLine(QPointF(at, rect.top()), QPointF(at, rect.bottom()))
    if lanes.bend >= 0:
        start = middle(lanes.bend)
        path = QPainterPath(QPointF(start, rect.top()))
        path.cubicTo(start, y - 2, start + 2, y, x - 4, y)
        painter.setPen(thin)
        painter.drawPath(path)
        if lanes.bend not in lanes.through and lanes.bend == 0 and lanes.trail_up:
            painter.setPen(thick)
            painter.drawLine(QPointF(start, rect.top()), QPointF(start, rect.bottom()))
    mine = lanes.lane == 0
    if lanes.up:
        painter.setPen(thick if mine and lanes.trail_up else thin)
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, y - 3))
    if lanes.down:
        painter.setPen(thick if mine and lanes.trail_down else thin)
        painter.drawLine(QPointF(x, y + 3), QPointF(x, rect.bottom()))
    ground = t.raised if row.here else t.panel
    if row.here:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.ring)
        painter.drawEllipse(QPointF(x, y), 5.5, 5.5)
    elif row.on_trail:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.text)
        painter.drawEllipse(QPointF(x, y), 4, 4)
    else:
        painter.setPen(QPen(QColor(t.text2), 1.6))
        painter.setBrush(ground)
        painter.drawEllipse(QPointF(x, y), 4, 4)
