"""The history list: every idea, its place in the tree, and where the artist is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.icons import paint_icon
from app.theme import MEDIUM, RADIUS_CONTROL, RADIUS_KEY, REGULAR, look
from app.widgets.cards import scaled
from app.widgets.diff import diff_spoken, paint_diff
from app.widgets.lanes import HistoryRow, Lanes, lay_out
from app.widgets.painting import draw_focus, draw_text, rounded, text_width, tr

ROW_HEIGHT: Final = 46
DENSE_HEIGHT: Final = 41
DENSE_FROM: Final = 6
LANE: Final = 16
HOVER_MS: Final = 300
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
LANES_ROLE: Final = ROW_ROLE + 1
Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Rows of the history with their place in the graph."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._source: tuple[HistoryRow, ...] = ()
        self._unfolded: set[str] = set()
        self._rows: list[HistoryRow] = []
        self._lanes: list[Lanes] = []

    @property
    def rows(self) -> list[HistoryRow]:
        """Rows as shown."""
        return list(self._rows)

    @property
    def all_rows(self) -> tuple[HistoryRow, ...]:
        """Every node, folded away or not."""
        return self._source

    @property
    def lanes(self) -> list[Lanes]:
        """The graph beside each row."""
        return list(self._lanes)

    def set_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Replaces the history."""
        self.beginResetModel()
        self._source = tuple(rows)
        self._rows, self._lanes = lay_out(self._source, self._unfolded)
        self.endResetModel()

    def unfold(self, row_id: str) -> None:
        """Opens a folded branch."""
        self._unfolded.add(row_id)
        self.set_rows(self._source)

    def row_of(self, row_id: str) -> int:
        """Returns the row of a node, or -1."""
        return next((n for n, row in enumerate(self._rows) if row.id == row_id), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of rows shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Returns the row, its lanes, or what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == LANES_ROLE:
            return self._lanes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, [row.name, diff_spoken(row.spans), row.note]))
        return None

    def spoken(self, row: HistoryRow) -> str:
        """Returns the row in words: what changed, when, where it stands."""
        parts = [row.name or diff_spoken(row.spans), row.time]
        if row.folded:
            parts.append(tr("History", "{0} ideas, folded").format(row.folded))
        parts += [tr("History", "you are here")] if row.here else []
        parts += [tr("History", "on another branch")] if not row.on_trail else []
        parts += [tr("History", "starred")] if row.starred else []
        return ", ".join(filter(None, parts))


