"""What opens over other things because the artist asked: popovers and slide-over pages."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.theme.theme import RADIUS_PANEL, ROW_PADDING, SEMIBOLD, look
from app.widgets.basics.buttons import PushButton, ToolButton
from app.widgets.basics.labels import QuietLabel
from app.widgets.basics.painting import rounded
from app.widgets.basics.vertical_scroll import VerticalScroll

FADE_MS: Final = 120
SHADOW: Final = 16
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Popover(QWidget):
    """A small card at an edge, with a soft shadow. Not modal; Esc closes.

    Signals:
        closed(): it has gone; focus is back where it was.
    """

    closed = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._back: QWidget | None = None
        self.setAccessibleName(title)
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(SHADOW + 18, SHADOW + 10, SHADOW + 10, SHADOW + 14)
        outer.setSpacing(8)
        self._head = line = QHBoxLayout()
        line.addWidget(QuietLabel(title, self, size=15, weight=SEMIBOLD, token="text"))
        line.addStretch(1)
        close = ToolButton("x", self.tr("Close"), self.tr("Esc"), self, size=28, icon_size=15)
        close.clicked.connect(self.dismiss)
        line.addWidget(close)
        outer.addLayout(line)
        inside = QWidget(self)
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 8, 0)
        self.body.setSpacing(10)
        outer.addWidget(VerticalScroll(inside, self), 1)
        self.hide()
        look().changed.connect(self.update)

    def open_at(self, right: QPoint, width: int = 312) -> None:
        """Opens with its right top corner at `right` (parent coordinates), inside the window.

        What is higher than the window is scrolled.
        """
        self._back = self.window().focusWidget()
        size = self._size_at(look().px(width) + 2 * SHADOW)
        parent = self.parentWidget()
        x, y = right.x() - size.width() + SHADOW, right.y() - SHADOW
        if parent is not None:
            size = size.boundedTo(parent.size())
            x = max(min(x, parent.width() - size.width()), 0)
            y = max(min(y, parent.height() - size.height()), 0)
        self.setGeometry(x, y, size.width(), size.height())
        self.show()
        self.raise_()
        first = self.nextInFocusChain()
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _size_at(self, width: int) -> QSize:
        """Width and the height that shows everything."""
        margins, head = self._outer.contentsMargins(), self._head.sizeHint().height()
        inside = width - margins.left() - margins.right()
        height = self.body.heightForWidth(inside)
        if height < 0:
            height = self.body.sizeHint().height()
        chrome = margins.top() + head + self._outer.spacing() + margins.bottom()
        return QSize(width, chrome + height)

    def dismiss(self) -> None:
        """Closes and gives the focus back."""
        if not self.isVisible():
            return
        self.hide()
        if self._back is not None and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints shadow and card."""
        del event
        t, painter = look().tokens, QPainter(self)
        paint_shadow(painter, QRectF(self.rect()))
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        rounded(painter, card, RADIUS_PANEL, t.raised, t.edge)


def paint_shadow(painter: QPainter, rect: QRectF) -> None:
    """Paints a soft shadow that fades over `SHADOW` pixels; only popovers have one."""
    strength = 18 if look().tokens.dark else 6
    for ring in range(SHADOW, 0, -1):
        # Falls off with the square, or its outer border would be seen as a line.
        alpha = round(strength * (1 - ring / (SHADOW + 1)) ** 2)
        inset = SHADOW - ring
        box = rect.adjusted(inset, inset + 2, -inset, -inset + 2)
        rounded(painter, box, RADIUS_PANEL + ring, QColor(0, 0, 0, alpha))


