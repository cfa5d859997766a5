"""What is drawn over and beside the picture: wipe line, cross-hair, strips, keys, heat map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QTransform

from app.canvas.display_pixels import Array8
from app.canvas.filtered_tiles import FilteredTiles
from app.canvas.provider import TileProvider
from app.theme.theme import MEDIUM, SEMIBOLD, look
from app.widgets.basics.painting import (
    blend,
    draw_key_cap,
    draw_text,
    key_cap_width,
    rounded,
    text_width,
)
from app.widgets.cards.card_delegate import paint_badge
from editor.model.selection import Coverage

STRIP: Final = 38
MASK: Final = QColor("#FF3B30")
"""The mask's colour (Q), at half strength over what is not selected."""
# Grey over brown to pale gold: brightness alone orders it, with any colour vision.
_HEAT: Final = ((0.0, (84, 84, 84)), (0.3, (122, 92, 48)), (0.7, (230, 180, 80)),
                (1.0, (255, 240, 190)))  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def picture_name(size: tuple[int, int] | None, caption: str) -> str:
    """What screen readers say of a canvas; `size` of its picture, None without one."""
    if size is None:
        return _tr("No picture is open")
    name = _tr("Picture, {0} by {1}").format(*size)
    return ", ".join(filter(None, [name, _tr("caption {0}").format(caption) if caption else ""]))


@dataclass(frozen=True, eq=False)
class Pane:
    """One of several pictures beside each other.

    Attributes:
        id: handed out when it is chosen.
        provider: its pixels; all panes of a view have the same shape.
        rank: number on the badge, 0 for none.
        text: its reason or name.
        key: key that acts on it.
        hint: what the key does.
        note: said under the text, in the grid.
        warn: the note is a warning.
        dim: there is no result: the picture is the source, and the note says why.
        alike: how many results are shown as this one, itself counted; 0 for one alone.
    """

    id: str
    provider: TileProvider
    rank: int = 0
    text: str = ""
    key: str = ""
    hint: str = ""
    note: str = ""
    warn: bool = False
    dim: bool = False
    alike: int = 0


def draw_strip(painter: QPainter, rect: QRectF, pane: Pane, *, active: bool) -> None:
    """Draws the line under a pane: badge, reason, key."""
    t, px = look().tokens, look().px
    painter.fillRect(rect, t.panel)
    x = rect.left() + 8
    if pane.rank:
        side = px(20)
        badge = QRectF(x, round(rect.center().y() - side / 2), side, side)
        paint_badge(painter, badge, str(pane.rank), gold=active)
        x += side + 10
    right = rect.right() - 12
    if pane.hint:
        width = text_width(pane.hint, 12)
        if right - width - x > px(120):
            box = QRectF(right - width, rect.top(), width + 1, rect.height())
            draw_text(painter, box, pane.hint, t.text2, 12)
            right -= width + 8
        if pane.key:
            right -= key_cap_width(pane.key)
            border = blend(t.panel, t.text2, 0.5)
            draw_key_cap(painter, right, rect.center().y(), pane.key, t.text2, border)
            right -= 10
    box = QRectF(x, rect.top(), max(right - x, 8), rect.height())
    draw_text(painter, box, pane.text, t.text, 13, SEMIBOLD if active else MEDIUM)


def draw_ring(painter: QPainter, rect: QRectF, *, active: bool) -> None:
    """Draws the ring around a pane and its strip: gold for the active one, plain for its pair."""
    t = look().tokens
    ring = t.ring if active else t.text2
    rounded(painter, rect.adjusted(-2, -2, 2, 2), 4, None, ring, 2)


