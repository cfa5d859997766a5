"""A square of previews with a ring that is dragged like that of a colour picker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.theme.theme import look
from app.widgets.basics.painting import rounded, set_focus_radius

_GAP = 2
_RING = 11.0
_LEAST, _MOST = 110, 248
_DIM = 0.3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BLENDED = 4
"""Finished previews that are blended where one is not finished, the nearest ones."""
_HATCH = 8
"""Pixels between the lines over a cell below the bar, before text scaling."""
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


@dataclass(frozen=True, eq=False)
class PadCell:
    """A finished preview.

    Attributes:
        picture: the preview.
        spoken: its values in words, for the tooltip.
        below: it does not reach the bar.
    """

    picture: QImage
    spoken: str = ""
    below: bool = False


class GuidancePadView(QWidget):
    """Shows `side` × `side` previews; columns count from the left, rows from the bottom.

    Signals:
        dragged(float, float): place of the ring in cells, 0 to `side` - 1, while it moves.
        settled(): it was let go.
        stepped(int, int, bool): arrow keys; True for the small step of Shift.
        home_asked(), run_asked(): Home, Enter.
    """

    dragged = Signal(float, float)
    settled = Signal()
    stepped = Signal(int, int, bool)
    home_asked = Signal()
    run_asked = Signal()

    def __init__(self, name: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side = name, side
        self._cells: dict[tuple[int, int], PadCell] = {}
        self._point = (0.0, 0.0)
        self._aspect = 16 / 9
        self._drags = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        set_focus_radius(self, 4)
        look().changed.connect(self.updateGeometry)

    def show_pad(
        self,
        cells: Mapping[tuple[int, int], PadCell],
        point: tuple[float, float],
        aspect: float,
        spoken: str,
    ) -> None:
        """Show finished previews by (column, row), the ring, and what it means in words."""
        self._cells, self._point = dict(cells), point
        if aspect != self._aspect:
            self._aspect = aspect
            self.updateGeometry()
        self.setAccessibleDescription(spoken)
        self.update()

    # --- layout -----------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """The cells have the shape of the picture."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the picture's shape asks, within limits."""
        return round(min(max(width / self._aspect, look().px(_LEAST)), look().px(_MOST)))

    def sizeHint(self) -> QSize:
        """At its present width."""
        width = self.width() or look().px(300)
        return QSize(look().px(200), self.heightForWidth(width))

    def cell_rect(self, column: int, row: int) -> QRectF:
        """Where a cell is."""
        wide, high = self.width() / self._side, self.height() / self._side
        top = (self._side - 1 - row) * high
        return QRectF(column * wide, top, wide - _GAP, high - _GAP)

    def at(self, column: float, row: float) -> QPointF:
        """Middle of a place in cells."""
        wide, high = self.width() / self._side, self.height() / self._side
        return QPointF((column + 0.5) * wide, (self._side - 0.5 - row) * high)

    # --- pointer and keys -------------------------------------------------------------------

    def _drag(self, where: QPointF) -> None:
        most = self._side - 1.0
        column = where.x() / (self.width() / self._side) - 0.5
        row = self._side - 0.5 - where.y() / (self.height() / self._side)
        self.dragged.emit(min(max(column, 0.0), most), min(max(row, 0.0), most))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The ring jumps to the pointer."""
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self._drags = True
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And follows it."""
        if self._drags:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Until it is let go."""
        if self._drags and event.button() == Qt.MouseButton.LeftButton:
            self._drags = False
            self.settled.emit()

    def event(self, event: QEvent) -> bool:
        """Keeps Enter from the window's shortcuts; a tooltip says what a cell is and lacks."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _ENTER
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = QPointF(event.pos())
            found = [one for at, one in self._cells.items() if self.cell_rect(*at).contains(place)]
            QToolTip.showText(event.globalPos(), found[0].spoken if found else "", self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move by a cell, with Shift a little; Home is the default, Enter runs."""
        step = _KEYS.get(Qt.Key(event.key()))
        small = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if step is not None:
            self.stepped.emit(*step, small)
        elif event.key() == Qt.Key.Key_Home:
            self.home_asked.emit()
        elif event.key() in _ENTER:
            self.run_asked.emit()
        else:
            super().keyPressEvent(event)

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints cells, cross-hair and ring."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for column in range(self._side):
            for row in range(self._side):
                self._paint_cell(painter, (column, row))
        self._paint_ring(painter)

    def _paint_cell(self, painter: QPainter, cell: tuple[int, int]) -> None:
        t, px, rect = look().tokens, look().px, self.cell_rect(*cell)
        painter.fillRect(rect, t.field)
        found = self._cells.get(cell)
        if found is not None:
            painter.drawImage(rect, found.picture, _middle(found.picture, rect))
            if found.below:
                _hatch(painter, rect)
            return
        if self._cells:
            painter.setOpacity(_DIM)
            painter.drawImage(rect, self._blend(cell, rect.size().toSize()))
            painter.setOpacity(1.0)
        dot = QRectF(rect.right() - px(9), rect.top() + px(4), px(5), px(5))
        rounded(painter, dot, dot.width() / 2, t.text3)

    def _blend(self, cell: tuple[int, int], size: QSize) -> QImage:
        """What a cell will be like: the nearest finished ones, weighted by inverse distance."""
        away = {
            other: (other[0] - cell[0]) ** 2 + (other[1] - cell[1]) ** 2 for other in self._cells
        }
        blend = QImage(size, QImage.Format.Format_RGB32)
        blend.fill(look().tokens.field)
        painter, weight = QPainter(blend), 0.0
        rect = QRectF(blend.rect())
        for other in sorted(away, key=lambda one: (away[one], one))[:_BLENDED]:
            own = 1.0 / away[other]
            weight += own
            painter.setOpacity(own / weight)  # each covers its share of those before it
            picture = self._cells[other].picture
            painter.drawImage(rect, picture, _middle(picture, rect))
        painter.end()
        return blend

    def _paint_ring(self, painter: QPainter) -> None:
        at = self.at(*self._point)
        white, black = Qt.GlobalColor.white, Qt.GlobalColor.black
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setOpacity(0.7)
        painter.setPen(QPen(white, 1))
        painter.drawLine(QPointF(0, at.y()), QPointF(self.width() - _GAP, at.y()))
        painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), self.height() - _GAP))
        painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((black, 5.0), (white, 3.0)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(at, look().px(_RING), look().px(_RING))


def _hatch(painter: QPainter, rect: QRectF) -> None:
    """Diagonal lines, dark beside light, so that they are seen on any picture."""
    step, height = look().px(_HATCH), rect.height()
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for ink, aside in ((QColor(0, 0, 0, 120), 0.0), (QColor(255, 255, 255, 90), 1.2)):
        painter.setPen(QPen(ink, 1.2))
        left = rect.left() - height
        while left < rect.right():
            start = QPointF(left + aside, rect.bottom())
            painter.drawLine(QLineF(start, start + QPointF(height, -height)))
            left += step
    painter.restore()


def _middle(picture: QImage, rect: QRectF) -> QRectF:
    """The largest part of a picture, about its middle, that has the shape of `rect`."""
    wide, high = float(picture.width()), float(picture.height())
    scale = min(wide / max(rect.width(), 1), high / max(rect.height(), 1))
    width, height = rect.width() * scale, rect.height() * scale
    return QRectF((wide - width) / 2, (high - height) / 2, width, height)
