from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.i18n.texts import tr
from app.runtime.thread_pool import ThreadPool, Ticket
from editor.formats.whole_file import whole_file
from editor.messages import Message
from editor.survey.answers import read_answers
from editor.survey.make import make_survey
from editor.survey.rating_order import rater_items
from editor.survey.ratings import (
    SurveyRating,
    import_ratings,
    imported_ratings,
    read_ratings,
    write_ratings,
)
from editor.survey.report import SurveyReport, report
from editor.survey.report_page import report_page
from editor.survey.survey import (
    BadSurvey,
    Survey,
    SurveyItem,
    close,
    read_key,
    read_survey,
)

REPORT: Final = "report.html"


@dataclass(frozen=True)
class RatingRun:
    """One rater on the way through a survey.

    Attributes:
        rater, knowledge: who rates, and how well they know the field.
        items: in the order of this rater.
        answers: (item, question) → score and time.
        place: of the item that is looked at.
    """

    rater: str
    knowledge: str
    items: tuple[SurveyItem, ...]
    answers: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    place: int = 0

    @property
    def item(self) -> SurveyItem:
        """What is looked at."""
        return self.items[self.place]

    def ratings(self) -> tuple[SurveyRating, ...]:
        """What was answered so far, in the order of the rater."""
        places = {item.id: number for number, item in enumerate(self.items, 1)}
        found = [
            SurveyRating(self.rater, item, question, score, places[item], when, self.knowledge)
            for (item, question), (score, when) in self.answers.items()
        ]
        return tuple(sorted(found, key=lambda one: one.order))


