"""A caption as words that wrap, each of which can be pointed at and chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, SEMIBOLD, look
from app.widgets.basics.message_line import announce
from app.widgets.basics.painting import baseline, draw_focus, rounded, text_width

_HEIGHT, _PAD, _GAP, _ICON = 26, 9, 4, 12
_RADIUS = 6

WordKind = Literal["plain", "insert", "delete"]


@dataclass(frozen=True)
class WordToken:
    """A word of a caption.

    Attributes:
        text: as written.
        kind: whether the other caption has it too.
        weight: shown where it is not 1.
        locked: it stays in every rewritten caption.
    """

    text: str
    kind: WordKind = "plain"
    weight: float = 1.0
    locked: bool = False


class WordTokens(QWidget):
    """The words in rows; arrows walk through them.

    Signals:
        chosen(int): a word was clicked or walked to.
        pointed(int): the pointer or the focus came to a word; -1 where it is on none now.
        weight_asked(int): Ctrl+↑ = +1, Ctrl+↓ = -1.
        replace_asked(), remove_asked(), lock_asked(): Enter, Delete, L.
    """

    chosen = Signal(int)
    pointed = Signal(int)
    weight_asked = Signal(int)
    replace_asked = Signal()
    remove_asked = Signal()
    lock_asked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._tokens: tuple[WordToken, ...] = ()
        self._current = self._hot = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look().changed.connect(self.updateGeometry)

    @property
    def tokens(self) -> tuple[WordToken, ...]:
        """The words."""
        return self._tokens

    @property
    def current(self) -> int:
        """Index of the chosen word, -1 for none."""
        return self._current

    def set_tokens(self, tokens: Sequence[WordToken]) -> None:
        """Show other words; the chosen place stays where there still is one."""
        if tuple(tokens) == self._tokens:
            return
        self._tokens = tuple(tokens)
        self._current = min(self._current, len(self._tokens) - 1)
        self._describe()
        self.updateGeometry()
        self.update()

    def set_current(self, index: int) -> None:
        """Choose a word without telling anybody; -1 for none."""
        self._current = index
        self._describe()
        self.update()

    def spoken(self, index: int) -> str:
        """A word for a screen reader: "grey, added, weight 1.4"."""
        token = self._tokens[index]
        kinds = {"plain": "", "insert": self.tr("added"), "delete": self.tr("removed")}
        weight = self.tr("weight {0}").format(f"{token.weight:g}") if token.weight != 1 else ""
        locked = self.tr("locked") if token.locked else ""
        return ", ".join(filter(None, [token.text, kinds[token.kind], weight, locked]))

    def _describe(self) -> None:
        words = "; ".join(map(self.spoken, range(len(self._tokens))))
        self.setAccessibleName(f"{self._name}: {words}")

    # --- layout -----------------------------------------------------------------------------

    def _font_width(self, token: WordToken) -> float:
        px = look().px
        width = text_width(token.text, 13, SEMIBOLD if token.kind == "insert" else MEDIUM)
        if token.weight != 1:
            width += px(6) + text_width(_weight(token), 11, SEMIBOLD)
        if token.locked:
            width += px(_ICON + 4)
        return width + 2 * px(_PAD)

    def _places(self, width: float) -> list[QRectF]:
        px = look().px
        x = y = 0.0
        found = []
        for token in self._tokens:
            wide = min(self._font_width(token), width)
            if x and x + wide > width:
                x, y = 0.0, y + px(_HEIGHT + _GAP)
            found.append(QRectF(x, y, wide, px(_HEIGHT)))
            x += wide + px(_GAP)
        return found

    def hasHeightForWidth(self) -> bool:
        """Rows wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As many rows as the words need."""
        places = self._places(width)
        return round(places[-1].bottom()) + 1 if places else look().px(_HEIGHT)

    def sizeHint(self) -> QSize:
        """As high as the words are at the present width."""
        width = self.width() or look().px(300)
        return QSize(look().px(200), self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the new width needs."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    # --- pointer and keys -------------------------------------------------------------------

    def _at(self, point: QPointF) -> int:
        places = self._places(self.width())
        return next((i for i, place in enumerate(places) if place.contains(point)), -1)

    def _point(self, index: int) -> None:
        if index != self._hot:
            self._hot = index
            self.update()
            self.pointed.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The word under the pointer."""
        self._point(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """No word any more."""
        super().leaveEvent(event)
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a word."""
        event.accept()
        index = self._at(event.position())
        if index >= 0:
            self._choose(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Write another word in its place."""
        if self._at(event.position()) >= 0:
            self.replace_asked.emit()

    def _choose(self, index: int) -> None:
        self.set_current(index)
        announce(self, self.spoken(index))
        self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk; Ctrl+↑↓ weighs; Enter, Delete and L change the word."""
        key = Qt.Key(event.key())
        vertical = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(key)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        act = {
            Qt.Key.Key_Return: self.replace_asked,
            Qt.Key.Key_Enter: self.replace_asked,
            Qt.Key.Key_Delete: self.remove_asked,
            Qt.Key.Key_L: self.lock_asked,
        }.get(key)
        if vertical and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.weight_asked.emit(vertical)
        elif step and self._tokens:
            self._choose(min(max(self._current + step, 0), len(self._tokens) - 1))
        elif act is not None and self._current >= 0:
            act.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keeps Enter, Delete and L from the window's shortcuts while a word is chosen."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_L,
                   Qt.Key.Key_Left, Qt.Key.Key_Right)  # fmt: skip
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
            )  # fmt: skip
            if event.key() in own and plain and self._current >= 0:
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen word is pointed at, as by the pointer."""
        super().focusInEvent(event)
        if self._current >= 0 and self._hot < 0:
            self.pointed.emit(self._current)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What the focus pointed at is left; the pointer goes on."""
        super().focusOutEvent(event)
        self.pointed.emit(self._hot)
        self.update()

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the words."""
        del event
        painter = QPainter(self)
        for index, (token, place) in enumerate(
            zip(self._tokens, self._places(self.width()), strict=True)
        ):
            self._paint(painter, index, token, place)

    def _paint(self, painter: QPainter, index: int, token: WordToken, place: QRectF) -> None:
        t, px = look().tokens, look().px
        ink = {"plain": t.text, "insert": t.insert, "delete": t.delete}[token.kind]
        fill = t.insert_tint if token.kind == "insert" else t.raised if t.dark else t.field
        border = ink if token.kind != "plain" else t.edge
        if index == self._hot:
            fill = t.hover
        chosen = index == self._current
        if chosen:
            border = t.ring
        rounded(painter, place, _RADIUS, fill, None)
        pen = QPen(border, 2 if chosen else 1)
        if token.locked:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)
        x = place.left() + px(_PAD)
        if token.locked:
            box = QRectF(x, place.top(), px(_ICON), place.height())
            paint_icon(painter, box, "lock", t.text2, px(_ICON))
            x += px(_ICON + 4)
        weight = SEMIBOLD if token.kind == "insert" else MEDIUM
        font = look().font(13, weight, strike=token.kind == "delete")
        metrics = QFontMetricsF(font)
        room = place.right() - px(_PAD) - x
        base = baseline(place, metrics)
        text = metrics.elidedText(token.text, Qt.TextElideMode.ElideMiddle, room + 1)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QPointF(x, base), text)
        if token.weight != 1:
            x += metrics.horizontalAdvance(text) + px(6)
            painter.setFont(look().font(11, SEMIBOLD))
            painter.drawText(QPointF(x, base), _weight(token))
        if chosen and self.hasFocus():
            draw_focus(painter, place, _RADIUS)


def _weight(token: WordToken) -> str:
    return f"×{token.weight:g}"