class HistoryDelegate(QStyledItemDelegate):
    """Paints lanes, thumbnail, typed diff, star and time."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """46 high, 41 when there are more than five rows."""
        del option
        dense = index.model().rowCount() >= DENSE_FROM
        return QSize(look().px(160), look().px(DENSE_HEIGHT if dense else ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one row."""
        row: HistoryRow = index.data(ROW_ROLE)
        lanes: Lanes = index.data(LANES_ROLE)
        state: QStyle.StateFlag = option.state
        widest = max((o.lane for o in index.model().lanes), default=0)  # type: ignore[attr-defined]
        painter.save()
        paint_row(
            painter,
            QRectF(option.rect),
            row,
            lanes,
            widest,
            hover=bool(state & QStyle.StateFlag.State_MouseOver),
            focus=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        painter.restore()


def paint_row(
    painter: QPainter,
    rect: QRectF,
    row: HistoryRow,
    lanes: Lanes,
    widest: int,
    *,
    hover: bool = False,
    focus: bool = False,
) -> None:
    """Paints one row of the history."""
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
    thumb = _thumb(row, QRectF(x, rect.top() + px(5), px(62), height))
    if row.thumbnail is not None and not row.thumbnail.isNull():
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(thumb, scaled(row.thumbnail, thumb, painter))
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
    left = thumb.right() + px(11)
    area = QRectF(left, rect.top(), max(right - left, 8), rect.height())
    if row.folded:
        words = tr("History", "{0}, {1} ideas").format(_short(row), row.folded)
        draw_text(painter, area, words, t.text2, 13)
    else:
        ink = t.text if row.on_trail else t.text2
        paint_diff(painter, area, row.spans, ink=ink, weight=MEDIUM if row.here else REGULAR)


def _short(row: HistoryRow) -> str:
    if row.name:
        return row.name
    words = next((s.other or s.text for s in row.spans), "")
    return words[:1].upper() + words[1:]


def _thumb(row: HistoryRow, room: QRectF) -> QRectF:
    """Returns the place of the whole thumbnail, left in `room`."""
    size = (16.0, 9.0)
    if row.thumbnail is not None and not row.thumbnail.isNull():
        size = (float(row.thumbnail.width()), float(row.thumbnail.height()))
    factor = min(room.width() / size[0], room.height() / size[1])
    width, height = size[0] * factor, size[1] * factor
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


class HistoryList(QListView):
    """The history.

    Signals:
        go_asked(str): go to this idea.
        hovered(str): show it on the canvas; "" when the pointer has left.
        star_asked(str), rename_asked(str), note_asked(str), compare_asked(str)
        menu_asked(str, QPoint): global position.
        search_asked(): Ctrl+F.
    """

    go_asked = Signal(str)
    hovered = Signal(str)
    star_asked = Signal(str)
    rename_asked = Signal(str)
    note_asked = Signal(str)
    compare_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    search_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName(self.tr("History"))
        self.ideas = HistoryModel(self)
        self.setModel(self.ideas)
        self.setItemDelegate(HistoryDelegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setViewportMargins(6, 6, 6, 6)
        self.verticalScrollBar().setSingleStep(24)
        self.hover_shows = True
        self._hovered = ""
        self._told = ""
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(HOVER_MS)
        self._dwell.timeout.connect(self._tell_hover)
        look().changed.connect(self.scheduleDelayedItemsLayout)

    def set_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Replaces the history; shows where the artist is."""
        current = self.current_id
        self.ideas.set_rows(rows)
        here = next((row.id for row in rows if row.here), "")
        for wanted in (current, here):
            row = self.ideas.row_of(wanted)
            if row >= 0:
                self.setCurrentIndex(self.ideas.index(row))
                break
        row = self.ideas.row_of(here)
        if row >= 0:
            self.scrollTo(self.ideas.index(row))

    @property
    def current_id(self) -> str:
        """Id of the row with the focus, or ""."""
        row = self.currentIndex().data(ROW_ROLE)
        return row.id if isinstance(row, HistoryRow) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk rows and tree; letters are the window's own short keys."""
        key, mods, here = event.key(), event.modifiers(), self.current_id
        alt = bool(mods & Qt.KeyboardModifier.AltModifier)
        control = bool(mods & Qt.KeyboardModifier.ControlModifier)
        plain = not alt and not control
        asks = {
            Qt.Key.Key_F2: self.rename_asked,
            Qt.Key.Key_N: self.note_asked,
            Qt.Key.Key_S: self.star_asked,
            Qt.Key.Key_C: self.compare_asked,
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(here)
        elif key == Qt.Key.Key_Left:
            self._focus(self._parent_of(here))
        elif key == Qt.Key.Key_Right:
            self._focus(self._child_of(here))
        elif alt and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._focus(self._sister_of(here, -1 if key == Qt.Key.Key_PageUp else 1))
        elif control and key == Qt.Key.Key_F:
            self.search_asked.emit()
        elif plain and here and Qt.Key(key) in asks:
            asks[Qt.Key(key)].emit(here)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
                     Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):  # fmt: skip
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes there."""
        super().mouseReleaseEvent(event)
        row = self.indexAt(event.position().toPoint()).data(ROW_ROLE)
        if event.button() == Qt.MouseButton.LeftButton and isinstance(row, HistoryRow):
            self._go(row.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Resting on a row shows its picture."""
        super().mouseMoveEvent(event)
        row = self.indexAt(event.position().toPoint()).data(ROW_ROLE)
        self._rest_on(row.id if isinstance(row, HistoryRow) else "")

    def leaveEvent(self, event: QEvent) -> None:
        """Leaving shows the present picture again."""
        super().leaveEvent(event)
        self._rest_on("")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu of a row."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        row = index.data(ROW_ROLE)
        if isinstance(row, HistoryRow):
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menu_asked.emit(row.id, event.globalPos() if by_mouse else at)

    # -- inner -------------------------------------------------------------------------------

    def _go(self, row_id: str) -> None:
        row = self.ideas.row_of(row_id)
        if row < 0:
            return
        if self.ideas.rows[row].folded:
            self.ideas.unfold(row_id)
        else:
            self.go_asked.emit(row_id)

    def _focus(self, row_id: str) -> None:
        row = self.ideas.row_of(row_id)
        if row >= 0:
            self.setCurrentIndex(self.ideas.index(row))

    def _row(self, row_id: str) -> HistoryRow | None:
        return next((row for row in self.ideas.rows if row.id == row_id), None)

    def _parent_of(self, row_id: str) -> str:
        row = self._row(row_id)
        return "" if row is None else row.parent

    def _children(self, row_id: str) -> list[HistoryRow]:
        return [row for row in self.ideas.rows if row.parent == row_id]

    def _child_of(self, row_id: str) -> str:
        children = self._children(row_id)
        return next((c.id for c in children if c.on_trail), children[0].id if children else "")

    def _sister_of(self, row_id: str, step: int) -> str:
        sisters = [row.id for row in self._children(self._parent_of(row_id))]
        if row_id not in sisters:
            return ""
        return sisters[(sisters.index(row_id) + step) % len(sisters)]

    def _rest_on(self, row_id: str) -> None:
        if row_id == self._hovered:
            return
        self._hovered = row_id
        self._dwell.stop()
        if not row_id:
            self._tell_hover()
        elif self.hover_shows:
            self._dwell.start()

    def _tell_hover(self) -> None:
        if self._hovered != self._told:
            self._told = self._hovered
            self.hovered.emit(self._told)
