"""The prompt box: what the artist says, and the one line for messages about the job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from app.icons import paint_icon
from app.theme import MEDIUM, RADIUS_CONTROL, RADIUS_PANEL, look
from app.widgets.buttons import Button, PushButton, ToolButton
from app.widgets.choice import Choice, ChoiceButton
from app.widgets.message import Message, MessageLine
from app.widgets.painting import blend, draw_text, rounded, text_width

RunState = Literal["nothing", "run", "again", "cancel"]
COUNTS = (1, 2, 4, 6, 8)


class PromptEdit(QPlainTextEdit):
    """One line of 16 px that takes new lines by Shift+Enter and scrolls instead of growing.

    Signals:
        entered(bool): Enter; True with Ctrl.
        up_asked(): ↑ on the first line: to the chips.
        earlier_asked(int): Alt+↑ = -1, Alt+↓ = +1: earlier prompts.
        weight_asked(int): Ctrl+↑ = +1, Ctrl+↓ = -1: weight of the word at the caret.
        escaped(): Esc.
    """

    entered = Signal(bool)
    up_asked = Signal()
    earlier_asked = Signal(int)
    weight_asked = Signal(int)
    escaped = Signal()
    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt")
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One line is seen, so a long wish scrolls sideways instead of out of sight.
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What should change"))
        look().changed.connect(self._relook)
        self._relook()

    def _relook(self) -> None:
        font = look().font(16)
        self.setFont(font)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, look().tokens.text3)
        palette.setColor(QPalette.ColorRole.Text, look().tokens.text)
        self.setPalette(palette)
        self.setFixedHeight(round(QFontMetricsF(font).lineSpacing()) + 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keeps the keys the box has a meaning for; the rest is typing."""
        key, mods = event.key(), event.modifiers()
        control = bool(mods & Qt.KeyboardModifier.ControlModifier)
        vertical = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if mods & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.entered.emit(control)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif vertical is not None and mods & Qt.KeyboardModifier.AltModifier:
            self.earlier_asked.emit(vertical)
        elif vertical is not None and control:
            self.weight_asked.emit(-vertical)
        elif key == Qt.Key.Key_Up and self.textCursor().blockNumber() == 0:
            self.up_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Lets the box draw its own focus."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lets the box draw its own focus."""
        super().focusOutEvent(event)
        self.focused.emit(False)


