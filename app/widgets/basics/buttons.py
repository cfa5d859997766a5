"""Buttons: gold, quiet, link, icon tool."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, RADIUS_CONTROL, SEMIBOLD, look
from app.widgets.basics.key_caps import key_caps
from app.widgets.basics.painting import (
    blend,
    disabled_box,
    draw_key_cap,
    draw_text,
    key_cap_width,
    rounded,
    set_focus_radius,
    text_width,
)

TOOL_SIZE: Final = 36
TOOL_ICON: Final = 19
HOLD_MS: Final = 350
"""A button that stands for several tools shows them when it is held this long."""
ButtonKind = Literal["gold", "quiet", "flat"]


class Button(QAbstractButton):
    """Base of the painted buttons: hover, theme changes, focus ring, Enter as well as Space."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_focus_radius(self, RADIUS_CONTROL)
        self._waits_for_focus = False
        self._says: tuple[str, str, str] | None = None
        look().changed.connect(self._relook)

    def setEnabled(self, on: bool) -> None:
        """Keeps the focus from the neighbour, and takes it again where nothing else has it.

        A button that its own click disables would otherwise hand the focus to whatever stands
        beside it, where the next Enter does something else.
        """
        if not on and self.hasFocus():
            self._waits_for_focus = True
            self.clearFocus()
        super().setEnabled(on)
        if on and self._waits_for_focus:
            self._waits_for_focus = False
            if self.window().focusWidget() is None:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def setVisible(self, on: bool) -> None:
        """As `setEnabled`: what hides under the focus gives it to nothing else."""
        if not on and self.hasFocus():
            self.clearFocus()
        super().setVisible(on)

    def _relook(self) -> None:
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Presses on Enter too, as the focused control is what the artist means."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Buttons do not shrink; rows drop what does not fit."""
        return self.sizeHint()

    def explain(self, name: str, key: str = "", why: str = "") -> None:
        """Sets name, tooltip and description; `why` says why the control is disabled."""
        self.setAccessibleName(name)
        self.setToolTip("\n".join(filter(None, [f"{name}  {key}" if key else name, why])))
        self.setAccessibleDescription(" ".join(filter(None, [key, why])))

    def explain_action(self, name: str, action_id: str, why: str = "") -> None:
        """As `explain`, with the key of an action, also after it was given another one."""
        if self._says is None:
            key_caps().changed.connect(self._say_key)
        self._says = name, action_id, why
        self._say_key()

    def _say_key(self) -> None:
        if self._says is not None:
            name, action_id, why = self._says
            self.explain(name, key_caps().of(action_id), why)


class PushButton(Button):
    """A button with words and, where it has one, its key in a cap.

    `gold` is the one next step of the whole window: there is one at a time.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        kind: ButtonKind = "quiet",
        key: str = "",
        icon_name: str = "",
        height: int = 34,
    ) -> None:
        super().__init__(parent)
        self._kind: ButtonKind = kind
        self._gives_way = False
        self._key, self._icon, self._height = key, icon_name, height
        self._least = 0
        self.set_content(text, key)

    @property
    def kind(self) -> ButtonKind:
        """How the button looks; a gold one that gives way is quiet."""
        return "quiet" if self._is_second else self._kind

    @property
    def key(self) -> str:
        """The key in the cap."""
        return "" if self._is_second else self._key

    @property
    def _is_second(self) -> bool:
        return self._gives_way and self._kind == "gold"

    def set_gives_way(self, on: bool) -> None:
        """Another button is the next step now: gold turns quiet, and loses the cap of its key."""
        if on != self._gives_way:
            self._gives_way = on
            self._relook()

    def set_kind(self, kind: ButtonKind) -> None:
        """Turns the button gold or quiet."""
        if kind != self._kind:
            self._kind = kind
            self.update()

    def set_content(self, text: str, key: str = "") -> None:
        """Changes words and key cap; the width only changes if `set_least_width` is too small."""
        self.setText(text)
        self._key = key
        name = text.replace("&", "")
        if self._says is None:
            self.explain(name, key)
        else:  # the tooltip keeps the key where there is no room for its cap
            self.explain_action(name, *self._says[1:])
        self._relook()

    def set_least_width(self, width: int) -> None:
        """Keeps the row from shifting when the words change (before text scaling)."""
        self._least = width
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Words, cap and padding."""
        size = self._font_size
        width = text_width(self.text(), size, SEMIBOLD) + 2 * look().px(self._padding)
        width += key_cap_width(self.key) + 8 if self.key else 0
        width += look().px(16) + (7 if self.text() else 0) if self._icon else 0
        line = QFontMetricsF(look().font(size, SEMIBOLD)).height()
        height = max(look().px(self._height), round(line) + 12)
        return QSize(max(round(width), look().px(self._least)), height)

    @property
    def _font_size(self) -> int:
        return 15 if self._height >= 40 else 13

    @property
    def _padding(self) -> int:
        return 16 if self._height >= 40 else 10

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Returns fill, border and ink for the present state."""
        t = look().tokens
        hot, down = self.underMouse() and self.isEnabled(), self.isDown()
        if self.kind == "gold" and self.isEnabled():
            fill = blend(t.accent, QColor("#000000" if t.dark else "#5A3E00"), 0.14 if down else 0)
            if hot and not down:
                fill = blend(t.accent, QColor("#FFFFFF"), 0.18)
            return fill, t.accent_edge, t.on_accent
        ink = t.text if self.isEnabled() else t.text3
        if self.kind == "flat":
            return (t.hover if hot or down else None), None, ink
        border = t.edge if not t.dark or t.high_contrast else blend(t.raised, t.edge, 0.28)
        fill = t.hover if hot or down else t.raised
        if down:
            fill = blend(t.hover, t.line, 0.6)
        if not self.isEnabled():
            return (None, None, ink) if t.high_contrast else (t.raised, t.line, ink)
        return fill, border, ink

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints box, words and cap."""
        del event
        painter, rect = QPainter(self), QRectF(self.rect())
        fill, border, ink = self._colors()
        rounded(painter, rect, RADIUS_CONTROL, fill, border)
        if not self.isEnabled():
            disabled_box(painter, rect, RADIUS_CONTROL)
        size = self._font_size
        content = self.sizeHint().width() if not self._least else self._content_width()
        x = rect.left() + max((rect.width() - content) / 2, 0) + look().px(self._padding)
        middle = rect.center().y()
        if self._icon:
            side = look().px(16)
            box = QRectF(x, rect.top(), side, rect.height())
            paint_icon(painter, box, self._icon, ink, side)
            x += side + 7
        room = rect.right() - look().px(self._padding) - x
        room -= key_cap_width(self.key) + 8 if self.key else 0
        area = QRectF(x, rect.top(), max(room, 1), rect.height())
        x += draw_text(painter, area, self.text(), ink, size, SEMIBOLD) + 8
        if self.key:
            gold = self.kind == "gold" and self.isEnabled()
            quiet = ink if gold else look().tokens.text2
            if not self.isEnabled():
                quiet = ink
            ground = fill or look().tokens.window
            draw_key_cap(painter, x, middle, self.key, quiet, blend(ground, quiet, 0.42))

    def _content_width(self) -> int:
        least, self._least = self._least, 0
        width = self.sizeHint().width()
        self._least = least
        return width


