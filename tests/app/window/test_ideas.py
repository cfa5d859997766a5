"""The tab "Ideas": a text, its concepts and their sheet in the place of the canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from app.panels.pages.text_page import TextPage
from app.runtime.thread_pool import Ticket
from app.session import concept_sheet
from app.session.story_look import StoryLook
from app.widgets.basics.buttons import PushButton
from app.window.controllers.ideas import MOST_BYTES, UnreadableStory, read_story
from editor.messages import Message
from editor.model.edit import Candidate, EditRequest
from editor.model.patch import Patch, Placement
from inference.request import jobs
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models draw eight pixels a side."""
    monkeypatch.setattr(concept_sheet, "picture_side", lambda *_: 8)


def find(window: WindowFixture, words: str) -> None:
    window.window.action_set.trigger("ideas")
    QTest.keyClicks(window.parts.prompt.box.edit, words)
    QTest.keyClick(window.parts.prompt.box.edit, Qt.Key.Key_Return)
    window.wait(lambda: bool(window.parts.ideas.sheet.frames))


def refuse_to_write(window: WindowFixture) -> None:
    job = next(j for j in reversed(window.engine.submitted) if isinstance(j, jobs.ConceptJob))
    why = Message("ideas.no_prompts")
    window.engine.job_event.emit(jobs.JobFailed(job.id, "writes_no_prompts", why))
    window.settle()


def draw(window: WindowFixture) -> None:
    job = window.engine.job
    request = EditRequest("0" * 32, None, job.instructions[0], "generate", 1)
    pixels = np.full((8, 8, 3), 200, np.uint8)
    patch = Patch((), pixels, Placement(job.source.bounds))
    window.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, patch)))
    window.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    window.settle()


def test_words_become_pictures_and_one_begins_a_document(window: WindowFixture) -> None:
    panel, sheet = window.parts.ideas, window.parts.sheet
    before = window.session.document
    find(window, "lighthouse")
    assert sheet.isVisible()
    assert not window.parts.stage.isVisible()
    refuse_to_write(window)
    assert "writes no prompts" in panel.note.accessibleName()
    assert panel.help.isVisible()
    draw(window)
    assert [card.accessibleName() for card in sheet.cards] == ["Picture 1, lighthouse"]
    assert sheet.count.text == "1 of 1 drawn"
    panel.begin.click()
    window.wait(lambda: window.session.document not in (before, None))
    window.settle()
    assert window.parts.stage.isVisible()  # with the picture that was begun
    assert window.session.document is not None
    assert window.session.document.title == "lighthouse"


def test_a_story_that_is_dropped_is_read(window: WindowFixture, tmp_path: Path) -> None:
    story = tmp_path / "map.md"
    story.write_text("A cat lived in a red house. It flew over the hills in a balloon.", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(story))])
    window.window.controllers.clipboard.drop(data)
    panel = window.parts.ideas
    window.wait(lambda: bool(panel.sheet.frames))
    window.settle()
    assert panel.isVisible()
    assert panel.name.text == "map.md"
    assert [box.isChecked() for box in panel.boxes][:2] == [True, True]
    assert panel.sheet.is_story
    sheet = window.parts.sheet
    assert sheet.style_choice.isVisible()
    assert sheet.same_choice.accessibleName().startswith("What stays the same")
    looks = [action.text() for action in sheet.style_choice.build_menu().actions()]
    assert looks[:2] == ["as each says", "flat illustration"]
    sheet.style_choice.chosen.emit("watercolour")
    sheet.same_choice.chosen.emit("red house")
    window.settle()
    assert panel.sheet.look == StoryLook("watercolour", "red house")
    assert (sheet.style_choice.text(), sheet.same_choice.text()) == (
        "Look: watercolour", "Keep the same: red house",
    )  # fmt: skip
    panel.sheet.choose(panel.sheet.cells[0].prompt.prompt)
    window.settle()
    panel.lock.click()
    window.settle()
    assert panel.lock.isChecked()
    assert not panel.another.isEnabled()
    assert sheet.cards[0].accessibleName().endswith("locked")
    assert not sheet.cards[1].accessibleName().endswith("locked")
    panel.lock.click()
    panel.pencil.click()
    window.settle()
    page = window.window.findChild(TextPage)
    assert page is not None
    assert isinstance(page.edit, QPlainTextEdit)
    assert page.edit.toPlainText() == panel.sheet.cells[0].prompt.prompt
    page.edit.setPlainText("a red house by night")
    QTest.keyClick(page.edit, Qt.Key.Key_Tab)
    assert page.edit.toPlainText() == "a red house by night"  # Tab leads on, to Save
    save = page.findChild(PushButton, "page-save")
    assert save is not None
    save.click()
    window.settle()
    assert panel.sheet.cells[0].prompt.prompt == "a red house by night"
    assert panel.another.isEnabled()
    panel.boxes[0].click()
    window.settle()
    assert not panel.sheet.frames[0].ticked
    panel.sheet.set_story(False)
    window.settle()
    assert not sheet.style_choice.isVisible()
    assert not panel.add.isEnabled()
    panel.text.selectAll()
    assert panel.add.isEnabled()


def test_a_text_without_concepts_says_so(window: WindowFixture) -> None:
    window.window.action_set.trigger("ideas")
    window.parts.ideas.sheet.begin("of the")
    window.wait(lambda: not window.parts.ideas.sheet.is_reading)
    window.settle()
    empty = window.parts.ideas.empty
    assert empty.isVisible()
    assert empty.accessibleName().startswith("No concepts found.")


def test_a_file_that_is_no_story_is_refused(tmp_path: Path) -> None:
    large, odd = tmp_path / "large.txt", tmp_path / "odd.txt"
    large.write_bytes(b"a" * (MOST_BYTES + 1))
    odd.write_bytes(b"\xff\xfe\x00")
    for path, why in ((large, "too large"), (odd, "cannot be read"), (tmp_path / "no.txt", "read")):
        with pytest.raises(UnreadableStory, match=why):
            read_story(path, Ticket())


def test_the_board_is_exported(
    window: WindowFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, shell = window.parts.sheet, window.window.shell
    find(window, "lighthouse")
    assert not sheet.export.isEnabled()
    refuse_to_write(window)
    draw(window)
    monkeypatch.setattr(shell, "ask_save_file", lambda *_: tmp_path / "board")
    sheet.export.click()
    window.wait((tmp_path / "board.png").exists)
    window.settle()
    assert window.session.messages.current is not None
    assert window.session.messages.current.text == "Board saved: board.png."
