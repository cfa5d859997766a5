"""How one idea of the map is drawn, and the lines between ideas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from app.theme.icons import device_ratio, paint_icon
from app.theme.theme import MEDIUM, RADIUS_KEY, RADIUS_PANEL, REGULAR, SEMIBOLD, look
from app.widgets.basics.painting import blend, draw_focus, draw_text, rounded, text_width, translate
from app.widgets.cards.card_delegate import scaled
from app.widgets.history_graph.idea_model import Idea
from app.widgets.prompt.diff import diff_width, paint_diff

DIMMED = 0.26
"""Strength of what does not match the search."""
RING = 3.0
"""From the card to the outside of the ring around it."""
FOCUS = 7.0
"""… of the focus ring, which has room for the gold one inside."""


@dataclass(frozen=True)
class Marks:
    """How a card is shown now.

    Attributes:
        words: there is room for words at this zoom.
        hover: the pointer is on it.
        hover_sheets: the pointer is on its sheets.
        focus: it has the focus.
        dim: it does not match the search.
        beside: there is room at its right for the words that say where the artist is.
    """

    words: bool = True
    hover: bool = False
    hover_sheets: bool = False
    focus: bool = False
    dim: bool = False
    beside: bool = False


def ground() -> QColor:
    """The map's ground: a grey on which every colour of a diff was measured."""
    t = look().tokens
    return t.field if t.dark else t.window


def label_height() -> float:
    """Room for the words under a card."""
    return QFontMetricsF(look().font(13)).height() + look().px(6)


def sheet_step(scale: float) -> float:
    """By how much each sheet peeks out."""
    return max(2.0, 4.0 * scale)


def sheets_rect(card: QRectF, idea: Idea, scale: float) -> QRectF:
    """Returns where a click means the sheets: larger than what is seen of them."""
    if not idea.sheets:
        return QRectF()
    grow = sheet_step(scale) * min(idea.sheets, 2)
    above = max(0.0, min(look().px(28) - grow - 6, card.height() * 0.25))
    return QRectF(card.left(), card.bottom() - above, card.width(), above + grow + 6)


def edge_path(parent: QRectF, child: QRectF) -> QPainterPath:
    """Returns the curve from a card to one made from it."""
    start = QPointF(parent.right() + 1, parent.center().y())
    end = QPointF(child.left() - 1, child.center().y())
    half = (end.x() - start.x()) / 2
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(half, 0), end - QPointF(half, 0), end)
    return path


