"""Jobs that look for the subject, through the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.image import Image
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import JobFailed, JobFinished, SubjectJob, SubjectPart, SubjectReady
from inference.vision import segmentation
from inference.vision.segmentation import Subject
from inference.workflow.engine import Engine
from tests.inference import tiny_helper_models

PICTURE = Image.from_array(np.random.default_rng(0).integers(0, 255, (30, 40, 3)).astype(np.uint8))
COVERAGE = np.zeros((30, 40), np.uint8)
COVERAGE[:, :10] = 200


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    root = tmp_path_factory.mktemp("models")
    tiny_helper_models.selfie_segmentation(root / "people")
    return ModelStore([root], device="cpu")


def run(models: ModelStore, part: SubjectPart = "subject") -> list[Any]:
    events: list[Any] = []
    Engine(models).run(SubjectJob(PICTURE, part), events.append, CancelToken())
    return events


@pytest.mark.parametrize(
    ("part", "confidence", "selected"),
    [
        ("subject", 0.9, COVERAGE),
        ("background", 0.9, 255 - COVERAGE),
        ("person", 0.7, COVERAGE),
        ("subject", 0.7, None),
        ("person", 0.5, None),
    ],
)
def test_each_part_has_its_bar(
    part: SubjectPart,
    confidence: float,
    selected: Any,
    models: ModelStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Subject(COVERAGE, confidence)
    monkeypatch.setattr(segmentation, "find_subject", lambda network, source, check: made)
    events = run(models, part)
    ready = [event for event in events if isinstance(event, SubjectReady)]
    if selected is None:
        assert ready == []
        assert isinstance(events[-1], JobFailed)
        assert events[-1].kind == "subject_unclear"
        assert str(events[-1].fix) == "Draw it"
    else:
        assert isinstance(events[-1], JobFinished)
        (found,) = ready
        assert np.array_equal(found.coverage, selected)
        assert (found.confidence, found.model) == (confidence, "people")


def test_the_network_sees_nobody_in_noise(models: ModelStore) -> None:
    assert run(models)[-1].kind == "subject_unclear"


def test_without_a_model_it_says_which_to_install(tmp_path: Path) -> None:
    failed = run(ModelStore([tmp_path]))[-1]
    assert failed.kind == "model_missing"
    assert "selfie-segmentation" in str(failed.fix)
