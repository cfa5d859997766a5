"""A tile of the grid of results: the picture, and under it what it is and why it stands here."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.canvas.overlays import Pane
from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CARD, SEMIBOLD, look
from app.widgets.basics.painting import draw_text, rounded, text_width, wrap_text
from app.widgets.cards.card_delegate import paint_alike, paint_badge, paint_stack
from app.widgets.cards.card_model import alike_text

CAPTION: Final = 56
"""Height of the words under a tile's picture, before text scaling: three lines."""
RING: Final = 6
"""How far the ring stands away from picture and words."""
LEAST_BADGED: Final = 80
"""Width of the smallest picture that carries its rank inside."""


def draw_tile(
    painter: QPainter, picture: QRectF, caption: float, pane: Pane, *, active: bool
) -> None:
    """Draws what lies around the picture: ring and words.

    Args:
        painter: where.
        picture: place of the picture.
        caption: height of the words under it.
        pane: what is said of it.
        active: it is the chosen one.
    """
    t, px = look().tokens, look().px
    tile = picture.adjusted(-RING, -RING, RING, caption)
    if active:
        rounded(painter, tile, RADIUS_CARD, t.window if t.dark else t.raised, t.ring, 2)
    if pane.alike:
        paint_stack(painter, picture)
    dark = t.surround.lightnessF() < 0.45 or (active and t.dark)
    ink, quiet = (t.text, t.text2) if dark == t.dark else (QColor("#1A1A1A"), QColor("#333333"))
    if pane.dim:
        ink = quiet
    y, left, width = picture.bottom() + px(5), picture.left() + 1, picture.width() - 2
    weight = SEMIBOLD if active else MEDIUM
    lines = wrap_text(pane.text, 13, weight, width, 2 if pane.note else 3)
    for line in lines:
        y += _line(painter, left, y, width, line, ink, 13, weight)
    room = 3 - len(lines)
    if not pane.note or room < 1:
        return
    if pane.warn:
        side = px(14)
        height = QFontMetricsF(look().font(12)).lineSpacing()
        sign = t.warn if dark == t.dark else QColor("#7A4B00")
        paint_icon(painter, QRectF(left, y, side, height), "triangle-alert", sign, side)
        left, width, quiet = left + side + 5, width - side - 5, sign
    for line in wrap_text(pane.note, 12, MEDIUM, width, room):
        y += _line(painter, left, y, width, line, quiet, 12, MEDIUM)


def draw_tile_marks(painter: QPainter, picture: QRectF, pane: Pane, *, active: bool) -> None:
    """Draws what lies on the picture: its rank, and a veil over what is not finished."""
    t, px = look().tokens, look().px
    if pane.dim:
        veil = QColor(t.surround)
        veil.setAlpha(165)
        painter.fillRect(picture, veil)
        rounded(painter, picture, 0, None, t.edge)
    elif pane.rank:
        side = px(20)
        low = picture.width() < LEAST_BADGED
        top = picture.bottom() - 2 - px(18) if low else picture.top() + 5
        badge = QRectF(picture.left() + 5, top, side, px(18) if low else side)
        paint_badge(painter, badge, str(pane.rank), gold=active)
    if pane.alike:
        text = alike_text(pane.alike)
        plate = QRectF(0, 0, text_width(text, 11, SEMIBOLD) + px(12), px(20))
        plate.moveBottomRight(picture.bottomRight() - QPointF(5, 5))
        paint_alike(painter, plate, text)


def _line(
    painter: QPainter, x: float, y: float, width: float, text: str, ink: QColor, size: int,
    weight: QFont.Weight,
) -> float:  # fmt: skip
    height = QFontMetricsF(look().font(size, weight)).lineSpacing()
    draw_text(painter, QRectF(x, y, width, height), text, ink, size, weight)
    return height
