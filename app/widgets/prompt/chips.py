"""Suggestion chips: what could be said next, best first, in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.theme.icons import icon, paint_icon
from app.theme.theme import MEDIUM, RADIUS_CHIP, look
from app.widgets.basics.buttons import Button, ToolButton
from app.widgets.basics.painting import blend, draw_text, rounded, set_focus_radius, text_width
from app.widgets.prompt.diff import DiffSpan, diff_spoken, diff_text, diff_width, paint_diff


@dataclass(frozen=True)
class ChipData:
    """A suggestion.

    Attributes:
        id: handed out when it is taken.
        spans: what it would change.
        reason: why it is suggested; tooltip and accessible description.
        pinned: kept in the row by the artist.
        fixed: no suggestion, so it has no menu to pin or refuse it.
    """

    id: str
    spans: tuple[DiffSpan, ...]
    reason: str = ""
    pinned: bool = False
    fixed: bool = False


EXPECTED: Final = (150, 118, 166, 132)
"""Widths of the pale shapes where the first chips will stand, in pixels before text scaling."""


class Chip(Button):
    """One suggestion."""

    taken = Signal(bool)  # True: run at once
    menu_asked = Signal(QPoint)

    def __init__(self, data: ChipData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.setObjectName(f"chip-{data.id}")
        set_focus_radius(self, RADIUS_CHIP)
        self.setText(diff_text(data.spans))
        self.setAccessibleName(diff_spoken(data.spans))
        self.setAccessibleDescription(data.reason)
        self.setToolTip(data.reason)

    def sizeHint(self) -> QSize:
        """The whole diff between round ends."""
        pin = look().px(14) + 5 if self.data.pinned else 0
        width = diff_width(self.data.spans, 13, MEDIUM) + 2 * look().px(12) + pin
        return QSize(round(width), look().px(30))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click puts the words into the box; with Ctrl it runs them too."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.setDown(False)
            self.taken.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space take the chip; the row has the arrows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.taken.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu, by mouse or key."""
        self.menu_asked.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the chip."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        hot = self.underMouse() or self.isDown()
        border = blend(t.line, t.edge, 0.25) if not t.dark else None
        if t.high_contrast or self.data.fixed:
            border = t.edge
        fill = blend(t.hover, t.line, 0.5) if self.isDown() else (t.hover if hot else t.raised)
        rounded(painter, rect, rect.height() / 2, fill, border)
        inner = rect.adjusted(look().px(12), 0, -look().px(10), 0)
        if self.data.pinned:
            side = look().px(14)
            box = QRectF(inner.left(), 0, side, rect.height())
            paint_icon(painter, box, "check", t.text3, side)
            inner.setLeft(inner.left() + side + 5)
        paint_diff(painter, inner, self.data.spans, weight=MEDIUM)


