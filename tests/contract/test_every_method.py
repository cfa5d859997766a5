"""What every method promises, run on small models of random weights in their true layouts."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import CandidateReady, JobCancelled, JobFinished, Progress
from inference.request.method_options import MethodOptions
from inference.request.registry import METHODS, MethodInfo
from inference.workflow.engine import Engine
from tests.contract.without_network import refuse_connections
from tests.inference import tiny_helper_models, tiny_models, tiny_pipelines

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

SAMPLING = [info for info in METHODS.values() if not info.parametric]
WIDTH, HEIGHT = 72, 48
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_connections(monkeypatch)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    root = tmp_path_factory.mktemp("models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tiny_models.diffusion(root / "sd", edits=False)
        tiny_models.diffusion(root / "ip2p", edits=True)
        tiny_models.flux_kontext(root / "kontext")
        tiny_pipelines.flux2_klein(root / "klein")
        tiny_pipelines.qwen_image_edit(root / "qwen")
        tiny_helper_models.dat(root / "up")
    return Engine(ModelStore([root], device="cpu"))


SELECTION = Selection.from_rect(Rect(0, 0, 40, 30), WIDTH, HEIGHT)


def job(info: MethodInfo, selection: Selection | None = None, **settings: Any) -> EditJob:
    if info.needs_selection:
        selection = SELECTION
    values = settings_of({"num_inference_steps": 3, **settings})
    options = MethodOptions(values, work_side=None if info.begins else 64)
    return EditJob(
        (Instruction("a red house", "a house", "a red house"),),
        Image.from_array(tiny_models.scene(WIDTH, HEIGHT)),
        selection,
        methods=(info.name,),
        count=1,
        options=((info.name, options),),
        until=Until.EDITED,
        describe=False,
    )


def run(engine: Engine, asked: EditJob) -> tuple[list[Progress], Candidate]:
    events: list[Any] = []
    engine.run(asked, events.append, CancelToken())
    assert isinstance(events[-1], JobFinished), events[-1]
    (ready,) = (event for event in events if isinstance(event, CandidateReady))
    return [event for event in events if isinstance(event, Progress)], ready.candidate


@pytest.mark.parametrize("info", SAMPLING, ids=lambda info: info.name)
def test_pixels_progress_and_place(engine: Engine, info: MethodInfo) -> None:
    selection = SELECTION
    asked = job(info, selection)
    steps, candidate = run(engine, asked)
    _, again = run(Engine(engine.models), job(info, selection))
    source = asked.source
    assert isinstance(source, Image)
    first, second = (
        composite.render(source, one.patch, selection).array() for one in (candidate, again)
    )
    assert np.array_equal(first, second), "the same job, the same pixels"
    assert not np.array_equal(first, source.array()), "it does something"
    numbers = [step.step for step in steps if step.stage == "editing"]
    assert numbers == sorted(numbers), "progress never falls"
    if info.enlarges:
        assert first.shape == (HEIGHT * 2, WIDTH * 2, 3)
        return
    outside = selection.array() == 0
    if info.extends:  # by a quarter on each side, and none of the picture is its to change
        assert first.shape == (HEIGHT * 3 // 2, WIDTH * 3 // 2, 3)
        assert first[: HEIGHT // 4].std() > 1, "a margin is no plain colour"
        first = first[HEIGHT // 4 :, WIDTH // 4 :][:HEIGHT, :WIDTH]
        outside[:] = True
    assert first.shape == (HEIGHT, WIDTH, 3), "the size of the source"
    assert np.array_equal(first[outside], source.array()[outside])


@pytest.mark.parametrize("info", SAMPLING, ids=lambda info: info.name)
def test_a_cancel_is_heard_within_a_step(engine: Engine, info: MethodInfo) -> None:
    token, events = CancelToken(), []
    maximum = 200

    def emit(event: Any) -> None:
        events.append(event)
        if isinstance(event, Progress) and event.stage == "editing" and event.step >= 1:
            token.cancel()

    engine.run(job(info, num_inference_steps=maximum), emit, token)
    assert isinstance(events[-1], JobCancelled)
    edited = [e.step for e in events if isinstance(e, Progress) and e.stage == "editing"]
    assert 1 <= max(edited) <= 2
    _, candidate = run(engine, job(info))
    assert candidate.patch.pixels is not None, "the model can be used again"


def test_none_of_them_brings_qt() -> None:
    code = (
        "import sys\n"
        "from inference.models.libraries import prepare_libraries\n"
        "from inference.request.registry import METHODS\n"
        "prepare_libraries()\n"
        "for info in METHODS.values(): info.load()\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'PyQt'))])\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["[]", "True"], "torch shows that they were loaded"


def test_kontext_is_recognised_with_its_parts(engine: Engine, tmp_path: Path) -> None:
    found = engine.models.model("flux_kontext")
    assert found is not None
    assert found.family == "flux-kontext"
    tiny_models.flux_kontext(tmp_path / "model")
    (tmp_path / "model" / "text_encoder_2" / "model.safetensors").unlink()
    (refused,) = ModelStore([tmp_path]).refused
    assert "text_encoder_2" in str(refused.reason)
