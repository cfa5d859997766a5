"""The message line, the only place for messages about the job; one line or more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, REGULAR, look
from app.widgets.basics.buttons import LinkButton, ToolButton
from app.widgets.basics.painting import draw_text, text_width, wrap_text
from app.widgets.prompt.diff import (
    DiffSpan,
    diff_spoken,
    diff_width,
    paint_diff,
    paint_wrapped_diff,
)

BUTTON_GAP = 10
"""Between the words and a button, and between two buttons."""
LEAST_WORDS = 40
"""Room that two buttons must leave to the words, else one of them, or both, are left out."""

FILLED = 0.9
"""Share of the width of several lines that words surely get: one may not fit at a line's end."""

LineMessageKind = Literal["error", "notice", "progress", "read_as", "sees", "quiet"]


@dataclass(frozen=True)
class LineMessage:
    """One message; what is too long for a line stands on two.

    Attributes:
        kind: `error` and `notice` stand before progress, progress before the caption.
        text: one sentence; with `spans`, the caption that the pencil opens.
        button: verb on the button, or "".
        action: handed out when the button is pressed.
        second_button, second_action: the same of a second button.
        mark: a word beside the line's label, such as "live".
        spans: caption before and after as a typed diff.
        editable: it is a caption that the artist can correct with the pencil. What the words for
            tone and colour were read as is none: the words themselves stand right above it.
    """

    kind: LineMessageKind
    text: str = ""
    button: str = ""
    action: str = ""
    spans: tuple[DiffSpan, ...] = ()
    editable: bool = False
    second_button: str = ""
    second_action: str = ""
    mark: str = ""

    @property
    def spoken(self) -> str:
        """The message for a screen reader."""
        return diff_spoken(self.spans) or self.text


