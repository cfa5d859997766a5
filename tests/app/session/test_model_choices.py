"""The artist's choice of models: offered where there are several, remembered per method."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.runtime.settings import Settings
from app.session.model_choices import ModelChoices
from inference.request.model_choice import ModelChoice
from tests.app.session.part_cases import Parts
from tests.inference.models.test_store import pipeline

METHOD = ROLE = "instruct_pix2pix"


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two InstructPix2Pix models and one that draws."""
    models = tmp_path / "models"
    for name in ("photos", "anime"):
        pipeline(models / name, "StableDiffusionInstructPix2PixPipeline")
    pipeline(models / "sd", "StableDiffusionPipeline")
    monkeypatch.setattr("app.runtime.paths.models", lambda: (models,))
    return models


def read(p: Parts, settings: Settings) -> ModelChoices:
    """Choices after the folders were read."""
    choices = ModelChoices(p.work, settings)
    changed: list[None] = []
    choices.changed.connect(lambda: changed.append(None))
    choices.read()
    p.wait(lambda: changed)
    return choices


def test_a_choice_is_offered_only_where_there_are_several(p: Parts, two: Path) -> None:
    choices = read(p, Settings(p.tmp_path / "settings.json"))
    assert [one.id for one in choices.offered(METHOD)] == ["anime", "photos"]
    assert choices.offered("generate") == choices.offered("adjust") == choices.offered("x") == ()
    assert (choices.chosen(METHOD), choices.for_job()) == ("", ())


def test_it_is_remembered_per_method_and_taken_back(p: Parts, two: Path) -> None:
    settings = Settings(p.tmp_path / "settings.json")
    choices = read(p, settings)
    choices.choose(METHOD, "photos")
    assert choices.chosen(METHOD) == "photos"
    again = read(p, Settings(p.tmp_path / "settings.json"))
    assert again.chosen(METHOD) == "photos"
    assert again.for_job() == (ModelChoice(ROLE, "photos", METHOD),)
    again.choose(METHOD, "")
    assert (again.chosen(METHOD), again.for_job()) == ("", ())


def test_a_chosen_model_that_is_gone_is_not_shown_as_chosen(p: Parts, two: Path) -> None:
    file = p.tmp_path / "settings.json"
    file.write_text(json.dumps({"models": {METHOD: {ROLE: "gone"}, "x": 1, "y": {"r": 2}}}))
    choices = read(p, Settings(file))
    assert choices.chosen(METHOD) == ""
    assert choices.for_job() == (ModelChoice(ROLE, "gone", METHOD),)  # the engine says so
