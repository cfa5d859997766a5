"""Auto: several methods within a time, and none that was measured to be of no use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from editor.model.edit import Instruction
from editor.model.image import Image
from inference.methods.adjust import INFO as ADJUST
from inference.models.errors import ModelDamaged
from inference.models.method_gains import GAINS_FILE, gains
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Quality
from inference.request.fit import FitContext
from inference.request.registry import METHODS, MethodInfo
from inference.workflow.make_candidates import CandidateMaker
from inference.workflow.mix import MethodTimes, shares, within_time
from inference.workflow.plan import fitting_methods, plan_edit
from inference.workflow.prepare import prepare
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def info(name: str, cost: float, fit: float = 1.0) -> MethodInfo:
    return replace(ADJUST, name=name, cost=cost, fit=lambda context: fit)


BEST, CHEAP, SLOW = info("best", 3), info("cheap", 1), info("slow", 9)


def mix(count: int, limit: float) -> tuple[str, ...]:
    return within_time([BEST, SLOW, CHEAP], count, limit, lambda one: one.cost)


@pytest.mark.parametrize(
    ("count", "limit", "expected"),
    [
        (4, 0.0, ("best",)),  # it always runs
        (4, 7.9, ("best",)),
        (4, 8.0, ("cheap", "best")),  # 2 · 1 + 2 · 3
        (4, 13.9, ("cheap", "best")),
        (4, 14.0, ("cheap", "best", "slow")),  # 2 · 1 + 3 + 9
        (2, 1000.0, ("cheap", "best")),  # each makes at least one
        (1, 1000.0, ("best",)),
    ],
)
def test_as_many_methods_as_the_time_allows(
    count: int, limit: float, expected: tuple[str, ...]
) -> None:
    assert mix(count, limit) == expected


def test_nothing_fits() -> None:
    assert within_time([], 4, 9.0, lambda one: one.cost) == ()


@pytest.mark.parametrize(("count", "methods"), [(5, 2), (4, 4), (0, 3), (7, 3)])
def test_all_candidates_are_shared_out(count: int, methods: int) -> None:
    parts = shares(count, methods)
    assert sum(parts) == count
    assert parts == sorted(parts, reverse=True)
    assert max(parts) - min(parts) <= 1


def test_what_was_measured_goes_before_what_was_expected() -> None:
    times = MethodTimes()
    assert times.seconds(SLOW) == 9
    times.note("slow", 0.5)
    assert times.seconds(SLOW) == 0.5
    assert times.seconds(BEST) == 3


def test_only_a_full_result_of_a_loaded_model_is_measured(tmp_path: Path) -> None:
    """What previews and loading take says little of how long a result takes."""
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    models, info = ModelStore([tmp_path], device="cpu"), METHODS["instruct_pix2pix"]
    maker, picture = CandidateMaker(models), Image.from_array(tiny_models.scene(32, 32))

    def expected_after(quality: Quality, seed: int) -> float:
        job = EditJob(
            (Instruction("make it night"),), picture, methods=(info.name,), count=1, seed=seed,
            quality=quality, settings=(("num_inference_steps", 1),), describe=False,
        )  # fmt: skip
        plan = plan_edit(job, prepare(job, models, CancelToken()), picture, None)
        maker.make(job.id, plan, picture, None, lambda event: None, CancelToken())
        return maker.times.seconds(info)

    assert expected_after(Quality.FULL, 1) == info.cost, "the model was loaded first"
    assert expected_after(Quality.PREVIEW, 2) == info.cost
    assert expected_after(Quality.FULL, 3) != info.cost


def test_what_is_no_better_than_nothing_is_left_out() -> None:
    able = [info("useless", 1, 1.0), info("unknown", 2, 0.6), info("good", 3, 0.8)]
    measured = {"useless": 0.0, "good": 0.3}

    def context(one: MethodInfo) -> FitContext:
        return FitContext(gain=measured.get(one.name))

    assert [one.name for one in fitting_methods(able, context)] == ["good", "unknown"]
    assert [one.name for one in fitting_methods(able[:1], context)] == ["useless"], (
        "better than none"
    )


def test_gains_come_with_a_model(tmp_path: Path) -> None:
    sdedit = METHODS["sdedit"]
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    models = ModelStore([tmp_path], device="cpu")
    assert gains(models, sdedit) == {}
    file = tmp_path / "sd" / GAINS_FILE
    file.write_text(json.dumps({"gains": {"sdedit": {"add": -0.5, "scene": 2}}}), "utf-8")
    assert gains(models, sdedit) == {"add": -0.5, "scene": 2.0}
    assert gains(models, METHODS["pix2pix_zero"]) == {}
    for text in ("{}", "[", '{"gains": {"sdedit": 3}}', '{"gains": {"sdedit": {"add": "much"}}}'):
        file.write_text(text, "utf-8")
        with pytest.raises(ModelDamaged):
            gains(models, sdedit)