class MessageLine(QWidget):
    """Shows a message if there is one, else the caption.

    Words that are too long for a line stand on several of smaller type.

    Signals:
        button_clicked(str): action of the message whose button was pressed.
        caption_asked(): the pencil: the caption is to be corrected.
    """

    button_clicked = Signal(str)
    caption_asked = Signal()

    def __init__(self, parent: QWidget | None = None, *, speaks: bool = True) -> None:
        """Args: `speaks` has messages spoken; of two lines that show the same one does."""
        super().__init__(parent)
        self._speaks = speaks
        self.setObjectName("message")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lines = 2
        self._message: LineMessage | None = None
        self._caption: LineMessage | None = None
        self._button = LinkButton("", self)
        self._button.setObjectName("message-button")
        self._button.clicked.connect(self._press)
        self._second = LinkButton("", self)
        self._second.setObjectName("message-second-button")
        self._second.clicked.connect(self._press_second)
        self._pencil = ToolButton("pencil", self.tr("Correct what it sees"), "", self, size=28,
                                  icon_size=13)  # fmt: skip
        self._pencil.setObjectName("caption-edit")
        self._pencil.clicked.connect(self.caption_asked)
        self._place()
        look().changed.connect(self._place)

    def set_lines(self, lines: int) -> None:
        """How many lines there is room for: two, more where they are short."""
        if lines != self._lines:
            self._lines = lines
            self._place()

    @property
    def message(self) -> LineMessage | None:
        """The message before the caption, if there is one."""
        return self._message

    @property
    def shown(self) -> LineMessage | None:
        """The text of the line."""
        return self._message or self._caption

    def set_message(self, message: LineMessage | None) -> None:
        """Shows a message over the caption and has it spoken; `None` shows the caption."""
        changed = message != self._message
        self._message = message
        self._place()
        # Progress is spoken in quarters only, by whoever counts the steps.
        if changed and self._speaks and message is not None and message.kind in {"error", "notice"}:
            announce(self, message.spoken, urgent=message.kind == "error")

    def set_caption(self, caption: LineMessage | None) -> None:
        """Sets the text of the line when there is no message."""
        self._caption = caption
        self._place()

    def sizeHint(self) -> QSize:
        """Room for its lines; its height never depends on what it says."""
        lines = self._lines * QFontMetricsF(look().font(12)).lineSpacing()
        return QSize(look().px(200), max(round(lines) + 2, look().px(34)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places the button behind the words."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints sign and words."""
        del event
        message = self.shown
        if message is None:
            return
        t, painter = look().tokens, QPainter(self)
        x = 0.0
        ink = t.text if message.kind in {"error", "notice"} else t.text2
        if message.kind == "error":
            side = look().px(15)
            paint_icon(painter, QRectF(0, 0, side, self.height()), "triangle-alert", t.warn, side)
            x = side + 7.0
        label = self._label(message)
        if label:
            area = QRectF(x, 0, self.width() - x, self.height())
            x += draw_text(painter, area, label, t.text3, 12, MEDIUM) + look().px(8)
        end = self._end_of_words()
        area = QRectF(x, 0, max(end - x, 1), self.height())
        if message.spans and diff_width(message.spans) <= area.width():
            paint_diff(painter, area, message.spans, ink=t.text2)
        elif message.spans:
            paint_wrapped_diff(
                painter, area, message.spans, lines=self._lines, size=12, ink=t.text2
            )
        else:
            words = message.text
            if message.kind == "sees":
                words = self._shortened(words, area.width())
            _draw_words(painter, area, words, ink, self._lines)

    def _shortened(self, caption: str, width: float) -> str:
        """A caption that is too long for two lines, up to a comma; the pencil opens all of it."""
        parts = caption.split(", ")
        for count in range(len(parts), 1, -1):
            left = len(parts) - count
            words = ", ".join(parts[:count])
            if left:
                words = self.tr("{0}, {1} more").format(words, left)
            if text_width(words, 12) <= FILLED * self._lines * width:
                return words
        return caption

    def _label(self, message: LineMessage) -> str:
        labels = {"read_as": self.tr("Read as"), "sees": self.tr("Sees")}
        label = labels.get(message.kind, "")
        if message.kind != "read_as":
            return label
        words = diff_width(message.spans) if message.spans else text_width(message.text, 13)
        # The words come first: no room, no mark; none on all lines, no label.
        marked = f"{label} · {message.mark}" if message.mark else label
        for text, lines in ((marked, 1.0), (label, FILLED * self._lines)):
            room = self._end_of_words() - text_width(text, 12, MEDIUM) - look().px(8)
            if words <= lines * room:
                return text
        return ""

    def _words_width(self, message: LineMessage) -> float:
        label = self._label(message)
        width = text_width(label, 12, MEDIUM) + look().px(8) if label else 0.0
        width += look().px(15) + 7 if message.kind == "error" else 0
        if message.spans:
            return width + diff_width(message.spans)
        return width + text_width(message.text, 13)

    def _tail(self) -> tuple[QWidget, ...]:
        """What stands behind the words."""
        message = self.shown
        if message is None:
            return ()
        if message.button and message.second_button:
            both = self._button, self._second
            tails: tuple[tuple[QWidget, ...], ...] = (both, both[:1], both[1:], ())
            least = look().px(LEAST_WORDS)
            return next((tail for tail in tails if self._end_before(tail) >= least), ())
        if message.button:
            return (self._button,)
        return (self._pencil,) if message.editable else ()

    def _end_of_words(self) -> float:
        return self._end_before(self._tail())

    def _end_before(self, tail: tuple[QWidget, ...]) -> float:
        """How far words go before these widgets."""
        gaps = look().px(6) + look().px(BUTTON_GAP) * (len(tail) - 1)
        return self.width() - (sum(w.sizeHint().width() for w in tail) + gaps if tail else 0.0)

    def _place(self) -> None:
        message = self.shown
        tail: tuple[QWidget, ...] = ()
        self.setAccessibleName("" if message is None else message.spoken)
        if message is not None:
            self._button.set_content(message.button)
            self._second.set_content(message.second_button)
            tail = self._tail()
            too_long = self._words_width(message) > self._end_of_words()
            self.setToolTip(message.spoken if too_long else "")
        for widget in (self._button, self._second, self._pencil):
            widget.setVisible(widget in tail)
        if message is not None:
            gap = look().px(BUTTON_GAP if message.button else 2)
            x = min(self._words_width(message) + gap, self._end_of_words() + look().px(6))
            for behind in tail:
                hint = behind.sizeHint()
                top = round((self.height() - hint.height()) / 2)
                behind.setGeometry(round(x), top, hint.width(), hint.height())
                x += hint.width() + look().px(BUTTON_GAP)
        self.updateGeometry()
        self.update()

    def _press(self) -> None:
        if self.shown is not None:
            self.button_clicked.emit(self.shown.action)

    def _press_second(self) -> None:
        if self.shown is not None:
            self.button_clicked.emit(self.shown.second_action)


def _draw_words(painter: QPainter, area: QRectF, text: str, ink: QColor, most: int) -> None:
    """On one line, or on at most so many of smaller type where that is too narrow."""
    if text_width(text, 13) <= area.width():
        draw_text(painter, area, text, ink, 13)
        return
    lines = wrap_text(text, 12, REGULAR, area.width(), most)
    step = QFontMetricsF(look().font(12)).lineSpacing()
    top = area.center().y() - step * len(lines) / 2
    for number, line in enumerate(lines):
        draw_text(
            painter, QRectF(area.left(), top + number * step, area.width(), step), line, ink, 12
        )


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Has `text` spoken by a screen reader, politely unless urgent."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    polite = QAccessible.AnnouncementPoliteness
    event.setPoliteness(polite.Assertive if urgent else polite.Polite)
    QAccessible.updateAccessibility(event)
