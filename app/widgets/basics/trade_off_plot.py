"""A plot of numbered points between two wishes, with the best possible line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.theme.theme import MEDIUM, RADIUS_CARD, SEMIBOLD, look
from app.widgets.basics.painting import draw_text, rounded, set_focus_radius, text_width

_HEIGHT = 190
_MARGIN = 26
_WORDS = 40
"""Room above and below the dots for the names of the axes, so that no dot lies on them."""
_LEAST_SPAN = 0.1
"""Results that differ by less lie close together: the plot does not blow up what nobody sees."""
_DOT = 10.0
_EDGE = 8.0
"""Words stay this far from the edge, before text scaling."""
_RING = 4.0
"""From a dot to the ring around the chosen one."""
_NEAR = 12.0
"""Dots whose middles are this close, before text scaling, are drawn as one."""


@dataclass(frozen=True)
class PlotPoint:
    """A point of the plot.

    Attributes:
        id: handed out when it is chosen.
        number: on the dot.
        x, y: larger is better.
        spoken: for tooltip and screen reader.
        hollow: it did not reach the bar.
    """

    id: str
    number: int
    x: float
    y: float
    spoken: str = ""
    hollow: bool = False


class TradeOffPlot(QWidget):
    """Points to click; arrows go through them in the order of their numbers.

    Signals:
        chosen(str): id of a point.
    """

    chosen = Signal(str)

    def __init__(self, across: str, up: str, parent: QWidget | None = None) -> None:
        """Args: `across` and `up` say what is more at the right and at the top."""
        super().__init__(parent)
        self._across, self._up = across, up
        self._points: tuple[PlotPoint, ...] = ()
        self._line: tuple[str, ...] = ()
        self._bars: tuple[float | None, float | None] = (None, None)
        self._current = self._hot = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_focus_radius(self, RADIUS_CARD)
        look().changed.connect(self.updateGeometry)

    @property
    def points(self) -> tuple[PlotPoint, ...]:
        """In the order of their numbers."""
        return self._points

    def set_points(
        self,
        points: Sequence[PlotPoint],
        line: Sequence[str] = (),
        bars: tuple[float | None, float | None] = (None, None),
    ) -> None:
        """Show points, the line through some of them by id, and where the bars are (x, y)."""
        self._points, self._line, self._bars = tuple(points), tuple(line), bars
        self._describe()
        self.update()

    def set_current(self, point_id: str) -> None:
        """Mark a point without telling anybody; "" for none."""
        if point_id != self._current:
            self._current = point_id
            self._describe()
            self.update()

    def _describe(self) -> None:
        self.setAccessibleName("; ".join(point.spoken for point in self._points))
        now = next((p.spoken for p in self._points if p.id == self._current), "")
        self.setAccessibleDescription(now)

    # --- places -----------------------------------------------------------------------------

    def place(self, point: PlotPoint) -> QPointF:
        """Middle of a point's dot."""
        return QPointF(self._x(point.x), self._y(point.y))

    def _x(self, value: float) -> float:
        area = self._area()
        low, high = _span([p.x for p in self._points])
        return area.left() + (value - low) / (high - low) * area.width()

    def _y(self, value: float) -> float:
        area = self._area()
        low, high = _span([p.y for p in self._points])
        return area.bottom() - (value - low) / (high - low) * area.height()

    def _area(self) -> QRectF:
        margin, words = look().px(_MARGIN), look().px(_WORDS)
        return QRectF(self.rect()).adjusted(margin, words, -margin, -words)

    def _groups(self) -> list[list[PlotPoint]]:
        """Points that lie on each other, the first by number in front."""
        groups: list[list[PlotPoint]] = []
        for point in self._points:
            at = self.place(point)
            near = look().px(_NEAR)
            for group in groups:
                away = self.place(group[0]) - at
                if away.x() ** 2 + away.y() ** 2 < near**2:
                    group.append(point)
                    break
            else:
                groups.append([point])
        return groups

    def _count_place(self, group: Sequence[PlotPoint]) -> QRectF:
        """Where the number of points on each other stands: before the dot at the right edge."""
        px, at = look().px, self.place(group[0])
        radius, width = px(_DOT), text_width(_count_text(group), 11, MEDIUM)
        away = radius + px(_RING) + 2
        left = at.x() + away
        if left + width > self.width() - px(_EDGE):
            left = at.x() - away - width
        return QRectF(left, at.y() - radius - px(8), width, px(16))

    def _at(self, where: QPointF) -> PlotPoint | None:
        """The point under the pointer; of several on each other the one after the current."""
        reach = look().px(_DOT + 4)
        for group in self._groups():
            away = self.place(group[0]) - where
            if away.x() ** 2 + away.y() ** 2 <= reach**2:
                ids = [point.id for point in group]
                after = (ids.index(self._current) + 1) % len(ids) if self._current in ids else 0
                return group[after]
        return None

    # --- pointer and keys -------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The figures of the point under the pointer."""
        point = self._at(event.position())
        hot = point.id if point is not None else ""
        if hot != self._hot:
            self._hot = hot
            self.update()
            text = point.spoken if point is not None else ""
            QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:
        """No point any more."""
        super().leaveEvent(event)
        self._hot = ""
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a point."""
        event.accept()
        point = self._at(event.position())
        if point is not None:
            self.chosen.emit(point.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through the points in the order of their numbers."""
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Up), (Qt.Key.Key_Right, Qt.Key.Key_Down)
        if event.key() not in (*back, *on) or not self._points:
            super().keyPressEvent(event)
            return
        ids = [point.id for point in self._points]
        now = ids.index(self._current) if self._current in ids else -1
        step = 1 if event.key() in on else -1
        self.chosen.emit(ids[min(max(now + step, 0), len(ids) - 1)])

    def sizeHint(self) -> QSize:
        """190 high before text scaling."""
        return QSize(look().px(260), look().px(_HEIGHT))

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints bars, line and dots."""
        del event
        t, px, painter = look().tokens, look().px, QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, RADIUS_CARD, t.field, t.line)
        if self._points:
            self._paint_bars(painter, rect)
        head = QRectF(px(8), px(5), text_width(self._up, 12) + px(6), px(18))
        wide = text_width(self._across, 12) + px(6)
        foot = QRectF(rect.width() - px(8) - wide, rect.height() - px(22), wide, px(18))
        for place, text in ((head, self._up), (foot, self._across)):
            painter.fillRect(place, t.field)  # a bar ends at the words
            draw_text(painter, place.adjusted(px(2), 0, 0, 0), text, t.text3, 12)
        if not self._points:
            return
        self._paint_line(painter)
        for group in self._groups():
            self._paint_dot(painter, group)

    def _paint_bars(self, painter: QPainter, rect: QRectF) -> None:
        pen = QPen(look().tokens.edge, 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        across, up = self._bars
        if across is not None and 0 < self._x(across) < rect.width():
            painter.drawLine(QPointF(self._x(across), 1), QPointF(self._x(across), rect.height()))
        if up is not None and 0 < self._y(up) < rect.height():
            painter.drawLine(QPointF(1, self._y(up)), QPointF(rect.width(), self._y(up)))

    def _paint_line(self, painter: QPainter) -> None:
        by_id = {point.id: point for point in self._points}
        places = [self.place(by_id[one]) for one in self._line if one in by_id]
        painter.setPen(QPen(look().tokens.text3, 1.4))
        painter.drawPolyline(places)

    def _paint_dot(self, painter: QPainter, group: Sequence[PlotPoint]) -> None:
        t, px = look().tokens, look().px
        shown = next((p for p in group if p.id == self._current), group[0])
        at, radius = self.place(group[0]), px(_DOT)
        box = QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)
        chosen = shown.id == self._current
        if chosen:
            ring = px(_RING)
            around = box.adjusted(-ring, -ring, ring, ring)
            rounded(painter, around, around.width() / 2, None, t.accent, 2)
        fill = t.accent if chosen else None if shown.hollow else t.hover
        border = t.text2 if any(p.id == self._hot for p in group) or shown.hollow else t.edge
        rounded(painter, box, radius, fill or t.field, None if chosen else border, 1.4)
        ink = t.on_accent if chosen else t.text
        centre = Qt.AlignmentFlag.AlignHCenter
        draw_text(painter, box, str(shown.number), ink, 11, SEMIBOLD, centre)
        if len(group) > 1:
            beside = self._count_place(group)
            draw_text(painter, beside, _count_text(group), t.text2, 11, MEDIUM)


def _count_text(group: Sequence[PlotPoint]) -> str:
    return f"×{len(group)}"


def _span(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis: the least and the largest value, `_LEAST_SPAN` apart or more."""
    low, high = min(values), max(values)
    more = max(_LEAST_SPAN - (high - low), 0.0) / 2
    return low - more, high + more