class SurveyDesk(QObject):
    """A blind survey in the window: made, answered, ratings imported, reported, closed.

    Folders are read and written on worker threads. Which model made what is read only when the
    survey is closed. Answers are written down one by one, so that a rater can go on later.

    Attributes:
        folder, survey: what is open; None before.
        count: ratings that were imported.
        run: the rater on the way; None for nobody.
        found: the newest report; None before.
        is_working: a folder is being read or written.

    Signals:
        changed(): any of these.
        failed(object): an error, to be said.
        said(str): what was done.
    """

    changed = Signal()
    failed = Signal(object)
    said = Signal(str)

    def __init__(self, work: ThreadPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.folder: Path | None = None
        self.survey: Survey | None = None
        self.count = 0
        self.run: RatingRun | None = None
        self.found: SurveyReport | None = None
        self._queue: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        self.is_working = False

    # --- folders --------------------------------------------------------------------------------

    def make(self, answers: Path, folder: Path, preset: str) -> None:
        """Make a survey of a list of answers in a new or empty folder, and open it."""

        def work() -> None:
            if any(folder.iterdir()):
                raise BadSurvey(Message("survey.folder_full", folder=folder.name))
            make_survey(read_answers(answers), folder, preset)

        self._do(work, lambda _: self.open(folder))

    def open(self, folder: Path) -> None:
        """Open the survey in a folder."""

        def work() -> tuple[Survey, int]:
            survey = read_survey(folder)
            return survey, len(imported_ratings(folder, survey))

        def done(found: tuple[Survey, int]) -> None:
            self.folder, self.run, self.found = folder, None, None
            self.survey, self.count = found
            self.changed.emit()

        self._do(work, done)

    def leave(self) -> None:
        """No survey is open."""
        self.folder = self.survey = self.run = self.found = None
        self.changed.emit()

    def take(self, files: Sequence[Path]) -> None:
        """Import raters' files, all or none."""
        survey, folder = self.survey, self.folder
        if survey is None or folder is None:
            return

        def work() -> tuple[str, ...]:
            return import_ratings(folder, survey, files)

        def done(raters: tuple[str, ...]) -> None:
            self.said.emit(tr("Ratings of {0} are in the survey now.").format(", ".join(raters)))
            self.open(folder)

        self._do(work, done)

    def make_report(self, *, closing: bool = False) -> None:
        """Write the report; by model only once the survey is closed, which `closing` does now."""
        survey, folder = self.survey, self.folder
        if survey is None or folder is None:
            return

        def work() -> tuple[Survey, SurveyReport]:
            key = read_key(folder, survey) if closing or survey.closed else None
            now = close(folder, survey) if closing and not survey.closed else survey
            found = report(now, imported_ratings(folder, now), key)
            with whole_file(folder / REPORT) as file:
                file.write(report_page(found).encode("utf-8"))
            return now, found

        def done(found: tuple[Survey, SurveyReport]) -> None:
            self.survey, self.found = found
            self.changed.emit()

        self._do(work, done)

    # --- rating ---------------------------------------------------------------------------------

    def begin(self, rater: str, knowledge: str) -> None:
        """A rater begins, or goes on where their answers end."""
        survey, folder = self.survey, self.folder
        rater = " ".join(rater.split())
        if survey is None or folder is None or not rater:
            return
        draft = _draft(folder, rater)

        def work() -> tuple[SurveyRating, ...]:
            return read_ratings(draft, survey) if draft.is_file() else ()

        def done(before: tuple[SurveyRating, ...]) -> None:
            answers = {(one.item, one.question): (one.score, one.t) for one in before}
            run = RatingRun(rater, knowledge, rater_items(survey, rater), answers)
            first = next((n for n, one in enumerate(run.items) if not self._whole(run, one)), 0)
            self.run = replace(run, place=first)
            self.changed.emit()

        self._do(work, done)

    def answer(self, question: str, score: str) -> None:
        """An answer about the item that is looked at; with the last one the next item follows."""
        run, survey = self.run, self.survey
        if run is None or survey is None:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        answers = {**run.answers, (run.item.id, question): (score, now)}
        run = replace(run, answers=answers)
        if self._whole(run, run.item) and run.place + 1 < len(run.items):
            run = replace(run, place=run.place + 1)
        self.run = run
        self._write_down(run)
        self.changed.emit()

    def step(self, step: int) -> None:
        """The item before (−1) or after (+1)."""
        if self.run is not None:
            place = min(max(self.run.place + step, 0), len(self.run.items) - 1)
            self.run = replace(self.run, place=place)
            self.changed.emit()

    @property
    def is_complete(self) -> bool:
        """Everything was answered."""
        run = self.run
        return run is not None and all(self._whole(run, item) for item in run.items)

    def finish(self) -> None:
        """The answers become ratings of the survey; they are not changed any more."""
        run, survey, folder = self.run, self.survey, self.folder
        if run is None or survey is None or folder is None or not self.is_complete:
            return
        draft, text = _draft(folder, run.rater), write_ratings(run.ratings())

        def work() -> None:
            with whole_file(draft) as file:
                file.write(text.encode("utf-8"))
            import_ratings(folder, survey, [draft])
            draft.unlink()

        def done(_: None) -> None:
            self.said.emit(tr("Ratings of {0} are in the survey now.").format(run.rater))
            self.open(folder)

        self._do(work, done)

    def pause(self) -> None:
        """Leave the items; the answers so far are kept for this name."""
        self.run = None
        self.changed.emit()

    def _whole(self, run: RatingRun, item: SurveyItem) -> bool:
        assert self.survey is not None
        return all((item.id, question.id) in run.answers for question in self.survey.questions)

    def _write_down(self, run: RatingRun) -> None:
        assert self.folder is not None
        draft, text = _draft(self.folder, run.rater), write_ratings(run.ratings())

        def work() -> None:
            with whole_file(draft) as file:
                file.write(text.encode("utf-8"))

        self._do(work, lambda _: None)

    def _do(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Work off the UI thread, one after the other: answers are written in their order."""
        self._queue.append((work, done))
        self._go_on()

    def _go_on(self) -> None:
        if self.is_working or not self._queue:
            return
        work, done = self._queue.pop(0)
        self.is_working = True

        def run(ticket: Ticket) -> Any:
            return work()

        def over(after: Callable[[Any], None], value: Any) -> None:
            self.is_working = False
            after(value)
            self._go_on()

        self._work.run(run, partial(over, done), partial(over, self.failed.emit), 0)


def _draft(folder: Path, rater: str) -> Path:
    """The file of answers that are not complete."""
    safe = "".join(letter if letter.isalnum() or letter in " .-_" else "_" for letter in rater)
    return folder / f"unfinished {safe.casefold()}.csv"
