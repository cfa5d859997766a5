"""The choice of a model beside the method: there only where several models can serve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.runtime.settings import Settings
from app.widgets.prompt.prompt_box import PromptBox
from inference.request.edit_job import EditJob
from tests.app.panels.test_suggestions import Fixture
from tests.inference.models.test_store import pipeline

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

METHOD = "instruct_pix2pix"
LONG = "instruct-pix2pix-of-a-very-long-name"


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fixture]:
    for name in ("photos", LONG):
        pipeline(tmp_path / "models" / name, "StableDiffusionInstructPix2PixPipeline")
    pipeline(tmp_path / "models" / "sd", "StableDiffusionPipeline")
    monkeypatch.setattr("app.runtime.paths.models", lambda: (tmp_path / "models",))
    fixture = Fixture(tmp_path, qapp)
    yield fixture
    fixture.panel.close()
    fixture.panel.deleteLater()
    fixture.session.close()
    fixture.work.close()


def offered(box: PromptBox) -> list[str]:
    menu = box.model.build_menu()
    texts = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return texts


def test_it_appears_once_several_models_are_found(f: Fixture) -> None:
    box = f.panel.box
    assert not box.model.isVisible()
    f.panel.load_words()
    f.wait(box.model.isVisible)
    assert offered(box) == ["Any model", "instruct-p…-long-name", "photos"]
    box.method.chosen.emit("adjust")
    assert not box.model.isVisible()
    box.method.chosen.emit(METHOD)
    assert box.model.isVisible()
    f.panel.set_small(low=True, thin=True)
    assert not box.model.isVisible()
    f.panel.set_small(low=False, thin=False)
    assert box.model.isVisible()


def test_the_choice_goes_with_every_job_and_is_remembered(f: Fixture, tmp_path: Path) -> None:
    box = f.panel.box
    f.panel.load_words()
    f.wait(box.model.isVisible)
    box.model.chosen.emit("photos")
    assert box.model.current == "photos"
    box.set_text("make it night")
    f.panel.run()
    f.wait(lambda: f.last(EditJob))
    job = f.last(EditJob)
    assert [(one.role, one.id, one.method) for one in job.models] == [(METHOD, "photos", METHOD)]
    assert Settings(tmp_path / "settings.json")["models"] == {METHOD: {METHOD: "photos"}}
