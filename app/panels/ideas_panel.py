from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSlider,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.i18n.texts import tr
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.concept_sheet import ConceptSheet
from app.session.session import Session
from app.session.story_frame import StoryFrame
from app.theme.theme import MEDIUM, ROW_PADDING, SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, PushButton, ToolButton
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from app.widgets.basics.vertical_scroll import VerticalScroll

_STEPS = 4
"""Places of the slider after the first."""


class IdeasPanel(QWidget):
    """A text, its concepts, and how far prompts about them may go from its words.

    Signals:
        action_asked(str): id of the action behind a button.
        begin_asked(): make a document of the chosen picture.
        words_asked(): write the words that the chosen picture is drawn from.
        story_asked(): choose a file with a story.
    """

    action_asked = Signal(str)
    begin_asked = Signal()
    words_asked = Signal()
    story_asked = Signal()

    def __init__(
        self,
        session: Session,
        sheet: ConceptSheet,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self.sheet, self._scheduler = session, sheet, scheduler
        self._shown_text = ""
        self.boxes: list[QCheckBox] = []
        self._box_rows: list[QWidget] = []
        self.setObjectName("ideas-panel")
        body = QWidget(self)
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(ROW_PADDING, 10, ROW_PADDING, 10)
        self._rows.setSpacing(8)
        self.empty = Sentence("", body)
        self.open = PushButton(tr("Open a story…"), body, icon_name="folder-open", height=30)
        self.open.setObjectName("ideas-open")
        self.name = QuietLabel("", body, size=13, weight=SEMIBOLD, token="text")
        self.text = self._make_text(body)
        self.heading = QuietLabel("", body, size=13, weight=SEMIBOLD, token="text")
        self.add = LinkButton(tr("Add the marked words"), body, size=12)
        self.add.setObjectName("ideas-add")
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.slider = self._make_slider(body)
        self.balance = self._with_ends(body, tr("Faithful"), tr("Polished"))
        self.note = Sentence("", body)
        self.help = LinkButton("", body)
        self.help.setObjectName("ideas-help")
        self.foot = self._make_foot()
        above: tuple[QWidget, ...] = (self.empty, self.open, self.name, self.text, self.note)
        for widget in (*above, self.help):
            self._rows.addWidget(widget)
        self._rows.addWidget(self.heading)
        self._rows.addLayout(self._list)
        for widget in (self.add, self.balance):
            self._rows.addWidget(widget)
        self._rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(VerticalScroll(body, self), 1)
        column.addWidget(self.foot)
        self._connect()
        self.refresh()

    def _make_text(self, parent: QWidget) -> QTextEdit:
        text = QTextEdit(parent)
        text.setObjectName("ideas-text")
        text.setAccessibleName(tr("The text"))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFixedHeight(look().px(150))
        return text

    def _make_foot(self) -> QWidget:
        """What can be done with the chosen picture; it stays in sight below the concepts."""
        foot = QWidget(self)
        self.chosen = Sentence("", foot, weight=SEMIBOLD, token="text")
        self.begin = PushButton(tr("Begin with this"), foot, icon_name="image-plus")
        self.begin.setObjectName("ideas-begin")
        self.another = PushButton(tr("Another"), foot, icon_name="refresh-cw")
        self.another.setObjectName("ideas-another")
        self.pencil = ToolButton("pencil", tr("Edit its words"), "", foot, size=34, icon_size=16)
        self.pencil.setObjectName("ideas-words")
        self.lock = ToolButton(
            "lock-open", tr("Lock this picture"), "", foot, checkable=True, size=34, icon_size=16
        )
        self.lock.setObjectName("ideas-lock")
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.another, self.pencil, self.lock):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(foot)
        column.setContentsMargins(ROW_PADDING, 6, ROW_PADDING, 10)
        column.setSpacing(6)
        column.addWidget(self.chosen)
        column.addWidget(self.begin)
        column.addLayout(row)
        return foot

    def _make_slider(self, parent: QWidget) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, parent)
        slider.setObjectName("ideas-balance")
        slider.setRange(0, _STEPS)
        slider.setPageStep(1)
        slider.setAccessibleName(tr("Faithful or polished"))
        slider.setToolTip(tr("At the left your words only, at the right words of style too"))
        return slider

    def _with_ends(self, parent: QWidget, left: str, right: str) -> QWidget:
        box = QWidget(parent)
        ends = QHBoxLayout()
        ends.addWidget(QuietLabel(left, box, weight=MEDIUM, token="text", least=WHOLE))
        ends.addStretch(1)
        ends.addWidget(QuietLabel(right, box, weight=MEDIUM, token="text", least=WHOLE))
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addLayout(ends)
        column.addWidget(self.slider)
        return box

    def _connect(self) -> None:
        sheet = self.sheet
        self.slider.valueChanged.connect(lambda step: sheet.set_balance(step / _STEPS))
        self.text.selectionChanged.connect(self._show_add)
        self.add.clicked.connect(lambda: sheet.add(self.text.textCursor().selectedText()))
        self.open.clicked.connect(self.story_asked)
        self.help.clicked.connect(self._ask_help)
        self.begin.clicked.connect(self.begin_asked)
        self.another.clicked.connect(sheet.another)
        self.pencil.clicked.connect(self.words_asked)
        self.lock.clicked.connect(sheet.lock)
        sheet.changed.connect(self._refresh_later)
        self._session.changed.connect(self._on_changed)

    def _refresh_later(self) -> None:
        self._scheduler.later(self.refresh)

    def _on_changed(self, changes: Changes) -> None:
        self.sheet.on_changed(changes)

    # --- showing --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the text and its concepts as they are now."""
        sheet = self.sheet
        there = bool(sheet.text)
        nothing = there and not sheet.frames and not sheet.is_reading
        self.empty.setVisible(not there or nothing)
        self.empty.set_text(
            tr("No concepts found. Mark words in the text to make one.")
            if nothing
            else tr("Say a word, a sentence or a story. What it names becomes pictures.")
        )
        self.open.setVisible(not there)
        self.name.setVisible(bool(sheet.name))
        self.name.set_text(sheet.name)
        self.text.setVisible(there)
        self._show_text()
        self._show_concepts()
        self._show_add()
        self.balance.setVisible(any(len(one.prompts) > 1 for one in sheet.frames))
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round(sheet.balance * _STEPS))
        self.slider.blockSignals(blocked)
        problem = sheet.note
        self.note.setVisible(problem is not None)
        self.note.set_text(problem.text if problem is not None else "")
        self.help.setVisible(problem is not None and bool(problem.button))
        self.help.set_content(problem.button if problem is not None else "")
        self._show_chosen()

    def _show_text(self) -> None:
        """The text with its concepts underlined."""
        if self.sheet.text != self._shown_text:
            self._shown_text = self.sheet.text
            self.text.setPlainText(self.sheet.text)
        marks = []
        for frame in self.sheet.frames:
            if not frame.ticked or frame.concept.kind == "sentence":
                continue
            found = self.text.document().find(frame.concept.text)
            if not found.isNull():
                marks.append(_underlined(found))
        self.text.setExtraSelections(marks)

    def _show_concepts(self) -> None:
        frames = self.sheet.frames
        ticked = sum(one.ticked for one in frames)
        self.heading.setVisible(bool(frames))
        self.heading.set_text(tr("Concepts, {0} of {1}").format(ticked, len(frames)))
        names = [one.concept.text for one in frames]
        if names != [box.property("concept") for box in self.boxes]:
            for row in self._box_rows:
                self._list.removeWidget(row)
                row.deleteLater()
            self._box_rows.clear()
            self.boxes = [self._make_box(one) for one in frames]
        for box, frame in zip(self.boxes, frames, strict=True):
            blocked = box.blockSignals(True)
            box.setChecked(frame.ticked)
            box.blockSignals(blocked)

    def _make_box(self, frame: StoryFrame) -> QCheckBox:
        kind = {"phrase": tr("thing"), "name": tr("name"), "sentence": tr("moment")}
        concept, row = frame.concept, QWidget(self)
        box = QCheckBox(row)
        box.setProperty("concept", concept.text)
        box.setAccessibleName(f"{concept.text}, {kind[concept.kind]}")
        box.toggled.connect(partial(self.sheet.tick, concept.text))
        row.setToolTip(_why(frame))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(box)
        line.addWidget(Sentence(concept.text, row, weight=MEDIUM, token="text"), 1)
        line.addWidget(QuietLabel(kind[concept.kind], row, token="text3", least=WHOLE))
        self._list.addWidget(row)
        self._box_rows.append(row)
        return box

    def _show_add(self) -> None:
        marked = self.text.textCursor().hasSelection()
        self.add.setVisible(bool(self.sheet.text))
        self.add.setEnabled(marked)
        self.add.explain(
            tr("Add the marked words"), why="" if marked else tr("Mark words in the text first.")
        )

    def _show_chosen(self) -> None:
        cell = self.sheet.chosen_cell
        self.foot.setVisible(cell is not None)
        if cell is not None:
            self.chosen.set_text(
                tr("Picture {0}: {1}").format(cell.number, cell.frame.concept.text)
            )
            self.begin.setEnabled(cell.drawn is not None)
            self._show_lock(locked=bool(cell.frame.locked))

    def _show_lock(self, *, locked: bool) -> None:
        """What is for the pictures of a storyboard alone: each stands for its moment there."""
        told = self.sheet.is_story
        for button in (self.pencil, self.lock):
            button.setVisible(told)
        self.lock.setChecked(locked)
        self.lock.set_icon("lock" if locked else "lock-open")
        self.lock.explain(tr("Unlock this picture") if locked else tr("Lock this picture"))
        self.another.setEnabled(not (told and locked))
        why = tr("This picture is locked.") if told and locked else ""
        self.another.explain(tr("Another"), why=why)

    def _ask_help(self) -> None:
        problem = self.sheet.note
        if problem is not None:
            self.action_asked.emit(problem.action)


def _underlined(cursor: QTextCursor) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    style = QTextCharFormat()
    style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    style.setUnderlineColor(look().tokens.insert)
    mark.cursor, mark.format = cursor, style
    return mark


def _why(frame: StoryFrame) -> str:
    """Why a concept was chosen: how often the text has it, or that it sums the text up."""
    if frame.concept.kind == "sentence":
        return tr("One of the sentences that sum up the text")
    if frame.concept.count == 1:
        return tr("Once in the text")
    return tr("{0} times in the text").format(frame.concept.count)