class ChipRow(QWidget):
    """The row of chips with its title, overflow menu and ↻.

    Signals:
        taken(str): put these words into the box.
        run_asked(str): put them there and run.
        refused(str): never suggest this.
        pin_asked(str, bool): keep it in the row, or not.
        refresh_asked(): other suggestions.
        left(): focus goes back to the prompt.
    """

    taken = Signal(str)
    run_asked = Signal(str)
    refused = Signal(str)
    pin_asked = Signal(str, bool)
    refresh_asked = Signal()
    left = Signal()

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestions")
        self.setAccessibleName(self.tr("Suggestions"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title = title or self.tr("Try next")
        self._chips: list[Chip] = []
        self._hidden: list[Chip] = []
        self._more = ToolButton("ellipsis", self.tr("More suggestions"), "", self, size=28)
        self._more.setObjectName("suggestions-more")
        self._more.clicked.connect(self._open_more)
        self._waiting = False
        self._again = ToolButton(
            "refresh-cw", self.tr("Other suggestions"), "", self, size=28, icon_size=15
        )
        self._again.setObjectName("suggestions-refresh")
        self._again.clicked.connect(self.refresh_asked)
        self._turn = QTimer(self)
        self._turn.setInterval(50)
        self._turn.timeout.connect(self._turn_on)
        self._angle = 0.0
        look().changed.connect(self._place)

    @property
    def chips(self) -> list[Chip]:
        """All chips, shown or in the overflow menu, best first."""
        return list(self._chips)

    @property
    def overflow(self) -> list[str]:
        """Ids of the chips that are in the ⋯ menu."""
        return [c.data.id for c in self._hidden]

    def set_chips(self, chips: Sequence[ChipData]) -> None:
        """Replaces all chips together, so that the row changes once."""
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips = []
        for data in chips:
            chip = Chip(data, self)
            chip.taken.connect(partial(self._take, data.id))
            if not data.fixed:
                chip.menu_asked.connect(partial(self._open_menu, chip))
            self._chips.append(chip)
        self._place()

    def set_waiting(self, waiting: bool) -> None:
        """Turns the ↻ while new suggestions are made; the old ones stay until then."""
        if waiting is not self._waiting:
            self._waiting = waiting
            self._place()
        self._again.setEnabled(not waiting)
        self._again.setAccessibleDescription(self.tr("Looking for suggestions") if waiting else "")
        if waiting and look().motion:
            self._turn.start()
        else:
            self._turn.stop()
            self._again.set_angle(0.0)

    def focus_first(self) -> None:
        """Puts the focus on the best chip."""
        shown = self._shown()
        if shown:
            shown[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def sizeHint(self) -> QSize:
        """One row, 34 high before text scaling."""
        return QSize(look().px(400), look().px(34))

    def minimumSizeHint(self) -> QSize:
        """Anything narrower than two buttons makes no sense."""
        return QSize(look().px(28) * 2 + 8, look().px(34))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → move among the chips, ↓ and Esc go back to the prompt."""
        shown: list[QWidget] = [*self._shown()]
        if self._more.isVisible():
            shown.append(self._more)
        focused = self.focusWidget()
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and focused in shown:
            target = shown[(shown.index(focused) + step) % len(shown)]
            target.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drops what does not fit into the ⋯ menu."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the title."""
        del event
        rect = QRectF(0, 0, self._title_width(), self.height())
        painter, tokens = QPainter(self), look().tokens
        draw_text(painter, rect, self._title, tokens.text3, 12, MEDIUM)
        for place in self._expected():
            fill = blend(tokens.panel, tokens.hover, 0.6)
            edge = tokens.line if tokens.high_contrast else None
            rounded(painter, place, place.height() / 2, fill, edge)

    def _expected(self) -> list[QRectF]:
        """Where the first suggestions will be, while they are made."""
        if self._chips or not self._waiting:
            return []
        gap, height = look().px(7), look().px(30)
        x = self._title_width() + (look().px(9) if self._title_width() else 0)
        places = []
        for wide in EXPECTED:
            width = look().px(wide)
            if x + width + gap + look().px(28) > self.width():
                break
            places.append(QRectF(x, (self.height() - height) / 2, width, height))
            x += width + gap
        return places

    def _title_width(self) -> float:
        # The title is the first thing to go when the row is narrow.
        return text_width(self._title, 12, MEDIUM) if self.width() >= look().px(360) else 0.0

    def _shown(self) -> list[Chip]:
        return [c for c in self._chips if c not in self._hidden]

    def _place(self) -> None:
        gap, side = look().px(7), look().px(28)
        x = self._title_width()
        x += look().px(9) if x else 0
        room = self.width() - side - gap
        widths = [c.sizeHint().width() for c in self._chips]
        total = x + sum(widths) + gap * len(widths)
        if total > room:
            room -= side + gap
        self._hidden = []
        middle = self.height() / 2
        if expected := self._expected():
            x = expected[-1].right() + gap
        for chip, width in zip(self._chips, widths, strict=True):
            fits = x + width <= room and not self._hidden
            # Even the narrowest row shows the best suggestion, elided.
            if not fits and chip is self._chips[0]:
                width = max(round(room - x), look().px(60))  # noqa: PLW2901
                fits = True
            if not fits:
                self._hidden.append(chip)
                chip.hide()
                continue
            height = chip.sizeHint().height()
            chip.setGeometry(round(x), round(middle - height / 2), width, height)
            chip.show()
            x += width + gap
        for button, visible in ((self._more, bool(self._hidden)), (self._again, True)):
            button.setVisible(visible)
            if visible:
                button.setGeometry(round(x), round(middle - side / 2), side, side)
                x += side + gap
        self.updateGeometry()
        self.update()

    def _take(self, chip_id: str, run: bool) -> None:
        (self.run_asked if run else self.taken).emit(chip_id)

    def open_above(self, widget: QWidget) -> None:
        """All chips as a menu over `widget`: where there is no room for the row."""
        menu = self._menu_of(self._chips)
        menu.setObjectName("suggestions-menu")
        menu.addSeparator()
        menu.addAction(icon("refresh-cw"), self.tr("Other suggestions"), self.refresh_asked.emit)
        top = widget.mapToGlobal(QPoint(0, 0))
        menu.popup(QPoint(top.x(), max(0, top.y() - menu.sizeHint().height() - 4)))
        if self._chips:
            menu.setActiveAction(menu.actions()[0])

    def _menu_of(self, chips: Sequence[Chip]) -> QMenu:
        menu = QMenu(self.window())
        menu.setAccessibleName(self.accessibleName())
        menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        for chip in chips:
            action = menu.addAction(diff_text(chip.data.spans))
            action.setToolTip(chip.data.reason)
            action.triggered.connect(partial(self._take, chip.data.id, False))
        return menu

    def _open_more(self) -> None:
        self._menu_of(self._hidden).popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _open_menu(self, chip: Chip, at: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        pin = menu.addAction(self.tr("Unpin") if chip.data.pinned else self.tr("Pin"))
        pin.setIcon(icon("check" if chip.data.pinned else "plus"))
        pin.triggered.connect(lambda: self.pin_asked.emit(chip.data.id, not chip.data.pinned))
        never = menu.addAction(icon("x"), self.tr("Never suggest this"))
        never.triggered.connect(lambda: self.refused.emit(chip.data.id))
        menu.popup(at)

    def _turn_on(self) -> None:
        self._angle = (self._angle + 15) % 360
        self._again.set_angle(self._angle or 0.01)
