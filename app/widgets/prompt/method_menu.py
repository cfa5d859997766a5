"""The menu of methods: each with a sentence, its time, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from app.theme.icons import paint_icon
from app.theme.theme import RADIUS_CONTROL, REGULAR, SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.painting import draw_text, rounded, text_width, wrap_text

_WIDTH = 428
_INDENT, _PAD = 34, 10
_SENTENCE_LINES = 2
_NEED_LINES = 2


@dataclass(frozen=True)
class MethodRow:
    """A method as the menu shows it.

    Attributes:
        id: handed out when it is chosen.
        title: the artist's name for it.
        paper: what its authors call it, "" for none.
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


class MethodMenu(QMenu):
    """Choose one method by a click or Enter; with Ctrl several, the menu stays open.

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
        self._views: dict[str, _RowView] = {}
        for row in rows:
            view = _RowView(row, self)
            action = QWidgetAction(self)
            action.setText(row.title)
            action.setCheckable(True)
            action.setData(row.id)
            action.setDefaultWidget(view)
            action.triggered.connect(lambda _=False, r=row: self.taken.emit(r.id))
            view.entered.connect(lambda a=action: self.setActiveAction(a))
            view.pressed.connect(lambda ctrl, a=action: self._press(a, ctrl=ctrl))
            view.link_clicked.connect(lambda r=row: self._ask(r))
            self.addAction(action)
            self._views[row.id] = view
        self.hovered.connect(lambda active: self._light(active.data()))

    def set_ticked(self, ids: Sequence[str]) -> None:
        """Mark the methods that are chosen."""
        for action in self.actions():
            view = self._views.get(action.data() or "")
            if view is not None:
                action.setChecked(action.data() in ids)
                view.set_ticked(action.data() in ids)

    def _light(self, method: str) -> None:
        for name, view in self._views.items():
            view.set_active(name == method)

    def _press(self, action: QAction, *, ctrl: bool) -> None:
        view = self._views.get(action.data() or "")
        if ctrl and view is not None:
            self.toggled.emit(view.row.id)
            return
        self.close()
        action.trigger()

    def _ask(self, row: MethodRow) -> None:
        self.close()
        self.action_asked.emit(row.action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter and Ctrl+Space tick a method and leave the menu open."""
        ticks = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        active = self.activeAction()
        if ticks and event.modifiers() & Qt.KeyboardModifier.ControlModifier and active is not None:
            self._press(active, ctrl=True)
        else:
            super().keyPressEvent(event)


class _RowView(QWidget):
    """Paints one method; `QMenu` moves between the rows by keys."""

    entered = Signal()
    pressed = Signal(bool)
    link_clicked = Signal()

    def __init__(self, row: MethodRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self._active = self._ticked = False
        self._link: LinkButton | None = None
        if row.link:
            self._link = LinkButton(row.link, self)
            self._link.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys walk through the methods
            self._link.clicked.connect(self.link_clicked)
        self._describe()
        self.setMinimumSize(self.sizeHint())

    def set_active(self, active: bool) -> None:
        """The row that Enter takes."""
        self._active = active
        self.update()

    def set_ticked(self, ticked: bool) -> None:
        """Whether the method is chosen."""
        self._ticked = ticked
        self._describe()
        self.update()

    def _describe(self) -> None:
        row = self.row
        state = self.tr("chosen") if self._ticked else ""
        parts = (row.title, row.paper, state, row.sentence, row.need, row.time)
        self.setAccessibleName(", ".join(filter(None, parts)))

    def _right(self) -> float:
        """Width of what stands at the right."""
        if self._link is not None:
            return self._link.sizeHint().width() + look().px(12)
        return text_width(self.row.time, 12) + look().px(12) if self.row.time else 0.0

    def _lines(self) -> list[str]:
        row, room = self.row, look().px(_WIDTH - _INDENT - _PAD) - self._right()
        lines = wrap_text(row.sentence, 12, REGULAR, room, _SENTENCE_LINES)
        return lines + (wrap_text(row.need, 12, REGULAR, room, _NEED_LINES) if row.need else [])

    def sizeHint(self) -> QSize:
        """The title, and one or two lines under it."""
        px = look().px
        return QSize(px(_WIDTH), px(30) + len(self._lines()) * px(16))

    def enterEvent(self, event: QEnterEvent) -> None:
        """The row under the pointer is the active one."""
        super().enterEvent(event)
        self.entered.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click; with Ctrl the menu stays open."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The menu behind must not take it."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints tick, names, sentence and time."""
        del event
        t, px, painter, row = look().tokens, look().px, QPainter(self), self.row
        rect = QRectF(self.rect())
        if self._active:
            rounded(painter, rect, RADIUS_CONTROL, t.hover)
        if self._ticked:
            box = QRectF(px(8), rect.top(), px(16), rect.height())
            paint_icon(painter, box, "check", t.text, px(16))
        left, right = px(_INDENT), rect.right() - px(_PAD)
        top = QRectF(left, px(5), right - self._right() - left, px(20))
        width = draw_text(painter, top, row.title, t.text, 13, SEMIBOLD)
        if row.paper:
            beside = top.adjusted(width + px(8), 0, 0, 0)
            draw_text(painter, beside, row.paper, t.text3, 13)
        for number, line in enumerate(self._lines()):
            area = QRectF(left, px(25) + number * px(16), right - self._right() - left, px(16))
            draw_text(painter, area, line, t.text2, 12)
        if self._link is None:
            area = QRectF(left, rect.top(), right - left, rect.height())
            ink = t.text2 if row.timed else t.text3
            draw_text(painter, area, row.time, ink, 12, align=Qt.AlignmentFlag.AlignRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the link at the right."""
        super().resizeEvent(event)
        if self._link is not None:
            size = self._link.sizeHint()
            y = (self.height() - size.height()) // 2
            self._link.setGeometry(self.width() - look().px(_PAD) - size.width(), y,
                                   size.width(), size.height())  # fmt: skip


Rows = Callable[[], Sequence[MethodRow]]
"""What the menu shows, asked for when it opens."""
