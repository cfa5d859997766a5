from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.panels.prompt import PromptPanel
from app.panels.suggestions import chip_of
from app.panels.wording import instruction_spans
from app.runtime.model_folders import ModelFolders
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.session import Session
from app.widgets.cards.card_model import CARD_ROLE, CardData, CardModel
from app.widgets.prompt.diff import plain_text
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction, Suggestion
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.picture import Picture
from editor.model.score import Score
from editor.storage.document import Document
from inference.request import jobs
from inference.request.analysis import Question
from inference.workflow.preparation import Preparation
from tests.app.session_cases import ScriptedEngine, repainting
from tests.waiting import wait_for

BEFORE, AFTER = "a red house at noon", "a red house at night"


pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Fixture:
    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        self.app, self.engine, self.work = app, ScriptedEngine(), ThreadPool(1)
        settings = Settings(tmp_path / "settings.json")
        self.session = Session(self.engine, self.work, settings)
        values = np.linspace(10, 90, 200)[None, :, None].repeat(120, axis=0).repeat(3, axis=2)
        image = Image.from_array(values.astype(np.uint8))
        document = Document.create(Picture.of(image), label="in", state_dir=tmp_path)
        self.session.set_document(document)
        self.panel = PromptPanel(self.session, settings)
        self.panel.resize(1000, 140)
        self.panel.show()

    def wait(self, condition: Any) -> None:
        wait_for(condition)

    def last(self, kind: type) -> Any:
        return next((j for j in reversed(self.engine.submitted) if isinstance(j, kind)), None)

    def edited(self) -> Any:
        """The newest job at full quality."""
        return self._newest(jobs.Quality.FULL)

    def explored(self) -> Any:
        """The newest job that explores."""
        return self._newest(jobs.Quality.PREVIEW)

    def _newest(self, quality: jobs.Quality) -> Any:
        edits = [j for j in self.engine.submitted if isinstance(j, jobs.EditJob)]
        return next((j for j in reversed(edits) if j.quality is quality), None)


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fixture]:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders(()))
    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.panel.close()
    fixture.panel.deleteLater()
    fixture.session.close()
    fixture.work.close()


