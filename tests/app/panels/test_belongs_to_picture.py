"""What is shown belongs to the picture that is open, or is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import Thumbnails
from app.panels.prompt import PromptPanel
from app.panels.results_panel import ResultsPanel
from app.runtime.model_folders import ModelFolders
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import MessageKind, StatusMessage
from editor.errors import DiskFull
from editor.messages import verbatim
from editor.model.edit import Instruction, Suggestion
from editor.model.image import Image
from editor.model.picture import Picture
from editor.storage.document import Document
from inference.request import jobs
from inference.workflow.preparation import Preparation
from tests.app.session_cases import repainting

HOUSE, LIGHTHOUSE = "a red house at noon", "a white lighthouse at noon"

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def panel(f: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PromptPanel]:
    monkeypatch.setattr("app.runtime.model_folders.known", lambda: ModelFolders((Path("models"),)))
    made = PromptPanel(f.session, f.settings)
    made.resize(1000, 140)
    made.show()
    f.wait(lambda: asked(f))
    yield made
    made.close()
    made.deleteLater()


def other_document(folder: Path, level: int = 128) -> Document:
    grey = Image.from_array(np.full((90, 120, 3), level, np.uint8))
    return Document.create(Picture.of(grey), label="lighthouse", state_dir=folder)


def asked(f: Any) -> list[jobs.SuggestJob]:
    return [job for job in f.engine.submitted if isinstance(job, jobs.SuggestJob)]


def suggested(f: Any, job: jobs.SuggestJob, caption: str, *texts: str) -> None:
    made = tuple(Suggestion.of(t, caption, f"{caption}, {t}", "Because.") for t in texts)
    f.engine.job_event.emit(jobs.SuggestionsReady(job.id, caption, made, note=verbatim("Note.")))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def chips(panel: PromptPanel) -> list[str]:
    return [chip.text() for chip in panel.chips.chips]


def line(panel: PromptPanel) -> str:
    shown = panel.box.line.shown
    return "" if shown is None else shown.spoken


def test_chips_and_caption_of_another_document_go_at_once_and_late_ones_do_not_come(
    f: Any, panel: PromptPanel, tmp_path: Path
) -> None:
    first = f.last(jobs.SuggestJob)
    assert panel.chips._heading == "Looking at the picture"
    suggested(f, first, HOUSE, "paint the house blue")
    assert chips(panel) == ["Paint the house blue"]
    assert HOUSE in line(panel)
    late = first
    for number in range(3):  # quicker than any suggestion comes
        f.session.set_document(other_document(tmp_path / str(number), 50 * number))
        assert chips(panel) == []
        assert panel.chips._heading == line(panel) == "Looking at the picture"
        assert f.session.suggestion_feed.instructions == ()
        suggested(f, late, HOUSE, "let it snow")
        assert chips(panel) == []
        assert HOUSE not in line(panel)
        f.wait(lambda late=late: asked(f)[-1] is not late)
        late = f.last(jobs.SuggestJob)
    suggested(f, late, LIGHTHOUSE, "make it night")
    assert chips(panel) == ["Make it night"]
    assert LIGHTHOUSE in line(panel)
    assert panel.chips._heading == "Try next"


def test_walking_through_the_history_is_another_picture_too(f: Any, panel: PromptPanel) -> None:
    suggested(f, f.last(jobs.SuggestJob), HOUSE, "make it night")
    f.run()
    f.keep()
    assert chips(panel) == []
    f.session.undo()
    assert chips(panel) == ["Make it night"]  # they are of this picture


def test_how_words_were_read_into_another_picture_goes(
    f: Any, panel: PromptPanel, tmp_path: Path
) -> None:
    suggested(f, f.last(jobs.SuggestJob), HOUSE)
    panel.box.set_text("make it night")
    panel.run()
    whole = Instruction("make it night", HOUSE, "a red house at night")
    f.engine.understand(Preparation(whole, **repainting("make it night")))
    assert "replace noon with night" in line(panel)
    f.session.driver.cancel()
    f.session.set_document(other_document(tmp_path / "other"))
    panel.box.set_text("make it night")
    panel.read_as.refresh()
    assert "night" not in line(panel)


@pytest.mark.parametrize(
    ("message", "stays"),
    [
        (StatusMessage(MessageKind.NOTICE, "There is no swan here."), False),
        (StatusMessage(MessageKind.ERROR, "No."), False),
        (StatusMessage(MessageKind.PROGRESS, "Step 3 of 20"), True),
        (StatusMessage(MessageKind.ERROR, "The disk is full.", lasting=True), True),
    ],
)
def test_a_message_about_a_picture_goes_with_it(
    f: Any, panel: PromptPanel, message: StatusMessage, stays: bool
) -> None:
    f.run()
    f.keep()
    f.session.messages.say(message)
    f.session.undo()
    assert (f.session.messages.current is message) is stays
    assert (message.text in line(panel)) is stays


def test_what_the_disk_refuses_is_about_no_picture(f: Any) -> None:
    f.session.messages.fail(DiskFull(verbatim("Full."), verbatim("Make room.")))
    f.session.messages.leave_picture()
    assert f.session.messages.current is not None


def test_results_are_shown_beside_their_own_picture_alone(f: Any, tmp_path: Path) -> None:
    thumbnails = Thumbnails(f.work, MipCache(), tmp_path / "small")
    results = ResultsPanel(f.session, thumbnails, UiScheduler(), QWidget())
    f.run()
    f.keep()
    root = f.document.history.nodes[f.document.history.current.parent].id
    kept = f.document.history.head
    f.session.edit.run("darker")
    f.session.go(root)
    results.refresh()
    assert results.stack.currentWidget() is results.elsewhere
    assert "brighter" in results.elsewhere._sentence.accessibleName()
    results.elsewhere._link.click()
    results.refresh()
    assert f.document.history.head == kept
    assert results.stack.currentWidget() is not results.elsewhere
    results.deleteLater()