class LinkButton(Button):
    """Underlined words, for an action inside a sentence or card."""

    def __init__(
        self, text: str, parent: QWidget | None = None, *, size: int = 13, token: str = "text"
    ) -> None:
        super().__init__(parent)
        self._size, self._token = size, token
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_content(self, text: str) -> None:
        """Changes the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self._relook()

    def sizeHint(self) -> QSize:
        """The words, and a target of at least 28."""
        return QSize(round(text_width(self.text(), self._size, MEDIUM)) + 2, look().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the words and their line."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        ink = getattr(t, self._token) if self.isEnabled() else t.text3
        width = draw_text(painter, rect, self.text(), ink, self._size, MEDIUM)
        metrics = QFontMetricsF(look().font(self._size, MEDIUM))
        y = round(rect.center().y() + metrics.capHeight() / 2 + look().px(3)) + 0.5
        dashed = not self.isEnabled() and t.high_contrast
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink if self.underMouse() or dashed else t.edge, 1, style))
        painter.drawLine(QPoint(0, round(y)), QPoint(round(width), round(y)))


class ToolButton(Button):
    """An icon in a 36 px square: tools, undo, refresh. Checked = the active tool.

    Signals:
        others_asked(): held, or clicked with the right button; only after `set_has_others`.
    """

    others_asked = Signal()

    def __init__(
        self,
        icon_name: str,
        name: str,
        key: str = "",
        parent: QWidget | None = None,
        *,
        checkable: bool = False,
        size: int = TOOL_SIZE,
        icon_size: int = TOOL_ICON,
    ) -> None:
        super().__init__(parent)
        self._icon, self._side, self._icon_size = icon_name, size, icon_size
        self._angle = 0.0
        self._has_others = False
        self._hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._hold.timeout.connect(self._held)
        self.setCheckable(checkable)
        self.explain(name, key)

    def set_has_others(self) -> None:
        """The button stands for several tools: holding it asks for the others."""
        self._has_others = True
        self.pressed.connect(self._hold.start)
        self.released.connect(self._hold.stop)
        self.update()

    def _held(self) -> None:
        self.setDown(False)
        self.others_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right click asks for the other tools too."""
        if self._has_others:
            self.others_asked.emit()
        else:
            super().contextMenuEvent(event)

    def set_icon(self, name: str) -> None:
        """Shows another icon."""
        self._icon = name
        self.update()

    def set_angle(self, degrees: float) -> None:
        """Turns the icon (the ↻ of the suggestions while new ones are made)."""
        self._angle = degrees
        self.update()

    def sizeHint(self) -> QSize:
        """A square that grows with the text, as its icon does."""
        return QSize(look().px(self._side), look().px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the square when it means something, and the icon."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        ink = t.text2
        if self.isChecked():
            border = t.edge if t.high_contrast else None
            rounded(painter, rect, RADIUS_CONTROL, t.hover if t.dark else t.raised, border)
            ink = t.text
        elif self.isEnabled() and (self.underMouse() or self.isDown()):
            rounded(painter, rect, RADIUS_CONTROL, t.raised if t.dark else t.hover)
            ink = t.text
        if not self.isEnabled():
            ink = t.text3 if t.high_contrast else blend(t.window, t.text3, 0.75)
            disabled_box(painter, rect.adjusted(3, 3, -3, -3), RADIUS_CONTROL)
        if self._has_others:
            corner, edge = rect.bottomRight() - QPointF(4, 4), look().px(5)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.text2)
            painter.drawPolygon([corner, corner - QPointF(edge, 0), corner - QPointF(0, edge)])
        side = look().px(self._icon_size)
        if self._angle:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(rect.center())
            painter.rotate(self._angle)
            painter.translate(-rect.center())
        paint_icon(painter, rect, self._icon, ink, side)
