"""The prompt box: what the artist says, and the one line for messages about the job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from app.theme.theme import RADIUS_PANEL, look
from app.widgets.basics.buttons import PushButton, ToolButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.key_caps import key_caps
from app.widgets.basics.message_line import LineMessage, MessageLine
from app.widgets.basics.painting import blend, rounded
from app.widgets.prompt.method_picker import MethodPicker
from app.widgets.prompt.prompt_line_edit import PromptLineEdit
from app.widgets.prompt.selection_chip import SelectionChip

RunState = Literal["nothing", "run", "again", "cancel"]
COUNTS = (1, 2, 4, 6, 8)


class PromptBox(QWidget):
    """Two lines: what the artist says, and what the program has to say about the job.

    Signals:
        text_changed(str), run_asked(str), again_asked(), cancel_asked(), escaped()
        enter_taken(bool): Enter runs, answers or does what a page is for, so Keep is not gold.
        explore_asked(): Enter in the empty box.
        up_asked(): to the chips.  earlier_asked(int), weight_asked(int): see `PromptLineEdit`.
        method_chosen(str), model_chosen(str), count_chosen(int)
        selection_clicked(), selection_cleared()
        button_clicked(str): action id of the message's button.
        caption_asked(): the captions are to be looked at and corrected.
    """

    text_changed = Signal(str)
    run_asked = Signal(str)
    enter_taken = Signal(bool)
    again_asked = Signal()
    explore_asked = Signal()
    cancel_asked = Signal()
    escaped = Signal()
    up_asked = Signal()
    earlier_asked = Signal(int)
    weight_asked = Signal(int)
    method_chosen = Signal(str)
    model_chosen = Signal(str)
    count_chosen = Signal(int)
    selection_clicked = Signal()
    selection_cleared = Signal()
    button_clicked = Signal(str)
    caption_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt-box")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._state: RunState = "nothing"
        self._why, self._marked, self._is_next = "", True, True
        self._progress: float | None = None
        self._verb, self._explores = self.tr("Run"), True
        self.edit = PromptLineEdit(self)
        self.line = MessageLine(self)
        self.selection = SelectionChip(self)
        self.selection.hide()
        self.method = ChoiceButton(self.tr("Method"), (), self)
        self.method.setObjectName("method")
        self.methods = MethodPicker(self.method)
        self.model = ChoiceButton(self.tr("Model"), (), self)
        self.model.setObjectName("model")
        self.model.hide()
        self.count = ChoiceButton(self.tr("How many results"), self._counts(), self)
        self.count.setObjectName("count")
        self.count.set_current("4")
        self.more = ToolButton("sliders-horizontal", self.tr("Method and count"), "", self, size=34)
        self.more.setObjectName("prompt-more")
        self.more.clicked.connect(self._open_more)
        self.more.hide()
        self._one_line = self._tight = False
        self.run = PushButton(self._verb, self, key=self.tr("Enter"), height=40)
        self.run.setObjectName("run")
        self.edit.installEventFilter(self)
        self._lay_out()
        self.setTabOrder(self.edit, self.method)
        self.setTabOrder(self.method, self.model)
        self.setTabOrder(self.model, self.count)
        self.setTabOrder(self.count, self.run)
        self._connect()
        self.set_run_state("nothing")
        look().changed.connect(self._relook)
        key_caps().changed.connect(self._show_run_state)

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
        self._outer.addSpacing(8)
        self._lines = lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(self.edit)
        lines.addWidget(self.line)
        lines.addStretch(1)
        self._outer.addLayout(lines, 1)
        self._before_method = QSpacerItem(20, 0)
        self._outer.addSpacerItem(self._before_method)
        self._outer.addWidget(self.more)
        self._between = (QSpacerItem(6, 0), QSpacerItem(10, 0))
        self._outer.addWidget(self.method)
        self._outer.addWidget(self.model)
        self._outer.addSpacerItem(self._between[0])
        self._outer.addWidget(self.count)
        self._outer.addSpacerItem(self._between[1])
        self._outer.addWidget(self.run)
        self._outer.addSpacing(6)
        self._relook()

    def _connect(self) -> None:
        self.edit.textChanged.connect(lambda: self.text_changed.emit(self.text))
        self.edit.entered.connect(lambda _: self._enter())
        self.edit.up_asked.connect(self.up_asked)
        self.edit.earlier_asked.connect(self.earlier_asked)
        self.edit.weight_asked.connect(self.weight_asked)
        self.edit.escaped.connect(self.escaped)
        self.edit.focused.connect(self._focus_moved)
        self.run.clicked.connect(self._press)
        self.methods.chosen.connect(self.method_chosen)
        self.model.chosen.connect(self.model_chosen)
        self.count.chosen.connect(lambda n: self.count_chosen.emit(int(n)))
        self.selection.clicked.connect(self.selection_clicked)
        self.selection.cleared.connect(self.selection_cleared)
        self.line.button_clicked.connect(self.button_clicked)
        self.line.caption_asked.connect(self.caption_asked)

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

    def set_run_state(self, state: RunState, why: str = "", *, marked: bool = True) -> None:
        """Sets what the button does.

        Args:
            state: what it does.
            why: explains a Run that cannot be pressed.
            marked: False where Enter does something else, which is gold then.
        """
        self._state, self._why, self._marked = state, why, marked
        self._show_run_state()

    def set_verb(self, verb: str, *, explores: bool) -> None:
        """Sets what Enter does with the words, in a word; `explores`: it does so without any."""
        self._verb, self._explores = verb, explores
        self._show_run_state()

    def set_next_step(self, on: bool) -> None:
        """Whether Run may be gold: False while a page has the window's one next step."""
        self._is_next = on
        self._show_run_state()

    def _show_run_state(self) -> None:
        words = {
            "nothing": (self._verb, self.tr("Enter")),
            "run": (self._verb, self.tr("Enter")),
            "again": (self.tr("Again"), key_caps().of("again")),
            "cancel": (self.tr("Cancel"), self.tr("Esc")),
        }
        name, key = words[self._state]
        marked = self._marked and self._is_next
        # Only what is gold shows the cap of Enter.
        capped = marked and self._state != "nothing" and not self._tight
        self.run.set_content(name, key if capped else "")
        why = (self._why or self._say_first()) if self._state == "nothing" else ""
        self.run.explain(name, key, why)
        self.run.set_kind("gold" if self._state == "run" and marked else "quiet")
        self.run.setEnabled(self._state != "nothing")
        self.enter_taken.emit(self._state == "run" or not marked)

    def _say_first(self) -> str:
        return self.tr("Say what should change first. Enter in the empty box explores.")

    def set_message(self, message: LineMessage | None, *, caption: bool = False) -> None:
        """Shows a message in the line; `caption=True` sets what is shown without one."""
        if caption:
            self.line.set_caption(message)
        else:
            self.line.set_message(message)
        self._place_line()

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

    def set_models(self, choices: Sequence[Choice], current: str) -> None:
        """Sets the models to choose from; without any there is no button for them."""
        self.model.set_choices(choices, current)
        self.model.setVisible(bool(choices) and not self._tight)

    def set_compact(self, compact: bool) -> None:
        """Shows the count as a number alone."""
        self.method.set_compact(compact)
        self.count.set_compact(compact)

    def set_folded(self, *, one_line: bool, tight: bool) -> None:
        """Folds for small windows.

        Args:
            one_line: messages stand in place of the words instead of under them.
            tight: method and count behind one button, Run without its key, less room between;
                messages under the words have a third line.
        """
        if (one_line, tight) == (self._one_line, self._tight):
            return
        self._one_line, self._tight = one_line, tight
        self.method.setVisible(not tight)
        self.model.setVisible(not tight and self.model.has_choices)
        self.count.setVisible(not tight)
        self.more.setVisible(tight)
        self.selection.set_compact(tight)
        self._before_method.changeSize(8 if tight else 20, 0)
        for gap, usual in zip(self._between, (6, 10), strict=True):
            gap.changeSize(3 if tight else usual, 0)
        if one_line:
            self._lines.removeWidget(self.line)
        else:
            self._lines.insertWidget(2, self.line)
        self.line.setAutoFillBackground(one_line)
        self.line.set_lines(3 if tight and not one_line else 2)
        self._show_run_state()
        self._relook()
        self._place_line()

    # -- inner -------------------------------------------------------------------------------

    def _relook(self) -> None:
        px = look().px
        across, down = (6, 5) if self._one_line else (10, 6)
        self._outer.setContentsMargins(px(across), px(down), px(down), px(down))
        self.run.set_least_width(76 if self._tight else 122)
        palette = self.line.palette()
        palette.setColor(QPalette.ColorRole.Window, look().tokens.field)
        self.line.setPalette(palette)
        self.updateGeometry()
        self.update()

    def _focus_moved(self) -> None:
        self.update()
        self._place_line()

    def _place_line(self) -> None:
        """On one line a message covers the words: progress only while nobody types."""
        if not self._one_line:
            self.line.setVisible(True)
            return
        message = self.line.message
        urgent = message is not None and message.kind in {"error", "notice"}
        covers = message is not None and (urgent or not self.edit.hasFocus())
        place = self.edit.geometry()
        if self._tight:  # the whole row but Run
            place.setLeft(self.contentsRect().left() + look().px(6))
            place.setRight(self.run.x() - look().px(6))
        foot = look().px(4) + 2  # the progress stays in sight
        self.line.setGeometry(place.x(), foot, place.width(), self.height() - 2 * foot)
        self.line.setVisible(covers)
        self.line.raise_()
        caption = self.line.shown
        self.edit.setToolTip("" if caption is None else caption.spoken)

    def open_methods(self) -> None:
        """Opens the choice of methods, behind the one button of narrow windows too."""
        if self._tight:
            self._open_more()
        else:
            self.method.open_menu()

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("prompt-more-menu")
        menu.aboutToHide.connect(menu.deleteLater)
        for button in (self.method, self.model, self.count):
            if not button.has_choices:
                continue
            menu.addSeparator()
            built = button.build_menu()
            for action in built.actions():
                action.setParent(menu)
                menu.addAction(action)
            built.deleteLater()
        top = self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4))
        menu.popup(QPoint(top.x(), max(0, top.y())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line that covers the words goes with them."""
        if watched is self.edit and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place_line()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the words means the words, also where a message covers them."""
        super().mousePressEvent(event)
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def sizeHint(self) -> QSize:
        """68 high before text scaling, more only where the type needs it; 46 on one line."""
        if self._one_line:
            return QSize(look().px(300), max(look().px(46), self.edit.height() + look().px(14)))
        lines = self.edit.height() + self.line.sizeHint().height()
        return QSize(look().px(480), max(look().px(68), lines + look().px(18)))

    def minimumSizeHint(self) -> QSize:
        """The button and a few words must always fit."""
        return QSize(look().px(260), self.sizeHint().height())

    def _enter(self) -> None:
        if self._state in {"run", "again"} and self.text.strip():
            self.run_asked.emit(self.text)
        elif self._state == "nothing" and self._explores:
            self.explore_asked.emit()

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
        foot = QRectF(inner.left(), inner.bottom() - height, inner.width(), height)
        # Clipped by rectangles: a rounded clip took 15 ms at each step of a job.
        painter.setClipRect(foot)
        rounded(painter, inner, RADIUS_PANEL - 1, t.hover)
        foot.setWidth(inner.width() * min(max(self._progress, 0.0), 1.0))
        painter.setClipRect(foot)
        rounded(painter, inner, RADIUS_PANEL - 1, t.accent)
        painter.restore()
        rounded(painter, rect, RADIUS_PANEL, None, border, 2 if focused else 1)
