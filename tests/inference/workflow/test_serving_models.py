"""Models that words are asked of fit the picture at hand, as those that paint do."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.ipc.domains import STORYBOOK, register_domains
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.cancel import CancelToken
from inference.starter import picture_domain
from inference.workflow.engine import Engine
from tests.inference.engine_cases import picture
from tests.inference.models.test_store import model


@pytest.mark.parametrize(("fits", "name"), [(True, "b-storybook"), (False, "a-photographs")])
def test_the_captioner_that_fits_the_picture_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: bool, name: str
) -> None:
    register_domains()
    verdict = picture_domain.Verdict(fits, 0.9 if fits else 0.1)
    monkeypatch.setattr(picture_domain, "storybook", lambda pixels: verdict)
    blip = {"architectures": ["BlipForConditionalGeneration"]}
    for folder in ("a-photographs", "b-storybook"):
        model(tmp_path / folder, "config.json", dict(blip), "model.safetensors")
    write_world(tmp_path / "b-storybook", STORYBOOK)
    store = ModelStore([tmp_path])
    asked: list[str] = []

    def captioned(job: jobs.CaptionJob, models: ModelStore, *_: object) -> jobs.CaptionReady:
        found = models.model("captioner")
        assert found is not None
        asked.append(found.id)
        return jobs.CaptionReady(job.id, "a house")

    monkeypatch.setattr("inference.language.serve.run_caption_job", captioned)
    events: list[jobs.Event] = []
    Engine(store).run(jobs.CaptionJob(picture()), events.append, CancelToken())
    assert isinstance(events[-1], jobs.JobFinished)
    assert asked == [name]
    unasked = store.model("captioner")
    assert unasked is not None
    assert unasked.id == "a-photographs"  # outside of a job there is no picture