def edge_pen(trail: bool, dim: bool, scale: float) -> QPen:
    """Returns white and thick for the trail, thin and grey for the others."""
    t = look().tokens
    width = min(max(scale, 0.6), 1.4)
    ink = t.text if trail else blend(ground(), t.text3, 0.8)
    if dim:
        ink = blend(ground(), ink, 0.45)
    pen = QPen(ink, (2.4 if trail else 1.3) * width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_idea(
    painter: QPainter,
    card: QRectF,
    room: float,
    idea: Idea,
    image: QImage | None,
    scale: float,
    marks: Marks,
) -> None:
    """Paints sheets, picture, rings, star and words.

    Args:
        painter: where.
        card: the card, on whole pixels.
        room: width for the words.
        idea: what.
        image: its thumbnail, None while it is made.
        scale: size of the card against 152 × 86, for what grows with it.
        marks: how it is shown now.
    """
    strength = DIMMED if marks.dim and not marks.focus else 1.0
    painter.setOpacity(strength)
    _paint_sheets(painter, card, idea, scale, marks.hover_sheets)
    _paint_picture(painter, card, idea, image)
    row = idea.row
    t, px = look().tokens, look().px
    if row.here:
        ring = card.adjusted(-RING, -RING, RING, RING)
        rounded(painter, ring, RADIUS_KEY + 2, None, t.ring, 2)
    elif marks.hover:
        rounded(painter, card.adjusted(-2, -2, 2, 2), RADIUS_KEY + 1, None, t.edge, 1)
    if marks.focus:
        around = card.adjusted(-FOCUS, -FOCUS, FOCUS, FOCUS)
        draw_focus(painter, around, RADIUS_KEY + FOCUS - 1)
    if row.starred:
        side = min(px(22), max(px(14), card.height() * 0.5))
        plate = QRectF(card.right() - side - 3, card.top() + 3, side, side)
        rounded(painter, plate, 5, t.window, t.edge if t.high_contrast else None)
        paint_icon(painter, plate, "star", t.ring, round(side * 0.68), filled=True)
    # Words that do not match are quiet but stay readable.
    painter.setOpacity(0.6 if marks.dim and not marks.focus else 1.0)
    if row.here and (marks.words or (marks.beside and card.height() > 1.5 * label_height())):
        _paint_here(painter, card, beside=marks.beside)
    if marks.words:
        _paint_words(painter, card, room, idea, scale)
    painter.setOpacity(1.0)


def _paint_sheets(painter: QPainter, card: QRectF, idea: Idea, scale: float, hover: bool) -> None:
    t, step = look().tokens, sheet_step(scale)
    border = blend(ground(), t.edge, 1.0 if t.high_contrast or hover else 0.62)
    fill = t.hover if hover else t.raised
    painter.save()
    # Only what peeks out: a dimmed card lets through what is under it.
    painter.setClipRect(QRectF(card.left(), card.bottom(), card.width(), 3 * step))
    for number in range(min(idea.sheets, 2), 0, -1):
        inset = (3 + 5 * number) * max(scale, 0.4)
        sheet = card.adjusted(inset, card.height() / 2, -inset, step * number)
        rounded(painter, sheet, RADIUS_KEY, fill, border)
    painter.restore()


def _paint_picture(painter: QPainter, card: QRectF, idea: Idea, image: QImage | None) -> None:
    t = look().tokens
    size = (image.width(), image.height()) if image is not None else (idea.row.aspect, 1.0)
    factor = min(card.width() / size[0], card.height() / size[1])
    width, height = round(size[0] * factor), round(size[1] * factor)
    # The whole picture, never cropped; what it leaves free of the card is the card's grey.
    place = QRectF(
        round(card.center().x() - width / 2), round(card.center().y() - height / 2), width, height
    )
    full = width >= card.width() - 2 and height >= card.height() - 2
    if image is None or not full:
        fill = t.raised if t.dark else t.panel
        rounded(painter, card, RADIUS_KEY, fill, t.edge if t.high_contrast else t.line)
    if image is None or image.isNull():
        rounded(painter, place.adjusted(1, 1, -1, -1), RADIUS_KEY, t.hover)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = card if full else place
    # Up to this much larger, drawing smooths well enough; scaling copies would be slower.
    near = image.width() <= 1.7 * place.width() * device_ratio(painter)
    painter.drawImage(place, image if near else scaled(image, place, painter))


def _paint_words(painter: QPainter, card: QRectF, room: float, idea: Idea, scale: float) -> None:
    t, row = look().tokens, idea.row
    below = card.bottom() + sheet_step(scale) * min(idea.sheets, 2) + 3
    line = QRectF(card.left() + 1, below, room, label_height())
    if row.name:
        _paint_tag(painter, line, row.name, bold=row.here)
        return
    ink = t.text if row.on_trail else t.text2
    weight = SEMIBOLD if row.here else MEDIUM if row.on_trail else REGULAR
    opacity = painter.opacity()
    painter.setOpacity(1.0)
    # Words wider than the card may lie over a line that leaves it; a gap in it keeps them clear.
    width = min(diff_width(row.spans, 13, weight), room)
    painter.fillRect(line.adjusted(0, 2, width - room + 3, -2), ground())
    painter.setOpacity(opacity)
    paint_diff(painter, line, row.spans, ink=ink, weight=weight)


def here_place(card: QRectF, *, beside: bool) -> QRectF:
    """Returns where the words stand that say where the artist is: beside the card or above it."""
    high, wide = label_height(), text_width(_here_text(), 12, SEMIBOLD) + 1
    if beside:
        return QRectF(card.right() + 12, card.center().y() - high / 2, wide, high)
    return QRectF(card.left() + 1, card.top() - high - RING, wide, high)


def _here_text() -> str:
    return translate("Map", "You are here")


def _paint_here(painter: QPainter, card: QRectF, *, beside: bool) -> None:
    ink = look().tokens.text if look().tokens.high_contrast else _gold()
    draw_text(painter, here_place(card, beside=beside), _here_text(), ink, 12, SEMIBOLD)


def _gold() -> QColor:
    """Gold that can be read as words: on light grounds the ring's gold is too pale."""
    t = look().tokens
    return t.ring if t.dark else t.warn


def _paint_tag(painter: QPainter, line: QRectF, name: str, *, bold: bool) -> None:
    """Paints the artist's own name as a tag."""
    t, px = look().tokens, look().px
    side, pad = px(13), px(7)
    width = min(text_width(name, 12, SEMIBOLD) + side + 5 + 2 * pad + 1, line.width())
    box = QRectF(line.left(), line.top() + 1, width, line.height() - 1)
    border = t.edge if t.high_contrast else (t.line if t.dark else t.edge)
    rounded(painter, box, min(RADIUS_PANEL / 2, box.height() / 2), t.raised, border)
    icon = QRectF(box.left() + pad, box.top(), side, box.height())
    paint_icon(painter, icon, "git-branch", t.text2, side)
    text = QRectF(icon.right() + 5, box.top(), box.right() - pad - icon.right() - 5, box.height())
    draw_text(painter, text, name, t.text, 12, SEMIBOLD if bold else MEDIUM)
