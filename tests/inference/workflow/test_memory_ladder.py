"""Memory that runs out in the middle of an edit: what is done, said, and whether it recovers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from inference.models.families import families
from inference.models.memory.lack import lacks_memory
from inference.models.memory.prediction import RunSize
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import CandidateReady, JobFailed, JobFinished, MemoryNotice
from inference.workflow.engine import Engine
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

NO_MEMORY = "[enforce fail at alloc_cpu.cpp:117] data. DefaultCPUAllocator: can't allocate memory"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tiny_models.diffusion(root / "sd", edits=False)
        tiny_models.gpt2(root / "gpt2")
    return root


@pytest.fixture
def engine(folder: Path) -> Engine:
    return Engine(ModelStore([folder], device="cpu"))


def job() -> EditJob:
    return EditJob(
        (Instruction("a red house", "a house", "a red house"),),
        Image.from_array(tiny_models.scene(300, 200)),
        methods=("sdedit",),
        count=2,
        settings=settings_of({"num_inference_steps": 3}),
        until=Until.EDITED,
        describe=False,
    )


def run(engine: Engine) -> tuple[list[str], list[Candidate], Any]:
    """What was said of memory, what was made, and the last event."""
    events: list[Any] = []
    engine.run(job(), events.append, CancelToken())
    said = [str(one.message) for one in events if isinstance(one, MemoryNotice)]
    made = [one.candidate for one in events if isinstance(one, CandidateReady)]
    return said, made, events[-1]


class RunsOut:
    """Memory that runs out the first times that any of some calls is made."""

    def __init__(self, times: int, error: Exception) -> None:
        self._left, self._error = times, error

    def __call__(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **options: Any) -> Any:
            if self._left:
                self._left -= 1
                raise self._error
            return call(*args, **options)

        return called


STAGES = {
    "text": ("text_encoder", "forward"),
    "encoding": ("vae", "encode"),
    "denoising": ("unet", "forward"),
    "decoding": ("vae", "decode"),
}


@pytest.mark.parametrize("stage", [*STAGES, "loading"])
@pytest.mark.parametrize(
    "error",
    [RuntimeError(NO_MEMORY), MemoryError(), torch.OutOfMemoryError("XPU out of memory.")],
    ids=lambda error: type(error).__name__,
)
def test_at_each_stage_less_memory_is_taken_and_said(
    engine: Engine, stage: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else is loaded goes, then pictures are drawn in tiles; a batch is halved before that."""
    engine.models.language()
    family = families()["stable-diffusion"]
    load = family.load
    runs_out = RunsOut(3 if stage == "denoising" else 2, error)

    def loads(*args: Any) -> Any:
        loaded = load(*args)
        part, call = STAGES[stage]
        network = getattr(loaded, part)
        setattr(network, call, runs_out(getattr(network, call)))
        return loaded

    monkeypatch.setattr(family, "load", runs_out(load) if stage == "loading" else loads)
    monkeypatch.setattr("inference.models.families.stable_diffusion.LARGE", 0)  # no lean UNet
    said, made, end = run(engine)
    assert isinstance(end, JobFinished), end
    assert len(made) == 2
    others, tiles = (
        "Memory ran out: other models were dropped.",
        "Memory is short: the picture is drawn in tiles.",
    )
    assert said == ([others] if stage == "denoising" else [others, tiles])
    assert engine.models.is_loaded("text_to_image")
    again, made_again, _ = run(engine)
    assert len(made_again) == 2, "it goes on"
    assert again == said[1:], "what is still done is said again"


def test_at_last_the_picture_is_drawn_smaller_and_recorded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = families()["stable-diffusion"]
    load = family.load
    sizes: list[tuple[int, int]] = []

    def loads(*args: Any) -> Any:
        loaded: Any = load(*args)
        encode = loaded.vae.encode

        def only_small(pixels: Any) -> Any:
            sizes.append((pixels.shape[-1], pixels.shape[-2]))
            if pixels.shape[-1] > 96:
                raise RuntimeError(NO_MEMORY)
            return encode(pixels)

        loaded.vae.encode = only_small
        return loaded

    monkeypatch.setattr(family, "load", loads)
    said, made, end = run(engine)
    assert isinstance(end, JobFinished), end
    assert said[-1].startswith("Memory is short: the model works on a picture with sides of ")
    assert sizes[-1][0] < sizes[0][0]
    assert {dict(one.recorded)["work_side"] for one in made} <= {0.75, 0.5}
    assert len({one.key for one in made}) == 2, "the keys are those that were planned"


def test_where_nothing_helps_that_is_the_end_and_the_engine_lives(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = families()["stable-diffusion"]
    with monkeypatch.context() as patched:
        patched.setattr(family, "load", RunsOut(99, MemoryError())(family.load))
        said, made, end = run(engine)
        assert isinstance(end, JobFailed)
        assert (end.kind, str(end.message)) == (
            "out_of_memory",
            "There is not enough memory for this edit.",
        )
        assert made == []
        assert len(said) >= 3
    _, made, end = run(engine)
    assert isinstance(end, JobFinished)
    assert len(made) == 2


def test_other_errors_pass(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    family = families()["stable-diffusion"]
    monkeypatch.setattr(family, "load", RunsOut(1, RuntimeError("no such operator"))(family.load))
    said, _, end = run(engine)
    assert isinstance(end, JobFailed)
    assert said == []


def test_what_torch_itself_says_is_known() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60)
    assert lacks_memory(caught.value)
    assert not lacks_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    assert not lacks_memory(ValueError("out of memory"))


def test_a_larger_run_makes_a_loaded_model_smaller(engine: Engine) -> None:
    store = engine.models
    first = store.diffusion("text_to_image")
    assert store.diffusion("text_to_image") is first
    store.planner.run = RunSize(40_000, 40_000, 1)
    planned = store.planned("text_to_image")
    assert planned is not None
    assert planned.plan.tiles
    second = store.diffusion("text_to_image")
    assert second.plan.tiles
    store.planner.run = None
    assert store.diffusion("text_to_image") is second, "what is small enough stays"