def draw_crosshair(painter: QPainter, at: QPointF) -> None:
    """Draws a small cross, white on black, with an open middle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    x, y = round(at.x()), round(at.y())
    for color, width in ((QColor(0, 0, 0, 190), 3), (QColor(255, 255, 255), 1)):
        painter.setPen(QPen(color, width))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(x + 4 * dx, y + 4 * dy, x + 11 * dx, y + 11 * dy)
    painter.restore()


def draw_wipe(painter: QPainter, rect: QRectF, share: float, *, vertical: bool) -> None:
    """Draws the wipe's line with its handle; `vertical` wipes up and down."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if vertical:
        y = round(rect.top() + rect.height() * share) + 0.5
        line = (QPointF(rect.left(), y), QPointF(rect.right(), y))
        knob = QPointF(rect.center().x(), y)
    else:
        x = round(rect.left() + rect.width() * share) + 0.5
        line = (QPointF(x, rect.top()), QPointF(x, rect.bottom()))
        knob = QPointF(x, rect.center().y())
    for color, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.4)):
        painter.setPen(QPen(color, width))
        painter.drawLine(*line)
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1.5))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawEllipse(knob, 11, 11)
    painter.setPen(QPen(QColor(30, 30, 30), 1.6))
    for way in (-1, 1):
        tip, back, wing = 6.0 * way, 3.0 * way, 3.0
        a = (QPointF(back, -wing), QPointF(tip, 0), QPointF(back, wing))
        points = [knob + (QPointF(p.y(), p.x()) if vertical else p) for p in a]
        painter.drawPolyline(points)
    painter.restore()


def draw_brush(painter: QPainter, at: QPointF, radius: float, hardness: float) -> None:
    """Draws the brush's outline, white on black, with its hard core dotted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((QColor(0, 0, 0, 190), 3.0), (QColor(255, 255, 255), 1.4)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(at, max(radius, 1.5), max(radius, 1.5))
    if hardness < 0.95 and radius * hardness > 4:
        pen = QPen(QColor(255, 255, 255, 180), 1.0)
        pen.setDashPattern([2, 3])
        painter.setPen(pen)
        painter.drawEllipse(at, radius * hardness, radius * hardness)
    painter.restore()


def draw_edge_key(
    painter: QPainter, left: float, top: float, room: float, *, mask: bool = False
) -> None:
    """Draws the key of the edges, and of the mask, in the surround beside the picture."""
    it = look()
    rows = [
        ("line", _tr("True edge"), _tr("nothing changes past it")),
        ("dots", _tr("Full strength"), _tr("feather lies between")),
    ]
    if mask:
        rows.append(("mask", _tr("Mask (Q)"), _tr("red is left alone")))
    widest = max(text_width(text, 12) for _, *texts in rows for text in texts)
    if room < widest + it.px(24) + 34:
        return
    # The surround differs between themes: the ink is whichever of the two can be read on it.
    dark = it.tokens.surround.lightnessF() < 0.45
    ink = QColor("#EDEDED") if dark else QColor("#1A1A1A")
    quiet = QColor("#BDBDBD") if dark else QColor("#333333")
    painter.save()
    y = top
    for kind, title, note in rows:
        pen = QPen(ink, 1.6)
        if kind == "dots":
            pen.setDashPattern([2.0, 2.6])
        painter.setPen(pen)
        line = it.px(17)
        if kind == "mask":
            painter.fillRect(QRectF(left, y + 2, it.px(24), line - 4), blend(MASK, ink, 0.35))
        else:
            painter.drawLine(QPointF(left, y + line / 2), QPointF(left + it.px(24), y + line / 2))
        x = left + it.px(24) + 10
        draw_text(painter, QRectF(x, y, widest + 4, line), title, ink, 12, MEDIUM)
        draw_text(painter, QRectF(x, y + line, widest + 4, line), note, quiet, 12)
        y += 2 * line + 12
    painter.restore()


# -- changes -----------------------------------------------------------------------------------


def heat_image(change: NDArray[np.floating], *, opaque: float = 0.92, rise: float = 6) -> QImage:
    """Returns the heat map of values 0 … 1 at any size.

    Args:
        change: (h, w).
        opaque: how much the highest values cover, 0 … 1.
        rise: how much of it a value covers, times the value.
    """
    places = np.array([p for p, _ in _HEAT])
    colors = np.array([c for _, c in _HEAT], np.float64)
    value = np.clip(change.astype(np.float32), 0.0, 1.0)
    steps = np.linspace(0, 1, 256)
    table = np.stack([np.interp(steps, places, colors[:, k]) for k in range(3)], axis=1)
    alpha = np.clip(steps * rise, 0, opaque)
    full = np.concatenate([(table * alpha[:, None])[:, ::-1], alpha[:, None] * 255], axis=1)
    pixels = np.ascontiguousarray(np.round(full).astype(np.uint8)[(value * 255).astype(np.uint8)])
    height, width = value.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, kind).copy()


def draw_heat_key(painter: QPainter, rect: QRectF, largest: str, share: str) -> None:
    """Draws what the heat map says in words, and its scale: same … most changed."""
    t, px = look().tokens, look().px
    same, most = _tr("same"), _tr("most changed")
    right = rect.right() - text_width(most, 12)
    draw_text(painter, QRectF(right, rect.top(), rect.right() - right + 1, rect.height()),
              most, t.text2, 12)  # fmt: skip
    bar = QRectF(right - 10 - px(96), round(rect.center().y()) - px(4), px(96), px(8))
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for place, color in _HEAT:
        gradient.setColorAt(place, QColor(*color))
    painter.fillRect(bar, gradient)
    left = bar.left() - 10 - text_width(same, 12)
    draw_text(painter, QRectF(left, rect.top(), bar.left() - left, rect.height()),
              same, t.text2, 12)  # fmt: skip
    room = left - 16 - rect.left()
    first = text_width(largest, 13, SEMIBOLD)
    both = first + 14 + text_width(share, 13)
    line = rect if both <= room else QRectF(rect.left(), rect.top() + 2, room, rect.height() / 2)
    draw_text(painter, QRectF(rect.left(), line.top(), room, line.height()),
              largest, t.text, 13, SEMIBOLD)  # fmt: skip
    at = rect.left() + first + 14 if both <= room else rect.left()
    below = rect if both <= room else line.translated(0, rect.height() / 2 - 2)
    draw_text(painter, QRectF(at, below.top(), left - 16 - at, below.height()), share, t.text2, 13)


def draw_attention_key(painter: QPainter, rect: QRectF) -> None:
    """Draws the scale of a word's attention: little … much."""
    t, px = look().tokens, look().px
    rounded(painter, rect, 7, t.panel, t.line)
    inner = rect.adjusted(12, 0, -12, 0)
    little, much = _tr("little"), _tr("much")
    draw_text(painter, inner, little, t.text2, 12)
    right = text_width(much, 12)
    draw_text(painter, QRectF(inner.right() - right, inner.top(), right + 1, inner.height()),
              much, t.text2, 12)  # fmt: skip
    left = inner.left() + text_width(little, 12) + 10
    bar = QRectF(left, round(inner.center().y()) - px(4), inner.right() - right - 10 - left, px(8))
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for place, color in _HEAT:
        gradient.setColorAt(place, QColor(*color))
    painter.fillRect(bar, gradient)


