"""The menu of methods: each with a sentence, its time, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, REGULAR, SEMIBOLD, look
from app.widgets.basics.painting import draw_text, rounded, text_width, wrap_text

_WIDTH = 428
_INDENT, _PAD = 34, 10
_HEAD, _LINE = 30, 16
"""Heights of a row's first line and of each line under it, before text scaling."""
_LINES = 2


@dataclass(frozen=True)
class MethodRow:
    """A method as the menu shows it.

    Attributes:
        id: handed out when it is chosen.
        title: the artist's name for it.
        paper: what its authors call it, "" for none; for Auto what it would take now.
        sentence: what it does.
        time: how long a result takes, or that it is not known.
        timed: it is known.
        need: what it lacks here and now, "" for nothing.
        link: words that provide what it needs.
        action: id of the action behind them.
    """

    id: str
    title: str
    paper: str = ""
    sentence: str = ""
    time: str = ""
    timed: bool = True
    need: str = ""
    link: str = ""
    action: str = ""

    @property
    def spoken(self) -> str:
        """All of it for a screen reader."""
        parts = (self.title, self.paper, self.sentence, self.need, self.time)
        return ", ".join(filter(None, parts))


Rows = Callable[[], Sequence[MethodRow]]
"""What the menu shows, asked for when it opens."""


class MethodMenu(QMenu):
    """Choose one method by a click or Enter; with Ctrl several, the menu stays open.

    Rows are painted over the entries of an ordinary menu, whose keys and geometry stay.

    Signals:
        taken(str): this one alone.
        toggled(str): this one too, or no longer.
        action_asked(str): id of what provides something that a method needs.
    """

    taken = Signal(str)
    toggled = Signal(str)
    action_asked = Signal(str)

    def __init__(self, rows: Sequence[MethodRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("method-menu")
        self._rows = {row.id: row for row in rows}
        for row in rows:
            action = self.addAction(row.title)
            action.setData(row.id)
            action.setCheckable(True)
            action.setStatusTip(row.spoken)
            action.triggered.connect(self._take)
        lines = max((len(self._lines(row)) for row in rows), default=1)
        px = look().px
        high = px(_HEAD) + lines * px(_LINE)
        above = max((high - QFontMetricsF(look().font(13)).height()) / 2, 0)
        self.setStyleSheet(
            # One column that scrolls on a low screen, where Qt would begin a second one.
            "QMenu { menu-scrollable: 1; }"
            f"QMenu::item {{ padding: {above:.0f}px 0 {above:.0f}px {px(_INDENT)}px;"
            f" min-width: {px(_WIDTH - _INDENT)}px; }}"
        )

    def set_ticked(self, ids: Sequence[str]) -> None:
        """Mark the methods that are chosen."""
        for action in self.actions():
            if action.data() in self._rows:
                action.setChecked(action.data() in ids)
        self.update()

    def row_of(self, action: QAction | None) -> MethodRow | None:
        """The method behind an entry; None for an entry at the foot."""
        return self._rows.get(action.data() or "") if action is not None else None

    def place_of_link(self, action: QAction) -> QRectF:
        """Where the words are that provide what a method needs; empty for none."""
        row, rect = self.row_of(action), QRectF(self.actionGeometry(action))
        if row is None or not row.link:
            return QRectF()
        width = text_width(row.link, 12, MEDIUM)
        return QRectF(rect.right() - look().px(_PAD) - width, rect.top(), width, rect.height())

    def _take(self) -> None:
        action = self.sender()
        row = self.row_of(action) if isinstance(action, QAction) else None
        if row is not None:
            self.taken.emit(row.id)

    # --- pointer and keys -------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click; with Ctrl the menu stays open, and a link asks for what it names."""
        action = self.actionAt(event.position().toPoint())
        row = self.row_of(action)
        if row is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggled.emit(row.id)
        elif row is not None and self.place_of_link(action).contains(event.position()):
            self.close()
            self.action_asked.emit(row.action)
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go on from what is chosen; Ctrl+Enter and Ctrl+Space tick and leave it open."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.activeAction() is None:
            ticked = next((action for action in self.actions() if action.isChecked()), None)
            if ticked is not None:
                self.setActiveAction(ticked)
        ticks = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        row = self.row_of(self.activeAction())
        if ticks and row is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggled.emit(row.id)
        else:
            super().keyPressEvent(event)

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the rows over the entries of the menu."""
        super().paintEvent(event)
        painter = QPainter(self)
        for action in self.actions():
            row = self.row_of(action)
            if row is not None:
                self._paint(painter, action, row)
            elif not action.isSeparator():
                self._paint_foot(painter, action)

    def _right(self, row: MethodRow) -> float:
        """Width of what stands at the right."""
        if row.link:
            return text_width(row.link, 12, MEDIUM) + look().px(12)
        return text_width(row.time, 12) + look().px(12) if row.time else 0.0

    def _lines(self, row: MethodRow) -> list[str]:
        room = look().px(_WIDTH - _INDENT - _PAD) - self._right(row)
        text = ". ".join(filter(None, [row.sentence, row.need]))
        return wrap_text(text, 12, REGULAR, room, _LINES)

    def _paint(self, painter: QPainter, action: QAction, row: MethodRow) -> None:
        t, px, rect = look().tokens, look().px, QRectF(self.actionGeometry(action))
        painter.fillRect(rect, t.raised)
        if action is self.activeAction():
            rounded(painter, rect, RADIUS_CONTROL, t.hover)
        if action.isChecked():
            box = QRectF(rect.left() + px(8), rect.top(), px(16), rect.height())
            paint_icon(painter, box, "check", t.text, px(16))
        left, right = rect.left() + px(_INDENT), rect.right() - px(_PAD)
        lines = self._lines(row)
        spare = rect.height() - px(_HEAD) - len(lines) * px(_LINE)
        y = rect.top() + spare / 2 + px(5)
        room = right - self._right(row) - left
        width = draw_text(painter, QRectF(left, y, room, px(20)), row.title, t.text, 13, SEMIBOLD)
        if row.paper:
            beside = QRectF(left + width + px(8), y, room - width - px(8), px(20))
            draw_text(painter, beside, row.paper, t.text3, 13)
        for number, line in enumerate(lines):
            area = QRectF(left, y + px(20) + number * px(_LINE), room, px(_LINE))
            draw_text(painter, area, line, t.text2, 12)
        if row.link:
            self._paint_link(painter, self.place_of_link(action), row.link)
        else:
            area = QRectF(left, rect.top(), right - left, rect.height())
            ink = t.text2 if row.timed else t.text3
            draw_text(painter, area, row.time, ink, 12, align=Qt.AlignmentFlag.AlignRight)

    def _paint_foot(self, painter: QPainter, action: QAction) -> None:
        """An entry at the foot, in line with the names of the methods."""
        t, rect = look().tokens, QRectF(self.actionGeometry(action))
        painter.fillRect(rect, t.raised)
        if action is self.activeAction():
            rounded(painter, rect, RADIUS_CONTROL, t.hover)
        area = rect.adjusted(look().px(_INDENT), 0, 0, 0)
        draw_text(painter, area, action.text(), t.text, 13, MEDIUM)

    def _paint_link(self, painter: QPainter, place: QRectF, words: str) -> None:
        t = look().tokens
        draw_text(painter, place.adjusted(0, 0, 1, 0), words, t.text, 12, MEDIUM)
        y = round(place.center().y() + QFontMetricsF(look().font(12)).capHeight() / 2 + 3) + 0.5
        painter.setPen(QPen(t.edge, 1))
        painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