def test_chips_come_and_enter_in_the_empty_box_explores_them(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    texts = [chip.data.id for chip in f.panel.chips.chips]
    assert len(texts) == 5
    assert all(chip.accessibleDescription() for chip in f.panel.chips.chips)
    QTest.keyClick(f.panel.box.edit, Qt.Key.Key_Return)
    job = f.explored()
    assert [i.text for i in job.instructions] == texts
    assert not f.panel.row.explore.isEnabled()


def test_what_stands_in_the_box_is_explored_first(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    f.panel.box.set_text("sepia")
    f.panel.row.explore.click()
    assert f.explored().instructions[0].text == "sepia"


def test_words_that_are_suggested_too_are_explored_once(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    first = f.panel.chips.chips[0].data.id
    f.panel.box.set_text(first.lower())
    f.panel.row.explore.click()
    texts = [instruction.text.lower() for instruction in f.explored().instructions]
    assert texts.count(first.lower()) == 1
    assert len(texts) == 5


def keep_one(f: Fixture) -> None:
    """A tone edit, run and kept: the picture is another one now."""
    f.session.edit.run("brighter")
    f.engine.prepare(0.5)
    f.engine.edit()
    f.session.keep()
    f.wait(lambda: f.session.image is not None)


def test_explore_waits_for_suggestions_about_this_picture(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    keep_one(f)
    assert not f.panel.suggestion_feed.is_current
    f.panel.row.explore.click()
    assert f.explored() is None
    assert "Explore follows" in f.session.messages.current.text  # type: ignore[union-attr]
    f.wait(f.explored)
    now = [i.text for i in f.explored().instructions]
    assert now == [chip.data.id for chip in f.panel.chips.chips]
    assert f.panel.suggestion_feed.is_current
    assert f.session.messages.current is None or "Explore" not in f.session.messages.current.text


@pytest.mark.parametrize("how", ["escape", "typing"])
def test_who_does_something_else_no_longer_waits(f: Fixture, how: str) -> None:
    f.panel.row.explore.setEnabled(True)
    f.panel.explore()  # the first suggestions are not there yet
    if how == "escape":
        assert f.panel.explore_wait.stop()
    else:
        f.panel.box.set_text("sepia")
    assert f.session.messages.current is None
    f.wait(lambda: f.panel.chips.chips)
    f.app.processEvents()
    assert f.explored() is None
    assert not f.panel.explore_wait.stop()


def test_a_chip_fills_the_box_and_runs_only_with_ctrl(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    chip = f.panel.chips.chips[0]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert f.panel.box.text == chip.data.id
    assert f.edited() is None
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(f.panel.chips.chips[1], Qt.MouseButton.LeftButton, control)
    assert f.edited().instructions[0].text == f.panel.chips.chips[1].data.id


def test_never_suggest_this(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    gone = f.panel.chips.chips[0].data.id
    f.panel.chips.refused.emit(gone)
    assert gone not in [chip.data.id for chip in f.panel.chips.chips]
    assert f.session.document is not None
    assert gone in f.session.document.dismissed
    before = [chip.data.id for chip in f.panel.chips.chips]
    f.panel.chips.refresh_asked.emit()
    f.wait(lambda: [chip.data.id for chip in f.panel.chips.chips] != before)
    assert gone not in [chip.data.id for chip in f.panel.chips.chips]


def test_answers_stand_where_the_chips_were(f: Fixture) -> None:
    f.panel.box.set_text("paint the swan")
    f.panel.run()
    job = f.edited()
    answers = ("paint the house", "paint the swan")
    question = Question(verbatim("The caption names no swan. What is meant?"), answers)
    f.engine.understand(Preparation(job.instructions[0], **repainting("x"), question=question))
    row = f.panel.row
    assert row.pages.currentWidget() is row.answers
    assert [b.accessibleName() for b in row.answers.buttons] == list(answers)
    assert [b.key for b in row.answers.buttons] == ["Enter", "2"]
    assert [b.kind for b in row.answers.buttons] == ["gold", "quiet"]
    assert (row.answers.other.text(), row.answers.other.key) == ("Something else…", "3")
    assert f.panel.box.run_state == "run"
    assert f.panel.box.run.kind == "quiet"  # one gold button at a time
    shown = f.panel.box.line.shown
    assert shown is not None
    assert shown.text == str(question.text)
    row.answers.buttons[1].click()
    assert f.edited() is not job
    assert not f.edited().ask
    assert row.pages.currentWidget() is row.chips
    assert f.panel.box.run_state == "cancel"


def test_something_else_puts_the_caret_behind_the_words(f: Fixture) -> None:
    f.panel.box.set_text("paint the swan")
    f.panel.run()
    job = f.edited()
    question = Question(verbatim("There is no swan here."), ("The house", "The cat"))
    f.engine.understand(Preparation(job.instructions[0], **repainting("x"), question=question))
    f.session.view.set_selection(None)
    f.panel.row.answers.other.click()
    assert f.session.clarification.question is None
    assert f.panel.row.pages.currentWidget() is f.panel.row.chips
    assert f.panel.box.text == "paint the swan"
    assert f.panel.box.edit.hasFocus()
    assert f.session.messages.current is None  # nothing went wrong, so nothing is said
    assert f.edited() is job


def test_enter_takes_the_first_answer_other_words_ask_anew(f: Fixture) -> None:
    for words, kind in (("paint the swan", "answered"), ("paint the boat", "anew")):
        f.panel.box.set_text("paint the swan")
        f.panel.run()
        question = Question(verbatim("Which?"), ("paint the swan", "paint the house"))
        words_read = f.edited().instructions[0]
        f.engine.understand(Preparation(words_read, **repainting("x"), question=question))
        f.panel.box.set_text(words)
        QTest.keyClick(f.panel.box.edit, Qt.Key.Key_Return)
        assert f.edited().ask == (kind == "anew")
        f.session.driver.cancel()
    assert f.edited().instructions[0].text == "paint the boat"


def test_the_caption_is_read_and_corrected(f: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((Path("models"),)))
    f.panel.captions.set_before("a blue house")
    f.wait(lambda: (s := f.panel.box.line.shown) is not None and s.text == "a blue house")
    f.panel.box.set_text("make it night")
    f.panel.run()
    assert f.edited().instructions[0].source_prompt == "a blue house"
    whole = Instruction("make it night", "a blue house", "a blue house at night")
    f.engine.understand(Preparation(whole, **repainting("x")))
    shown = f.panel.box.line.shown
    assert shown is not None
    assert shown.kind == "read_as"
    assert shown.editable
    assert [span.kind for span in shown.spans] == ["insert"]


def test_live_is_marked_and_can_be_switched_off(f: Fixture) -> None:
    f.panel.box.set_text("warmer")
    f.panel.read_as.refresh()
    assert f.panel.box.line.shown is not None
    assert f.panel.box.line.shown.mark == "live"
    f.panel.set_live("off")
    assert f.panel.box.line.shown.mark == ""
    f.panel.box.set_text("")
    f.panel.box.edit.setFocus()
    f.panel.box.set_text("warmer")
    f.wait(lambda: not f.session.live_preview._timer.isActive())  # the words were followed
    assert f.session.view.live is None
    f.panel.set_live("on")
    f.wait(lambda: f.session.view.live is not None)


def test_typed_differences() -> None:
    chip = chip_of(Suggestion.of("make it night", BEFORE, AFTER, "It is noon."))
    assert chip.words == chip.id == "Make it night"
    assert chip.hint == "noon → night\nIt is noon."
    free = chip_of(Suggestion.of("warmer", "", "", "It is cold."), pinned=True)
    assert (free.words, free.hint, free.pinned) == ("Warmer", "It is cold.", True)
    assert instruction_spans(Instruction("x", BEFORE, AFTER))[0].other == "night"
    assert instruction_spans(Instruction("x", BEFORE)) == plain_text("x")


def test_cards_say_what_each_was_asked_for(qapp: QApplication) -> None:
    model = CardModel()
    card = CardData("a", 1, reason="Keeps the picture", action="Add dew")
    model.set_rows([card])
    index = model.index(0)
    assert index.data(CARD_ROLE) is card
    assert "Add dew." in str(index.data(int(Qt.ItemDataRole.AccessibleTextRole)))
    assert str(index.data(int(Qt.ItemDataRole.ToolTipRole))).startswith("Add dew")


def repainted(f: Fixture, direction: float) -> None:
    job = f.edited()
    words = Instruction(job.instructions[0].text, BEFORE, AFTER)
    f.engine.understand(Preparation(words, **repainting("x")))
    for request in f.engine.requests:
        candidate = Candidate(request, Patch((("exposure", 0.5),)))
        f.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))
        score = Score(request.key, direction=direction, image=0.9, source=0.3, target=0.3)
        f.engine.job_event.emit(jobs.ScoreReady(job.id, score))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    f.app.processEvents()


def test_ways_to_try_again_stand_first_and_run_at_once(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    suggestions = [chip.data.id for chip in f.panel.chips.chips]
    f.panel.box.set_text("turn it into a boat")
    f.panel.run()
    repainted(f, 0.01)
    first, second, *others = f.panel.chips.chips
    assert first.accessibleName() == "Change more"
    assert "turn it into a boat" in first.accessibleDescription()
    assert second.accessibleName() == "Keep more"
    assert [chip.data.id for chip in others] == suggestions[:3]  # five chips in all
    f.panel.box.set_text("in fog")  # other words: these would not be what runs
    assert [chip.data.id for chip in f.panel.chips.chips] == suggestions
    f.panel.box.set_text("")
    QTest.mouseClick(f.panel.chips.chips[0], Qt.MouseButton.LeftButton)
    assert f.panel.box.text == "turn it into a boat"
    asked = f.edited()
    assert (asked.instructions[0].text, asked.methods) == (
        "turn it into a boat",
        ("instruct_pix2pix",),
    )
    assert [chip.data.id for chip in f.panel.chips.chips] == suggestions
    assert f.panel.box.run_state == "cancel"


def test_explore_waits_for_the_picture_it_was_asked_for(f: Fixture) -> None:
    f.wait(lambda: f.panel.chips.chips)
    keep_one(f)
    f.panel.explore()
    assert f.panel.explore_wait.is_waiting
    f.session.undo()
    assert not f.panel.explore_wait.is_waiting
    assert f.session.messages.current is None
    f.wait(lambda: f.panel.suggestion_feed.is_current)
    f.app.processEvents()
    assert f.explored() is None


def test_suggestions_given_up_for_a_job_come_when_explore_wants_them(f: Fixture) -> None:
    f.session.edit.run("brighter")  # before the first suggestions were even asked for
    f.session.driver.cancel()
    f.panel.explore()
    f.wait(f.explored)