def grey_tiles(provider: TileProvider) -> FilteredTiles:
    """A picture in greys, under the heat map; a third darker, so that the heat stands out."""

    def in_greys(image: QImage, level: int, col: int, row: int) -> QImage:
        grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
        grey = grey.convertToFormat(QImage.Format.Format_RGB32)
        painter = QPainter(grey)
        painter.fillRect(grey.rect(), QColor(0, 0, 0, 90))
        painter.end()
        return grey

    return FilteredTiles(provider, in_greys)


# -- coverage as colour ------------------------------------------------------------------------


def coverage_image(coverage: Coverage, color: QColor) -> QImage:
    """Returns coverage as a colour at half strength."""
    share = coverage.astype(np.uint16)[:, :, None]
    bgr = np.array([color.blue(), color.green(), color.red()], np.uint16)
    pixels: Array8 = np.empty((*coverage.shape, 4), np.uint8)
    pixels[:, :, :3] = (share * bgr // 2 // 255).astype(np.uint8)
    pixels[:, :, 3] = coverage // 2
    height, width = coverage.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, kind).copy()


def draw_over(
    painter: QPainter, image: QImage, place: QRectF, to_view: QTransform, *, smooth: bool
) -> None:
    """Draws an image over the picture pixels `place`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.setTransform(to_view, True)
    painter.drawImage(place, image)
    painter.restore()


def visible_pixels(to_view: QTransform, area: QRectF, size: tuple[int, int], grow: float) -> QRect:
    """Returns the picture pixels in `area`, with `grow` of its size around."""
    back, _ = to_view.inverted()
    visible = back.mapRect(area)
    dx, dy = visible.width() * grow, visible.height() * grow
    return visible.adjusted(-dx, -dy, dx, dy).toAlignedRect().intersected(QRect(0, 0, *size))
