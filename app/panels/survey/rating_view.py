from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.survey.answer_picture import AnswerPicture
from app.runtime.thread_pool import ThreadPool
from app.session.survey_desk import SurveyDesk
from app.theme.theme import MEDIUM, SEMIBOLD
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from editor.survey.survey import PICTURES, SurveyQuestion


class RatingView(QWidget):
    """One item of a survey: what was asked for, the answers to it, and the questions.

    Digits answer the first question that is open: 1 to 4, or left, no difference and right.
    """

    def __init__(self, desk: SurveyDesk, work: ThreadPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("survey-rating")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.count = QuietLabel("", self, size=13, token="text2")
        self.text = Sentence("", self, size=15, weight=SEMIBOLD, token="text")
        self.pictures = [AnswerPicture(work, self) for _ in range(3)]
        self.buttons: dict[tuple[str, str], PushButton] = {}
        self._boxes: list[QWidget] = []
        self._questions = QVBoxLayout()
        self._questions.setSpacing(10)
        self.back = PushButton(tr("Back"), self, kind="flat")
        self.back.setObjectName("survey-back")
        self.next = PushButton(tr("Next"), self, kind="flat")
        self.next.setObjectName("survey-next")
        self.pause = PushButton(tr("Go on later"), self, kind="flat")
        self.pause.setObjectName("survey-pause")
        self.finish = PushButton(tr("Finish"), self, kind="gold")
        self.finish.setObjectName("survey-finish")
        shown = QHBoxLayout()
        shown.setSpacing(16)
        for one in self.pictures:
            shown.addWidget(one, 1)
        row = QHBoxLayout()
        for button in (self.back, self.next, self.pause):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.finish)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.count)
        column.addWidget(self.text)
        column.addLayout(shown, 1)
        column.addLayout(self._questions)
        column.addLayout(row)
        self.back.clicked.connect(partial(desk.step, -1))
        self.next.clicked.connect(partial(desk.step, 1))
        self.pause.clicked.connect(desk.pause)
        self.finish.clicked.connect(desk.finish)

    def ask(self, questions: tuple[SurveyQuestion, ...]) -> None:
        """Make the questions of a survey."""
        for box in self._boxes:
            self._questions.removeWidget(box)
            box.deleteLater()
        self.buttons.clear()
        self._boxes = [self._question(question) for question in questions]
        for box in self._boxes:
            self._questions.addWidget(box)

    def _question(self, question: SurveyQuestion) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Sentence(question.text, box, weight=MEDIUM, token="text"), 1)
        if question.lowest:
            row.addWidget(QuietLabel(question.lowest, box, least=WHOLE))
        for number, level in enumerate(question.levels, 1):
            key = "" if level == str(number) else str(number)  # of a scale the cap says the same
            button = PushButton(level_text(level), box, key=key, height=32)
            button.setCheckable(True)
            button.setObjectName(f"survey-{question.id}-{level}")
            button.explain(f"{question.text} {level_text(level)}", str(number))
            button.clicked.connect(partial(self._answer, question.id, level))
            self.buttons[question.id, level] = button
            row.addWidget(button)
        if question.highest:
            row.addWidget(QuietLabel(question.highest, box, least=WHOLE))
        return box

    def _answer(self, question: str, level: str, _checked: bool = False) -> None:
        self._desk.answer(question, level)
        self.setFocus()

    def refresh(self) -> None:
        """Show the item that is looked at."""
        run, survey, folder = self._desk.run, self._desk.survey, self._desk.folder
        if run is None or survey is None or folder is None:
            return
        item = run.item
        self.count.set_text(tr("{0} of {1}").format(run.place + 1, len(run.items)))
        self.text.set_text(item.text)
        self.text.setVisible(bool(item.text))
        paired = len(item.shown) == 2
        shown = [(tr("Before"), item.before, "")] if item.before else []
        alone = tr("Answer") if item.before else ""
        titles = (tr("Left"), tr("Right")) if paired else (alone,)
        shown += [
            (title, one.picture, one.words) for title, one in zip(titles, item.shown, strict=True)
        ]
        for number, view in enumerate(self.pictures):
            view.setVisible(number < len(shown))
            if number < len(shown):
                title, picture, words = shown[number]
                path = folder / PICTURES / picture if picture else None
                view.show_answer(title, path, words)
        for (question, level), button in self.buttons.items():
            given = run.answers.get((item.id, question), ("", ""))[0]
            button.setChecked(given == level)
            button.set_kind("gold" if given == level else "quiet")
        self.back.setEnabled(run.place > 0)
        self.next.setEnabled(run.place + 1 < len(run.items))
        self.finish.setVisible(self._desk.is_complete)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits answer, arrows go to the item before or after."""
        run, survey = self._desk.run, self._desk.survey
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if run is None or survey is None:
            super().keyPressEvent(event)
        elif event.text().isdigit():
            waiting = [q for q in survey.questions if (run.item.id, q.id) not in run.answers]
            question = waiting[0] if waiting else survey.questions[-1]
            number = int(event.text()) - 1
            if 0 <= number < len(question.levels):
                self._desk.answer(question.id, question.levels[number])
        elif event.key() in steps:
            self._desk.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


def level_text(level: str) -> str:
    """A level of a question as it is shown."""
    return {"left": tr("Left"), "tie": tr("No difference"), "right": tr("Right")}.get(level, level)
