"""Strokes shared by all painted widgets: rounded boxes, key caps, the focus ring."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.theme.theme import RADIUS_KEY, REGULAR, SEMIBOLD, look

FOCUS_WIDTH: Final = 2.0
FOCUS_GAP: Final = 2.0
FOCUS_RADIUS_PROPERTY: Final = "focusRadius"


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
    *,
    dashed: bool = False,
) -> None:
    """Paints a rounded box whose border lies entirely inside `rect`, so that lines stay crisp."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
        return
    painter.setPen(QPen(border, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    half = width / 2
    inner = rect.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(inner, max(radius - half, 0), max(radius - half, 0))


def disabled_box(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Paints the dashed edge of what cannot be used; only high contrast needs more than its ink."""
    t = look().tokens
    if t.high_contrast:
        rounded(painter, rect, radius, None, t.text3, dashed=True)


def blend(a: QColor, b: QColor, share: float) -> QColor:
    """Returns `a` moved towards `b` by `share` (0 … 1), in encoded values."""
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


def text_width(text: str, size: int, weight: QFont.Weight = REGULAR) -> float:
    """Returns the advance of `text` in logical pixels."""
    return QFontMetricsF(look().font(size, weight)).horizontalAdvance(text)


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    color: QColor,
    size: int = 13,
    weight: QFont.Weight = REGULAR,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Paints one line, elided to `rect` and centred in its height; returns its width."""
    font = look().font(size, weight)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 0.5)
    painter.setFont(font)
    painter.setPen(color)
    width = metrics.horizontalAdvance(shown)
    x = rect.left()
    if align == Qt.AlignmentFlag.AlignHCenter:
        x += (rect.width() - width) / 2
    elif align == Qt.AlignmentFlag.AlignRight:
        x += rect.width() - width
    painter.drawText(QPointF(x, baseline(rect, metrics)), shown)
    return width


def baseline(rect: QRectF, metrics: QFontMetricsF) -> float:
    """Returns the baseline that centres capitals in `rect`, which looks truer than the box."""
    return round(rect.center().y() + metrics.capHeight() / 2)


def wrap_text(text: str, size: int, weight: QFont.Weight, width: float, lines: int) -> list[str]:
    """Breaks `text` at words into at most `lines` lines; the last is elided.

    A number at the end stays beside its word ("result 2").
    """
    metrics = QFontMetricsF(look().font(size, weight))
    words, out = text.split(), list[str]()
    if len(words) > 1 and words[-1].isdigit():
        words[-2:] = [" ".join(words[-2:])]
    while words:
        if len(out) == lines - 1:
            out.append(metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width))
            break
        line = words.pop(0)
        while words and metrics.horizontalAdvance(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        out.append(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width))
    return out


# -- key caps ----------------------------------------------------------------------------------


def key_cap_width(key: str) -> float:
    """Returns the width of a key cap."""
    return max(text_width(key, 11, SEMIBOLD) + 11, look().px(19))


def key_cap_height() -> float:
    """Returns the height of every key cap."""
    return QFontMetricsF(look().font(11, SEMIBOLD)).height() + 4


def draw_key_cap(
    painter: QPainter, left: float, middle: float, key: str, ink: QColor, border: QColor
) -> float:
    """Paints a key cap whose left edge is `left`, centred on `middle`; returns its width."""
    width, height = key_cap_width(key), key_cap_height()
    rect = QRectF(left, round(middle - height / 2), width, round(height))
    rounded(painter, rect, RADIUS_KEY, None, border)
    draw_text(painter, rect, key, ink, 11, SEMIBOLD, Qt.AlignmentFlag.AlignHCenter)
    return width


# -- focus -------------------------------------------------------------------------------------


def set_focus_radius(widget: QWidget, radius: float) -> None:
    """Lets the window's focus ring be drawn around `widget`, with this corner radius."""
    widget.setProperty(FOCUS_RADIUS_PROPERTY, radius)


def draw_focus(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Paints the focus ring just inside `rect` (for items of views, which paint themselves)."""
    rounded(painter, rect, radius, None, look().tokens.focus, FOCUS_WIDTH)


class FocusRing(QWidget):
    """Draws the focus ring of one window: 2 px wide, 2 px away from the control.

    It lies above everything and takes no input, so no control has to keep room for a ring. A
    click shows no ring: who points at a control knows where it is.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._followed: list[QWidget] = []
        self._radius = 0.0
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def show_on(self, widget: QWidget | None) -> None:
        """Puts the ring around `widget`, or takes it away."""
        for old in self._followed:
            old.removeEventFilter(self)
        self._followed = []
        radius = None if widget is None else widget.property(FOCUS_RADIUS_PROPERTY)
        if widget is None or radius is None:
            self.hide()
            return
        self._radius = float(radius)
        step: QWidget | None = widget
        while step is not None and step is not self.parentWidget():
            step.installEventFilter(self)
            self._followed.append(step)
            step = step.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the focused control and everything it sits in."""
        kinds = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in kinds:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the ring."""
        del event
        painter = QPainter(self)
        draw_focus(painter, QRectF(self.rect()), self._radius + FOCUS_GAP + FOCUS_WIDTH)

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        pointed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        inside = new is not None and new.window() is self.parentWidget()
        self.show_on(new if inside and not pointed else None)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None or not self._followed or not self._followed[0].isVisible():
            self.hide()
            return
        widget = self._followed[0]
        grow = round(FOCUS_GAP + FOCUS_WIDTH)
        rect = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))
        self.setGeometry(rect.adjusted(-grow, -grow, grow, grow))
        self.show()
        self.raise_()


def translate(context: str, text: str) -> str:
    """Translates `text` outside a `QObject`; both arguments are literals where it is called."""
    return QCoreApplication.translate(context, text)
