"""Diffusion jobs through the engine and through the child, with every event they send."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.model_ref import ModelRef
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.ipc.client import EngineClient
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.model_choice import ModelChoice
from inference.request.settings import BadSetting
from inference.workflow.engine import Engine
from inference.workflow.plan import plan_edit
from inference.workflow.preparation import Preparation
from inference.workflow.prepare import prepare
from tests.inference import tiny_models
from tests.inference.engine_cases import until_end

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

FEW_STEPS = (("num_inference_steps", 3),)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "ip2p", edits=True)
    return root


def source(dtype: str = "uint8") -> Image:
    return Image.from_array(tiny_models.scene(200, 150, dtype))


def edit(image: Image, words: str = "turn it into a boat", **options: Any) -> EditJob:
    return EditJob((Instruction(words),), image, **{"settings": FEW_STEPS, **options})


def prepared(store: ModelStore, words: str = "turn it into a boat", **options: Any) -> Preparation:
    (found,) = prepare(edit(source(), words, **options), store, CancelToken())
    return found


def planned(events: list[jobs.Event]) -> tuple[EditRequest, ...]:
    """The requests of a job, from its events."""
    (plan,) = (e for e in events if isinstance(e, jobs.Planned))
    return plan.requests


def test_prepare_offers_what_can_do_it(models: Path) -> None:
    store, image = ModelStore([models], device="cpu"), source()
    found = prepared(store)
    assert found.methods == ("instruct_pix2pix",)
    assert str(found.sentence) == "turn it into a boat"
    model = store.model("instruct_pix2pix")
    assert model is not None
    (ref,) = found.models["instruct_pix2pix"]
    assert ref == ModelRef("instruct_pix2pix", model.id, "instruct-pix2pix", store.digest(model))
    assert prepared(store, "warmer", settings=()).methods == ("adjust", "instruct_pix2pix")
    with pytest.raises(BadSetting, match="Tone and colour has no setting num_inference_steps"):
        prepared(store, "warmer")  # what runs first has no steps
    requests = plan_edit(edit(image, count=5, seed=7), [found], image, None).requests
    assert [r.seed for r in requests] == [7, 8, 9, 10, 11]
    assert [dict(r.settings)["image_guidance_scale"] for r in requests] == [1.5, 1.2, 1.8, 1.5, 1.2]
    assert {dict(r.settings)["num_inference_steps"] for r in requests} == {3}
    assert {(r.weights, r.models) for r in requests} == {((ref.digest,), (ref,))}


@pytest.mark.parametrize("stage", ["loading", "editing", "scoring"])
def test_a_cancel_in_every_stage(models: Path, stage: str) -> None:
    store = ModelStore([models], device="cpu")
    job = edit(source(), count=2)
    token = CancelToken()
    events: list[jobs.Event] = []

    def emit(event: jobs.Event) -> None:
        events.append(event)
        if isinstance(event, jobs.Progress) and event.stage == stage:
            token.cancel()

    Engine(store).run(job, emit, token)
    assert isinstance(events[-1], jobs.JobCancelled), events[-1]
    reached = [e for e in events if isinstance(e, jobs.Progress) and e.stage == stage]
    assert len(reached) == 1
    if stage == "loading":
        assert store.loaded_bytes == 0
    # The next job is not harmed by it.
    events.clear()
    Engine(store).run(job, events.append, CancelToken())
    assert isinstance(events[-1], jobs.JobFinished), events[-1]


def test_events_of_a_job(models: Path) -> None:
    store = ModelStore([models], device="cpu")
    events: list[jobs.Event] = []
    Engine(store).run(edit(source(), count=2), events.append, CancelToken())
    assert isinstance(events[-1], jobs.JobFinished), events[-1]
    requests = planned(events)
    steps = [e for e in events if isinstance(e, jobs.Progress) and e.stage == "editing"]
    assert [s.step for s in steps] == sorted(s.step for s in steps)
    assert steps[-1].step == steps[-1].steps
    assert {e.key for e in events if isinstance(e, jobs.Preview)} == {r.key for r in requests}
    made = [e.candidate for e in events if isinstance(e, jobs.CandidateReady)]
    assert [c.request for c in made] == list(requests)
    recorded = dict(made[0].recorded)
    assert recorded["dtype"] == "float32"
    assert {"torch", "diffusers", "model", "seconds"} <= set(recorded)
    assert sum(isinstance(e, jobs.ScoreReady) for e in events) == 2


@pytest.mark.usefixtures("patient")
def test_the_child_edits_end_to_end(models: Path, tmp_path: Path) -> None:
    image = source("uint16")
    selection = Selection.from_rect(Rect(40, 30, 80, 60), 200, 150)
    with EngineClient(tmp_path / "home", models=[models]) as client:
        job = edit(image, selection=selection, count=2)
        client.submit(job)
        events = until_end(client, job.id)
        assert isinstance(events[-1], jobs.JobFinished), events[-1]
        made = [e.candidate for e in events if isinstance(e, jobs.CandidateReady)]
        assert len(made) == 2
        result = composite.render(image, made[0].patch, selection).array()
        kept = selection.array() == 0
        assert np.array_equal(result[kept], image.array()[kept])
        assert not np.array_equal(result[~kept], image.array()[~kept])

        long = edit(image, settings=(("num_inference_steps", 200),), count=8)
        client.submit(long)
        while not any(isinstance(e, jobs.Preview) for e in client.poll(1)):
            pass
        pid = client.pid
        client.cancel(long.id)
        assert isinstance(until_end(client, long.id)[-1], jobs.JobCancelled)
        assert client.pid == pid  # it answered by itself and was not ended


def test_idle_time_makes_ready(models: Path) -> None:
    store = ModelStore([models], device="cpu")
    engine = Engine(store)
    assert list(Engine(ModelStore()).warm_steps()) == []
    for step in engine.warm_steps():
        step()
    assert store.is_loaded("instruct_pix2pix")
    assert engine.device == "CPU"


def test_a_damaged_model_is_a_sentence(models: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import load_file, save_file

    folder = Path(shutil.copytree(models / "ip2p", tmp_path / "ip2p"))
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    state = load_file(weights)
    del state["conv_in.weight"]
    save_file(state, weights)
    store = ModelStore([tmp_path], device="cpu")
    events: list[jobs.Event] = []
    Engine(store).run(edit(source()), events.append, CancelToken())
    assert isinstance(events[-1], jobs.JobFailed)
    assert events[-1].kind == "model_damaged"
    assert "conv_in.weight" in str(events[-1].message)


def test_no_torch_until_a_model_is_wanted(models: Path) -> None:
    import subprocess

    code = (
        "import sys\n"
        "from inference.models.store import ModelStore\n"
        "from inference.request.registry import METHODS\n"
        f"store = ModelStore([__import__('pathlib').Path({str(models)!r})])\n"
        "assert store.found and not store.missing(METHODS['instruct_pix2pix'])\n"
        "assert store.side('instruct_pix2pix') == 64\n"
        "assert 'torch' not in sys.modules\n"
    )
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_the_artist_chooses_between_two_models_of_one_family(tmp_path: Path) -> None:
    for name, seed in (("anime", 1), ("photos", 2)):
        tiny_models.diffusion(tmp_path / name, edits=True, seed=seed)
    engine = Engine(ModelStore([tmp_path], device="cpu"))
    made = {}
    for name in ("", "anime", "photos", "gone"):
        choices = (ModelChoice("instruct_pix2pix", name, "instruct_pix2pix"),) if name else ()
        events: list[jobs.Event] = []
        engine.run(edit(source(), count=1, models=choices), events.append, CancelToken())
        assert isinstance(events[-1], jobs.JobFinished)
        (candidate,) = (e.candidate for e in events if isinstance(e, jobs.CandidateReady))
        (found,) = (e for e in events if isinstance(e, jobs.Prepared))
        made[name] = candidate
        assert [model.id for model in candidate.request.models] == [
            name if name in ("anime", "photos") else "anime"
        ]
        assert dict(candidate.recorded)["model"] == candidate.request.models[0].id
        (line,) = found.served
        expected = "you chose it" if name in ("anime", "photos") else "its name comes first of 2"
        assert expected in str(line)
        assert [str(one) for one in found.skipped] == (
            ["The model gone, which was chosen, is not here now. anime serves instead."]
            if name == "gone"
            else []
        )
    assert made[""].key == made["anime"].key == made["gone"].key != made["photos"].key
    assert made["anime"].patch.pixels is not None
    assert made["photos"].patch.pixels is not None
    assert not np.array_equal(made["anime"].patch.pixels, made["photos"].patch.pixels)
