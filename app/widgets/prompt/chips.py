"""Suggestion chips: what could be said next, best first, in one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from app.theme.icons import icon, paint_icon
from app.theme.theme import MEDIUM, RADIUS_CHIP, look
from app.widgets.basics.buttons import Button, ToolButton
from app.widgets.basics.painting import blend, draw_text, rounded, set_focus_radius, text_width
from app.widgets.prompt.chip_picture import ChipPicture
from app.widgets.prompt.diff import DiffSpan, diff_spoken, diff_text


@dataclass(frozen=True)
class ChipData:
    """A suggestion.

    Attributes:
        id: handed out when it is taken.
        words: what it does, as it goes into the box: "Remove the apple tree".
        spans: what it would change in the caption, shown on hover and focus.
        reason: why it is suggested, shown there too.
        pinned: kept in the row by the artist.
        fixed: no suggestion, so it has no menu to pin or refuse it.
    """

    id: str
    words: str
    spans: tuple[DiffSpan, ...] = ()
    reason: str = ""
    pinned: bool = False
    fixed: bool = False

    @property
    def hint(self) -> str:
        """What it changes and why, for a tooltip."""
        return "\n".join(filter(None, [diff_text(self.spans), self.reason]))

    @property
    def spoken(self) -> str:
        """The same for a screen reader."""
        return ". ".join(filter(None, [diff_spoken(self.spans), self.reason]))


MOST: Final = 5
"""Chips in the row; ↻ brings others."""

_BY_KEY: Final = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class Chip(Button):
    """One suggestion."""

    taken = Signal(bool)  # True: run at once
    menu_asked = Signal(QPoint)

    def __init__(self, data: ChipData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = data
        self.setObjectName(f"chip-{data.id}")
        set_focus_radius(self, RADIUS_CHIP)
        self.setText(data.words)
        self.setAccessibleName(data.words)
        self.setAccessibleDescription(data.spoken)
        self.setToolTip(data.hint)
        self._picture = ChipPicture()

    def set_picture(self, picture: ChipPicture) -> None:
        """What its edit would look like; the tooltip has it larger."""
        self._picture = picture
        self.setToolTip(picture.tooltip(self.data.hint))
        self.update()

    def sizeHint(self) -> QSize:
        """The whole text between round ends, behind mark and picture."""
        pin = look().px(14) + 5 if self.data.pinned else 0
        pin += self._picture.width
        width = text_width(self.data.words, 13, MEDIUM) + 2 * look().px(12) + pin
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows by key what the pointer shows: the difference and the reason."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)

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
        inner.setLeft(inner.left() + self._picture.width)
        self._picture.paint(painter, rect)
        if self.data.pinned:
            side = look().px(14)
            box = QRectF(inner.left(), 0, side, rect.height())
            paint_icon(painter, box, "check", t.text3, side)
            inner.setLeft(inner.left() + side + 5)
        draw_text(painter, inner, self.data.words, t.text, 13, MEDIUM)


class ChipRow(QWidget):
    """The row of at most `MOST` chips with its title and ↻; a chip that does not fit is not shown.

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
        self._pictures: Mapping[str, ChipPicture] = {}
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
        """All chips, also those for which there is no room, best first."""
        return list(self._chips)

    def set_chips(self, chips: Sequence[ChipData]) -> None:
        """Replaces all chips together, so that the row changes once; the first `MOST` are taken."""
        focused = any(old.hasFocus() for old in self._chips)
        for old in self._chips:
            old.clearFocus()  # else Qt hands it on as if Tab had been pressed
            old.hide()
            old.deleteLater()
        self._chips = []
        for data in chips[:MOST]:
            chip = Chip(data, self)
            chip.taken.connect(partial(self._take, data.id))
            chip.set_picture(self._pictures.get(data.id, ChipPicture()))
            if not data.fixed:
                chip.menu_asked.connect(partial(self._open_menu, chip))
            self._chips.append(chip)
        self._place()
        if focused and self._shown():
            self._shown()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_pictures(self, pictures: Mapping[str, ChipPicture]) -> None:
        """By id of the chip what it would look like; also for chips that are set later."""
        self._pictures = pictures
        for chip in self._chips:
            chip.set_picture(pictures.get(chip.data.id, ChipPicture()))
        self._place()

    def set_waiting(self, waiting: bool) -> None:
        """Turns the ↻ while new suggestions are made; an empty row says what is going on."""
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
        """Anything narrower than its button makes no sense."""
        return QSize(look().px(28) + 8, look().px(34))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → move among the chips, ↓ and Esc go back to the prompt."""
        shown: list[QWidget] = [*self._shown()]
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
        """Shows the chips that fit."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the title."""
        del event
        rect = QRectF(0, 0, self._title_width(), self.height())
        painter, tokens = QPainter(self), look().tokens
        draw_text(painter, rect, self._heading, tokens.text3, 12, MEDIUM)

    @property
    def _heading(self) -> str:
        looking = self._waiting and not self._chips
        return self.tr("Looking at the picture") if looking else self._title

    def _title_width(self) -> float:
        # The title is the first thing to go when the row is narrow.
        return text_width(self._heading, 12, MEDIUM) if self.width() >= look().px(360) else 0.0

    def _shown(self) -> list[Chip]:
        return [chip for chip in self._chips if not chip.isHidden()]

    def _place(self) -> None:
        gap, side = look().px(7), look().px(28)
        x = self._title_width()
        x += look().px(9) if x else 0
        room = self.width() - side - gap
        middle = self.height() / 2
        for chip in self._chips:
            size = chip.sizeHint()
            fits = x + size.width() <= room
            chip.setVisible(fits)
            if fits:
                chip.setGeometry(round(x), round(middle - size.height() / 2), *size.toTuple())
                x += size.width() + gap
        self._again.setGeometry(round(x), round(middle - side / 2), side, side)
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
            action = menu.addAction(chip.data.words)
            action.setToolTip(chip.data.hint)
            action.triggered.connect(partial(self._take, chip.data.id, False))
        return menu

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