class SelectionChip(Button):
    """The selection the job will act in: click for options, × clears."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt-selection")
        self._icon = "square-dashed"
        self._clear = ToolButton("x", self.tr("Clear the selection"), "Ctrl+D", self, size=28,
                                 icon_size=13)  # fmt: skip
        self._clear.clicked.connect(self.cleared)

    def set_content(self, text: str, icon_name: str) -> None:
        """Shows another selection."""
        self.setText(text)
        self._icon = icon_name
        self.explain(self.tr("Selection: {0}").format(text))
        self._relook()

    def sizeHint(self) -> QSize:
        """Icon, words and ×; long names are elided."""
        px = look().px
        words = min(text_width(self.text(), 12, MEDIUM), px(120))
        return QSize(round(words) + px(14 + 8 + 12) + px(28) + 4, px(46))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the × at the right edge."""
        super().resizeEvent(event)
        side = look().px(28)
        self._clear.setGeometry(
            self.width() - side - 2, round((self.height() - side) / 2), side, side
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints box, icon and words."""
        del event
        t, painter, rect, px = look().tokens, QPainter(self), QRectF(self.rect()), look().px
        fill = t.hover if self.underMouse() or not t.dark else t.raised
        rounded(painter, rect, RADIUS_CONTROL, fill, t.edge if t.high_contrast else None)
        paint_icon(painter, QRectF(px(10), 0, px(16), rect.height()), self._icon, t.text2, px(16))
        words = QRectF(px(34), 0, rect.width() - px(34) - px(28) - 2, rect.height())
        draw_text(painter, words, self.text(), t.text, 12, MEDIUM)


class PromptBox(QWidget):
    """Two lines: what the artist says, and what the program has to say about the job.

    Signals:
        text_changed(str), run_asked(str), again_asked(), cancel_asked(), escaped()
        up_asked(): to the chips.  earlier_asked(int), weight_asked(int): see `PromptEdit`.
        method_chosen(str), model_asked(str), count_chosen(int)
        selection_clicked(), selection_cleared()
        button_clicked(str): action id of the message's button.
        caption_edited(str): the artist corrected the caption.
    """

    text_changed = Signal(str)
    run_asked = Signal(str)
    again_asked = Signal()
    cancel_asked = Signal()
    escaped = Signal()
    up_asked = Signal()
    earlier_asked = Signal(int)
    weight_asked = Signal(int)
    method_chosen = Signal(str)
    model_asked = Signal(str)
    count_chosen = Signal(int)
    selection_clicked = Signal()
    selection_cleared = Signal()
    button_clicked = Signal(str)
    caption_edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt-box")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._state: RunState = "nothing"
        self._progress: float | None = None
        self.edit = PromptEdit(self)
        self.line = MessageLine(self)
        self.selection = SelectionChip(self)
        self.selection.hide()
        self.method = ChoiceButton(self.tr("Method"), (), self)
        self.method.setObjectName("method")
        self.count = ChoiceButton(self.tr("How many results"), self._counts(), self)
        self.count.setObjectName("count")
        self.count.set_current("4")
        self.run = PushButton(self.tr("Run"), self, key=self.tr("Enter"), height=40)
        self.run.setObjectName("run")
        self._lay_out()
        self.setTabOrder(self.edit, self.method)
        self.setTabOrder(self.method, self.count)
        self.setTabOrder(self.count, self.run)
        self._connect()
        self.set_run_state("nothing")
        look().changed.connect(self._relook)

    def _counts(self) -> list[Choice]:
        words = {1: self.tr("1 result")}
        return [
            Choice(str(n), words.get(n, self.tr("{0} results").format(n)), short=str(n))
            for n in COUNTS
        ]

    def _lay_out(self) -> None:
        self._outer = QHBoxLayout(self)
        self._outer.setSpacing(0)
        self._outer.addWidget(self.selection)
        self._outer.addSpacing(12)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(self.edit)
        lines.addWidget(self.line)
        lines.addStretch(1)
        self._outer.addLayout(lines, 1)
        self._outer.addSpacing(20)
        for widget in (self.method, self.count, self.run):
            self._outer.addWidget(widget)
            self._outer.addSpacing(6 if widget is not self.count else 10)
        self._relook()

    def _connect(self) -> None:
        self.edit.textChanged.connect(lambda: self.text_changed.emit(self.text))
        self.edit.entered.connect(lambda _: self._enter())
        self.edit.up_asked.connect(self.up_asked)
        self.edit.earlier_asked.connect(self.earlier_asked)
        self.edit.weight_asked.connect(self.weight_asked)
        self.edit.escaped.connect(self.escaped)
        self.edit.focused.connect(lambda _: self.update())
        self.run.clicked.connect(self._press)
        self.method.chosen.connect(self.method_chosen)
        self.method.add_asked.connect(self.model_asked)
        self.count.chosen.connect(lambda n: self.count_chosen.emit(int(n)))
        self.selection.clicked.connect(self.selection_clicked)
        self.selection.cleared.connect(self.selection_cleared)
        self.line.button_clicked.connect(self.button_clicked)
        self.line.caption_edited.connect(self.caption_edited)

    # -- what is shown -----------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What the artist says."""
        return self.edit.toPlainText()

    def set_text(self, text: str, *, select: bool = False) -> None:
        """Fills the box; selected, so that typing replaces a suggestion."""
        self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.Start)
        mode = cursor.MoveMode.KeepAnchor if select else cursor.MoveMode.MoveAnchor
        cursor.movePosition(cursor.MoveOperation.End, mode)
        self.edit.setTextCursor(cursor)

    def set_hint(self, text: str) -> None:
        """Sets the words shown while the box is empty."""
        self.edit.setPlaceholderText(text)

    @property
    def run_state(self) -> RunState:
        """What the button does."""
        return self._state

    def set_run_state(self, state: RunState, why: str = "") -> None:
        """Sets what the button does; `why` explains a Run that cannot be pressed."""
        self._state = state
        words = {
            "nothing": (self.tr("Run"), self.tr("Enter")),
            "run": (self.tr("Run"), self.tr("Enter")),
            "again": (self.tr("Again"), self.tr("Ctrl R")),
            "cancel": (self.tr("Cancel"), self.tr("Esc")),
        }
        self.run.set_content(*words[state])
        self.run.set_kind("gold" if state == "run" else "quiet")
        self.run.setEnabled(state != "nothing")
        if state == "nothing":
            name, key = words[state]
            self.run.explain(name, key, why or self.tr("Say what should change first."))

    def set_message(self, message: Message | None, *, caption: bool = False) -> None:
        """Shows a message in the line; `caption=True` sets what stands there when there is none."""
        if caption:
            self.line.set_caption(message)
        else:
            self.line.set_message(message)

    def set_progress(self, share: float | None) -> None:
        """Shows how far the job is (0 … 1) along the foot; `None` takes it away."""
        self._progress = share
        self.update()

    def set_selection(self, text: str, icon_name: str = "square-dashed") -> None:
        """Shows the selection's chip, or takes it away for an empty text."""
        self.selection.set_content(text, icon_name)
        self.selection.setVisible(bool(text))

    def set_methods(self, choices: Sequence[Choice], current: str | None = None) -> None:
        """Sets the methods there are."""
        self.method.set_choices(choices, current)

    def set_compact(self, compact: bool) -> None:
        """Shows the count as a number alone."""
        self.method.set_compact(compact)
        self.count.set_compact(compact)

    # -- inner -------------------------------------------------------------------------------

    def _relook(self) -> None:
        px = look().px
        self._outer.setContentsMargins(px(10), px(6), px(6), px(6))
        self.run.set_least_width(122)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """68 high before text scaling, more only where the type needs it."""
        lines = self.edit.height() + self.line.sizeHint().height()
        return QSize(look().px(480), max(look().px(68), lines + look().px(18)))

    def minimumSizeHint(self) -> QSize:
        """The button and a few words must always fit."""
        return QSize(look().px(260), self.sizeHint().height())

    def _enter(self) -> None:
        if self._state in {"run", "again"} and self.text.strip():
            self.run_asked.emit(self.text)

    def _press(self) -> None:
        if self._state == "run":
            self.run_asked.emit(self.text)
        elif self._state == "again":
            self.again_asked.emit()
        elif self._state == "cancel":
            self.cancel_asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the box, its separator and the progress along its foot."""
        del event
        t, painter, rect = look().tokens, QPainter(self), QRectF(self.rect())
        focused = self.edit.hasFocus()
        border = t.focus if focused else t.edge
        rounded(painter, rect, RADIUS_PANEL, t.field, border, 2 if focused else 1)
        if self.method.isVisible():
            x = self.method.x() - look().px(8)
            painter.fillRect(QRectF(x, 15, 1, rect.height() - 30), blend(t.line, t.edge, 0.15))
        if self._progress is None:
            return
        height = look().px(4)
        painter.save()
        inner = rect.adjusted(1, 1, -1, -1)
        path = _rounded_path(inner, RADIUS_PANEL - 1)
        painter.setClipPath(path)
        foot = QRectF(inner.left(), inner.bottom() - height, inner.width(), height)
        painter.fillRect(foot, t.hover)
        foot.setWidth(inner.width() * min(max(self._progress, 0.0), 1.0))
        painter.fillRect(foot, t.accent)
        painter.restore()
        rounded(painter, rect, RADIUS_PANEL, None, border, 2 if focused else 1)


def _rounded_path(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path
