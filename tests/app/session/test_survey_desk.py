"""A survey in the window: made, rated with breaks, imported, reported, closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.runtime.thread_pool import ThreadPool
from app.session.survey_desk import REPORT, SurveyDesk
from editor.survey.ratings import BadRatings
from editor.survey.survey import BadSurvey
from tests.waiting import wait_for

LINES = (
    "model,text,words\n"
    "first,a boat,a boat at sea\n"
    "second,a boat,a boat\n"
    "first,an owl,an owl at night\n"
    "second,an owl,an owl\n"
)


class Desk:
    """A survey of four answers in words, and what was said of it."""

    def __init__(self, folder: Path) -> None:
        self.work = ThreadPool(2)
        self.desk = SurveyDesk(self.work)
        self.failed: list[BaseException] = []
        self.said: list[str] = []
        self.desk.failed.connect(self.failed.append)
        self.desk.said.connect(self.said.append)
        self.answers, self.folder = folder / "answers.csv", folder / "survey"
        self.answers.write_text(LINES, "utf-8")
        self.folder.mkdir()
        self.desk.make(self.answers, self.folder, "concept")
        wait_for(lambda: self.desk.survey is not None)

    def rate(self, rater: str, most: int = 100) -> None:
        """Answer so many questions, all with 3."""
        self.desk.begin(rater, "novice")
        wait_for(lambda: self.desk.run is not None)
        assert self.desk.survey is not None
        questions = [one.id for one in self.desk.survey.questions]
        for number in range(min(most, len(self.desk.survey.items) * len(questions))):
            self.desk.answer(questions[number % len(questions)], "3")
        wait_for(lambda: not self.desk.is_working)


@pytest.fixture
def d(tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    del qapp
    made = Desk(tmp_path)
    yield made
    made.work.close()


def test_a_rater_takes_a_break_goes_on_and_finishes(d: Desk) -> None:
    d.rate("Ada", most=3)
    run = d.desk.run
    assert run is not None
    assert (run.place, len(run.answers)) == (1, 3)
    assert not d.desk.is_complete
    d.desk.pause()
    d.desk.begin("Ada", "novice")
    wait_for(lambda: d.desk.run is not None)
    assert d.desk.run is not None
    assert (d.desk.run.place, len(d.desk.run.answers)) == (1, 3)
    d.desk.answer("faithfulness", "4")
    assert d.desk.run.place == 2
    d.desk.step(-1)
    assert d.desk.run.place == 1
    for item in d.desk.run.items[2:]:
        d.desk.step(1)
        assert d.desk.run.item == item
        d.desk.answer("quality", "1")
        d.desk.answer("faithfulness", "2")
        d.desk.step(d.desk.run.items.index(item) - d.desk.run.place)
    assert d.desk.is_complete
    d.desk.finish()
    wait_for(lambda: d.desk.count == 8)
    assert d.said == ["Ratings of Ada are in the survey now."]
    assert not list(d.folder.glob("unfinished*"))


def test_models_are_named_only_once_it_is_closed(d: Desk) -> None:
    d.rate("Ada")
    d.desk.finish()
    wait_for(lambda: d.desk.count == 8)
    d.desk.make_report()
    wait_for(lambda: d.desk.found is not None)
    assert d.desk.found is not None
    assert all(not one.models for one in d.desk.found.questions)
    assert "second" not in (d.folder / REPORT).read_text("utf-8")
    d.desk.make_report(closing=True)
    wait_for(lambda: d.desk.survey is not None and d.desk.survey.closed)
    assert {row.name for row in d.desk.found.questions[0].models} == {"first", "second"}
    assert d.desk.found.questions[0].models[0].mean == 3.0
    d.rate("Bob")
    d.desk.finish()
    wait_for(lambda: bool(d.failed))
    assert isinstance(d.failed[0], BadRatings)


def test_ratings_of_others_are_imported(d: Desk, tmp_path: Path) -> None:
    d.rate("Ada")
    draft = next(d.folder.glob("unfinished*"))
    foreign = tmp_path / "ratings-Ada.csv"
    foreign.write_bytes(draft.read_bytes())
    d.desk.take([foreign])
    wait_for(lambda: d.desk.count == 8)
    d.desk.take([tmp_path / "answers.csv"])
    wait_for(lambda: bool(d.failed))
    assert isinstance(d.failed[0], BadRatings)


def test_a_folder_that_holds_something_is_no_place_for_one(d: Desk) -> None:
    d.desk.make(d.answers, d.folder, "concept")
    wait_for(lambda: bool(d.failed))
    assert isinstance(d.failed[0], BadSurvey)
    assert "empty" in str(d.failed[0])
    d.desk.leave()
    assert d.desk.survey is None
