from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.i18n.messages import text_of
from app.i18n.texts import N_, tr
from app.panels.survey.rating_view import RatingView
from app.runtime.thread_pool import ThreadPool
from app.session.survey_desk import SurveyDesk
from app.theme.theme import MEDIUM, SEMIBOLD, look
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.vertical_scroll import VerticalScroll
from editor.errors import ExpectedError
from editor.survey.presets import PRESETS
from editor.survey.report import QuestionSummary
from editor.survey.report_page import kappa_text, raters_line
from editor.survey.survey import FIELDS, KEY, PAGE, Survey

KNOWLEDGE = (N_("New to the field"), N_("Know it somewhat"), N_("Do it for a living"))
"""In the order of `FIELDS`, without that of models."""


class SurveyPanel(QWidget):
    """A blind survey as a room: make or open one, rate, import ratings, report, close.

    Signals:
        left(): back to where one came from.
        make_asked(str): make a survey with the questions of a preset.
        open_asked(), import_asked(): choose a folder, choose files.
        folder_asked(): show the folder with the page for raters and the report.
    """

    left = Signal()
    make_asked = Signal(str)
    open_asked = Signal()
    import_asked = Signal()
    folder_asked = Signal()

    def __init__(self, desk: SurveyDesk, work: ThreadPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._asked_of: Survey | None = None
        self._closes = False
        self.setObjectName("survey")
        self.setAccessibleName(tr("Survey"))
        self.back = PushButton(tr("Back"), self, kind="flat", icon_name="chevron-left")
        self.back.setObjectName("survey-leave")
        self.title = QuietLabel("", self, size=24, weight=SEMIBOLD, token="text")
        self.note = Sentence("", self)
        self.message = Sentence("", self, weight=MEDIUM, token="text")
        self.pages = QStackedWidget(self)
        self.start = self._make_start()
        self.overview = self._make_overview()
        self.rating = RatingView(desk, work, self)
        for page in (self.start, self.overview, self.rating):
            self.pages.addWidget(page)
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.title)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 20, 40, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.back.clicked.connect(self.left)
        desk.changed.connect(self.refresh)
        desk.said.connect(self._say)
        desk.failed.connect(self._fail)
        self.refresh()

    # --- building -------------------------------------------------------------------------------

    def _make_start(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(
            Sentence(
                tr(
                    "People rate what models made without knowing which model made what. "
                    "Nothing is sent anywhere."
                ),
                page,
            )
        )
        choices = [Choice(name, text_of(preset.title)) for name, preset in PRESETS.items()]
        self.preset = ChoiceButton(tr("Questions"), choices, page)
        self.preset.setObjectName("survey-preset")
        self.make = PushButton(tr("Make a survey…"), page)
        self.make.setObjectName("survey-make")
        self.make.explain(tr("Make a survey of a list of answers, csv or jsonl"))
        self.open = PushButton(tr("Open a survey…"), page, icon_name="folder-open")
        self.open.setObjectName("survey-open")
        row = QHBoxLayout()
        for widget in (self.preset, self.make, self.open):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.make.clicked.connect(lambda: self.make_asked.emit(self.preset.current))
        self.open.clicked.connect(self.open_asked)
        return page

    def _make_overview(self) -> QWidget:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        self.rater = QLineEdit(body)
        self.rater.setObjectName("survey-rater")
        self.rater.setAccessibleName(tr("Your name"))
        self.rater.setPlaceholderText(tr("Your name"))
        self.rater.setMaximumWidth(look().px(220))
        known = [Choice(name, tr(text)) for name, text in zip(FIELDS[:3], KNOWLEDGE, strict=True)]
        self.knowledge = ChoiceButton(tr("How well you know the field"), known, body)
        self.knowledge.setObjectName("survey-knowledge")
        self.rate = PushButton(tr("Rate"), body)
        self.rate.setObjectName("survey-rate")
        self.take = PushButton(tr("Import ratings…"), body)
        self.take.setObjectName("survey-import")
        self.report = PushButton(tr("Report"), body)
        self.report.setObjectName("survey-report")
        self.close_survey = PushButton(tr("Close and show the models"), body)
        self.close_survey.setObjectName("survey-close")
        self.folder = PushButton(tr("Show in folder"), body, icon_name="folder-open")
        self.folder.setObjectName("survey-folder")
        self.other = PushButton(tr("Another survey"), body, kind="flat")
        self.other.setObjectName("survey-other")
        for widgets in (
            (self.rater, self.knowledge, self.rate),
            (self.take, self.report, self.close_survey, self.folder, self.other),
        ):
            row = QHBoxLayout()
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            column.addLayout(row)
        self._figures = QVBoxLayout()
        self._figures.setSpacing(6)
        self._shown: list[QWidget] = []
        column.addLayout(self._figures)
        column.addStretch(1)
        self.rater.textChanged.connect(lambda _: self._show_rate())
        self.rater.returnPressed.connect(self._rate)
        self.rate.clicked.connect(self._rate)
        self.take.clicked.connect(self.import_asked)
        self.report.clicked.connect(self._report)
        self.close_survey.clicked.connect(self._close)
        self.folder.clicked.connect(self.folder_asked)
        self.other.clicked.connect(self._leave)
        return VerticalScroll(body, self)

    # --- doing ----------------------------------------------------------------------------------

    def _rate(self) -> None:
        self._say("")
        if self.rate.isEnabled():
            self.desk.begin(self.rater.text(), self.knowledge.current)

    def _leave(self) -> None:
        self._say("")
        self.desk.leave()

    def _report(self) -> None:
        self._say("")
        self.desk.make_report()

    def _close(self) -> None:
        """The first click asks, the second one closes: it cannot be taken back."""
        self._say("")
        if not self._closes:
            self._closes = True
            self.close_survey.set_content(tr("Close now, no more ratings"))
            return
        self._closes = False
        self.desk.make_report(closing=True)

    def _say(self, text: str) -> None:
        self.message.set_text(text)

    def _fail(self, error: BaseException) -> None:
        """What cannot be done stands above, in its sentence."""
        if not isinstance(error, ExpectedError):
            raise error
        self._say(" ".join(filter(None, (text_of(error.message), text_of(error.fix)))))

    # --- showing --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the survey as it is now."""
        desk, survey = self.desk, self.desk.survey
        self.title.set_text(survey.title if survey is not None else tr("Survey"))
        self.note.set_text(self._state())
        if survey is None:
            self.pages.setCurrentWidget(self.start)
            return
        if survey.questions != (self._asked_of.questions if self._asked_of is not None else ()):
            self.rating.ask(survey.questions)
        self._asked_of = survey
        if desk.run is not None:
            new = self.pages.currentWidget() is not self.rating
            self.pages.setCurrentWidget(self.rating)
            self.rating.refresh()
            if new:
                self.rating.setFocus()
            return
        self.pages.setCurrentWidget(self.overview)
        self.take.setEnabled(not survey.closed)
        self.close_survey.setVisible(not survey.closed)
        if not self._closes:
            self.close_survey.set_content(tr("Close and show the models"))
        self._show_rate()
        self._show_figures()

    def _state(self) -> str:
        survey = self.desk.survey
        if survey is None:
            return ""
        if self.desk.run is not None:
            return tr("Which model made what is not shown. Digits answer, arrows go on.")
        if survey.closed:
            return tr("{0} items, {1} ratings. This survey is closed.").format(
                len(survey.items), self.desk.count
            )
        return tr("{0} items, {1} ratings. Raters get {2}, keep {3} from them.").format(
            len(survey.items), self.desk.count, PAGE, KEY
        )

    def _show_rate(self) -> None:
        closed = self.desk.survey is not None and self.desk.survey.closed
        why = tr("This survey is closed.") if closed else ""
        if not why and not self.rater.text().strip():
            why = tr("Say your name first.")
        self.rate.setEnabled(not why)
        self.rate.explain(tr("Rate"), why=why)

    def _show_figures(self) -> None:
        for widget in self._shown:
            self._figures.removeWidget(widget)
            widget.deleteLater()
        self._shown = []
        found = self.desk.found
        if found is None:
            return
        self._add(raters_line(found), size=13)
        for question in found.questions:
            self._add(question.question.text, size=15, strong=True)
            for line in figure_lines(question):
                self._add(line, size=13)

    def _add(self, text: str, *, size: int, strong: bool = False) -> None:
        label = Sentence(
            text, self, size=size, weight=SEMIBOLD if strong else MEDIUM,
            token="text" if strong else "text2",
        )  # fmt: skip
        self._figures.addWidget(label)
        self._shown.append(label)


def figure_lines(question: QuestionSummary) -> list[str]:
    """What was found about one question, a line for each figure."""
    lines = []
    rows = question.models or ((question.overall,) if question.overall is not None else ())
    for row in rows:
        text = tr("{0}: mean {1}, from {2} to {3}, {4} ratings")
        lines.append(
            text.format(row.name, f"{row.mean:.2f}", f"{row.low:.2f}", f"{row.high:.2f}", row.n)
        )
    for pair in question.comparisons:
        text = tr("{0} against {1}: {2} wins, {3} ties, {4} losses")
        lines.append(text.format(pair.first, pair.second, pair.wins, pair.ties, pair.losses))
    if question.choices:
        lines.append(tr("Left {0}, no difference {1}, right {2}").format(*question.choices))
    linear, quadratic = question.agreement.pooled
    text = tr("Agreement of the raters, weighted κ: {0} linear, {1} quadratic")
    lines.append(text.format(kappa_text(linear), kappa_text(quadratic)))
    return lines