class SlideOver(QWidget):
    """A column whose pages (Export, Caption) slide over it, never over the picture.

    A page's gold button is gold while the focus is in the page, where Enter presses it.

    Signals:
        closed(str): name of the page that has gone.
        next_step_taken(bool): a page with a gold button has the focus, or no longer.
    """

    closed = Signal(str)
    next_step_taken = Signal(bool)

    def __init__(self, base: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = base
        base.setParent(self)
        self._page: _Page | None = None
        self._back: QWidget | None = None
        self._has_next_step = False
        self._slide = QVariantAnimation(self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._move)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._place_next_step)

    @property
    def page(self) -> str:
        """Name of the page shown, or ""."""
        return self._page.objectName() if self._page is not None else ""

    def open_page(self, name: str, title: str, content: QWidget) -> None:
        """Slides `content` over the column; a page already there is replaced at once."""
        if self._page is None:
            self._back = self.window().focusWidget()
        else:
            self._page.hide()
            self._page.deleteLater()
        instant = self._page is not None
        self._page = _Page(name, title, content, self)
        self._page.closed.connect(self.close_page)
        self._page.resize(self.size())
        self._page.show()
        self._page.raise_()
        self._run(instant)
        content.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place_next_step()

    def close_page(self) -> None:
        """Takes the page away; the content is deleted with it."""
        if self._page is None:
            return
        name = self.page
        self._slide.stop()
        self._page.hide()
        self._page.deleteLater()
        self._page = None
        if self._back is not None and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place_next_step()
        self.closed.emit(name)

    def _place_next_step(self) -> None:
        if not isValid(self):  # the focus also moves while the window is being destroyed
            return
        focus, page = self.window().focusWidget(), self._page
        inside = page is not None and focus is not None and page.isAncestorOf(focus)
        buttons = page.findChildren(PushButton) if page is not None else []
        for button in buttons:
            button.set_gives_way(not inside)
        now = any(button.kind == "gold" for button in buttons)
        if now != self._has_next_step:
            self._has_next_step = now
            self.next_step_taken.emit(now)

    def sizeHint(self) -> QSize:
        """The column's own."""
        return self._base.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The column's own."""
        return self._base.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps column and page filling the place."""
        super().resizeEvent(event)
        self._base.resize(self.size())
        if self._page is not None:
            self._page.resize(self.size())

    def _run(self, instant: bool) -> None:
        duration = 0 if instant else look().duration(FADE_MS)
        if self._page is None or not duration:
            if self._page is not None:
                self._page.move(0, 0)
            return
        self._page.move(self.width(), 0)
        self._slide.setDuration(duration)
        self._slide.setStartValue(self.width())
        self._slide.setEndValue(0)
        self._slide.start()

    def _move(self, x: Any) -> None:
        if self._page is not None:
            self._page.move(int(x), 0)


class _Page(QWidget):
    closed = Signal()

    def __init__(self, name: str, title: str, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget(self)
        head.setFixedHeight(look().px(40))
        line = QHBoxLayout(head)
        line.setContentsMargins(6, 0, ROW_PADDING, 0)
        line.setSpacing(6)
        back = ToolButton("chevron-left", self.tr("Back"), self.tr("Esc"), head, size=30)
        back.clicked.connect(self.closed)
        line.addWidget(back)
        line.addWidget(QuietLabel(title, head, size=13, weight=SEMIBOLD, token="text"))
        line.addStretch(1)
        column.addWidget(head)
        column.addWidget(content, 1)
        content.installEventFilter(self)
        self._head = head

    def _next_step(self) -> PushButton | None:
        """The gold button, if it can be pressed."""
        gold = (one for one in self.findChildren(PushButton) if one.kind == "gold")
        return next((one for one in gold if one.isVisible() and one.isEnabled()), None)

    def event(self, event: QEvent) -> bool:
        """Keeps Enter from the window's shortcuts: it ends a field, or presses the gold button."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            none, keypad = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
            plain = event.modifiers() in (none, keypad)
            writes = isinstance(self.window().focusWidget(), QLineEdit)
            if event.key() in ENTER and plain and (writes or self._next_step() is not None):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back, Enter presses the gold button."""
        button = self._next_step()
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in ENTER and button is not None:
            button.click()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps a page that closes itself from leaving an empty sheet."""
        if event.type() == QEvent.Type.Close:
            self.closed.emit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the panel's ground and the line under the heading."""
        del event
        t, painter = look().tokens, QPainter(self)
        painter.fillRect(self.rect(), t.panel)
        painter.fillRect(0, self._head.height() - 1, self.width(), 1, t.line)
