"""A model speaks, routes, captions and ranks only where its own domain fits the picture.

Seen before: with an artist's own InstructPix2Pix model and a photograph the captioner of the
starter models made "make the dog black" into "make the tree black" and CLIP ranked by that.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from editor.formats import open_image
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.ipc.domains import STORYBOOK, register_domains
from inference.models.model_domain import write_world
from inference.models.picture_domains import PictureDomains
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.starter.storybook import Storybook
from inference.workflow.engine import Engine
from inference.workflow.prepare import prepare
from tests.inference import tiny_models
from tests.inference.pictures_of_worlds import plain_scene, stand_in_photograph, toned

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

DOG = Instruction("make the dog black")


@pytest.fixture(autouse=True)
def _worlds() -> None:
    register_domains()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An InstructPix2Pix model that names no world, and helpers that know the storybook only."""
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "own-ip2p", edits=True)
    tiny_models.blip(root / "captioner")
    tiny_models.gpt2(root / "language")
    tiny_models.open_clip(root / "clip")
    for name in ("captioner", "language", "clip"):
        write_world(root / name, STORYBOOK)
    return root


@pytest.fixture
def store(folder: Path) -> ModelStore:
    return ModelStore([folder], device="cpu")


def test_helpers_that_do_not_know_a_photograph_are_silent(store: ModelStore) -> None:
    stages: list[str] = []
    job = EditJob((DOG,), stand_in_photograph())
    (found,) = prepare(job, store, CancelToken(), stages.append)
    assert found.methods == ("instruct_pix2pix",)
    assert found.instruction == DOG  # no captions were invented, so nothing is rewritten
    assert (found.caption, found.question, found.domain, found.warning) == (None,) * 4
    assert "captioning" not in stages
    assert not store.is_loaded("captioner")


def test_a_caption_that_somebody_wrote_is_not_read_by_them_either(store: ModelStore) -> None:
    written = Instruction(DOG.text, "a red house with a green apple tree, in a meadow")
    job = EditJob((written,), stand_in_photograph())
    (found,) = prepare(job, store, CancelToken())
    assert found.instruction == written
    assert found.question is None
    assert not store.is_loaded("language")


def test_a_scene_is_captioned_by_the_same_models(store: ModelStore) -> None:
    (found,) = prepare(EditJob((DOG,), plain_scene()), store, CancelToken())
    assert found.caption
    assert found.instruction.source_prompt == found.caption


def test_clip_does_not_rank_a_photograph_it_does_not_know(store: ModelStore) -> None:
    events: list[jobs.Event] = []
    written = Instruction(DOG.text, "a red house", "a black dog")
    job = EditJob((written,), stand_in_photograph(), count=1)
    Engine(store).run(job, events.append, CancelToken())
    scores = [event.score for event in events if isinstance(event, jobs.ScoreReady)]
    assert [(score.absent, score.direction) for score in scores] == [("domain", None)]


@pytest.mark.parametrize("origin", [plain_scene(), stand_in_photograph()], ids=["scene", "photo"])
def test_the_verdict_is_that_of_the_picture_the_content_comes_from(
    store: ModelStore, origin: Image
) -> None:
    """A scene in black and white alone would be called foreign."""
    grey = toned(origin, "black and white")
    assert not PictureDomains(store, grey).fits("captioner")
    known = PictureDomains(store, origin).fits("captioner")
    job = EditJob((DOG,), grey, until=Until.PREPARED, domain_picture=origin)
    (found,) = prepare(job, store, CancelToken())
    assert (found.caption is not None) == known
    assert known == (origin.pixel_digest == plain_scene().pixel_digest)


def test_suggestions_about_a_photograph_are_of_tone_and_colour(store: ModelStore) -> None:
    for job in (
        jobs.SuggestJob(stand_in_photograph()),
        jobs.SuggestJob(caption="a white cat with a path", domain_picture=stand_in_photograph()),
    ):
        events: list[jobs.Event] = []
        Engine(store).run(job, events.append, CancelToken())
        ready = events[-2]
        assert isinstance(ready, jobs.SuggestionsReady), events
        assert ready.domain is not None
        assert not ready.domain.fits
        assert ready.note in {Storybook().outside_note(one) for one in ("captioner", "language")}
        assert {s.kind for s in ready.suggestions} <= {"tone", "insert"}
        assert store.loaded_bytes == 0


def test_the_world_of_one_model_does_not_route_for_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is any world asked that no installed model names."""
    asked: list[str] = []
    monkeypatch.setattr(Storybook, "route", lambda self, text: asked.append(text))
    store = ModelStore([folder], device="cpu")
    (found,) = prepare(EditJob((Instruction("make it night"),), plain_scene(), count=1),
                       store, CancelToken())  # fmt: skip
    assert found.methods == ("instruct_pix2pix",)
    assert asked == []


def test_a_real_photograph_and_its_tone_edits_are_never_captioned_by_them(
    store: ModelStore, shared_data: Path
) -> None:
    paths = sorted((shared_data / "photos" / "large").glob("*.jpg"))
    assert len(paths) >= 3
    for path in paths:
        picture = open_image(path).image
        for one in (picture, toned(picture, "warmer")):
            assert not PictureDomains(store, one).fits("captioner"), path.name
