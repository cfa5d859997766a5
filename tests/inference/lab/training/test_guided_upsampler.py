"""The upsampler learns from crops that lie on each other, and draws better than an enlargement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from inference.lab.training import upsampler_crops
from inference.lab.training.guided_upsampler import GuidedUpsamplerRecipe, _chosen
from inference.lab.training.trainer import Training, TrainingPlan, train
from inference.lab.training.upsampler_crops import (
    CROP,
    EACH,
    UpsamplerCrops,
    build_crops,
    editing_pipeline,
    open_crops,
)
from inference.models.guided_upsampler import FACTOR, load_upsampler
from tests.inference.lab.evaluation.starter import tiny_starter

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tiny_starter.export_all(tmp_path_factory.mktemp("starter"))
    return editing_pipeline(folder / "instruct-pix2pix")


@pytest.fixture(scope="module")
def crops(pipeline: Any, tmp_path_factory: pytest.TempPathFactory) -> UpsamplerCrops:
    return build_crops(pipeline, tmp_path_factory.mktemp("crops"), 4)


def test_crops_lie_on_each_other_and_show_what_changes(crops: UpsamplerCrops) -> None:
    assert len(crops) == 4 * EACH
    assert crops.source.shape[1:] == (CROP * FACTOR, CROP * FACTOR, 3)
    assert crops.after.shape[1:] == (CROP, CROP, 3)
    outside = crops.mask == 0
    assert (crops.source[outside] == crops.target[outside]).all()
    assert (crops.mask.reshape(len(crops), -1).max(1) > 0).all()
    assert (crops.before != crops.after).any()


def test_the_models_own_steps_begin_at_gold_under_noise(
    pipeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    stock = type(pipeline.scheduler).add_noise

    def add_noise(self: Any, sample: Any, noise: Any, timesteps: Any) -> Any:
        begun.append(int(timesteps[0]))
        return stock(self, sample, noise, timesteps)

    monkeypatch.setattr(type(pipeline.scheduler), "add_noise", add_noise)
    monkeypatch.setattr(upsampler_crops, "_STARTS", (0.0, 0.0, 0.0, 1.0))
    restarted = build_crops(pipeline, tmp_path, 1, "restarted")
    assert begun == [int(pipeline.scheduler.timesteps[3])]
    assert len(restarted) == EACH
    assert (restarted.after != restarted.before).any()
    outside = restarted.mask == 0
    assert (restarted.source[outside] == restarted.target[outside]).all()


def test_a_picture_made_from_nothing_is_its_own_source(crops: UpsamplerCrops) -> None:
    shown = GuidedUpsamplerRecipe([crops], blind=0).batch(3, np.random.default_rng(1))
    alone = GuidedUpsamplerRecipe([crops], blind=1).batch(3, np.random.default_rng(1))
    assert torch.equal(alone["before"], alone["after"])
    assert torch.equal(alone["after"], shown["after"])
    assert torch.equal(alone["target"], shown["target"])
    assert bool((alone["mask"] == 255).all())
    back = alone["source"].float().unflatten(1, (-1, FACTOR)).unflatten(3, (-1, FACTOR))
    assert (back.mean((2, 4)) - alone["after"].float()).abs().mean() < 4


def test_crops_of_whole_pictures_are_shown_less_often() -> None:
    mask = np.full((100, 32, 32), 255, np.uint8)
    mask[:50, :16] = 0
    blank = np.zeros((100, 32, 32, 3), np.uint8)
    crops = UpsamplerCrops(blank, blank, mask, blank, blank)
    rng = np.random.default_rng(4)
    local = np.mean([_chosen(crops, rng) < 50 for _ in range(2000)])
    assert 0.65 < local < 0.78  # one in 1 + 0.4


def test_making_them_goes_on_where_it_stopped(
    pipeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upsampler_crops._crops
    rounds: list[range] = []

    def once(pipe: Any, indices: range, way: Any) -> Any:
        if rounds:
            raise KeyboardInterrupt
        rounds.append(indices)
        return made(pipe, indices, way)

    monkeypatch.setattr(upsampler_crops, "_CHUNK", 1)
    monkeypatch.setattr(upsampler_crops, "_crops", once)
    with pytest.raises(KeyboardInterrupt):
        build_crops(pipeline, tmp_path, 2)
    first = open_crops(tmp_path)
    assert len(first) == EACH
    before = first.after.copy()
    monkeypatch.setattr(upsampler_crops, "_crops", made)
    whole = build_crops(pipeline, tmp_path, 2)
    assert len(whole) == 2 * EACH
    assert (whole.after[:EACH] == before).all()
    assert whole.source[EACH:].any()


def test_a_few_steps_lower_its_loss_and_its_export_draws_the_same(
    crops: UpsamplerCrops, tmp_path: Path
) -> None:
    recipe = GuidedUpsamplerRecipe(
        [crops], (16, 16), batch_size=2, plan=TrainingPlan(steps=40, lr=4e-3, warmup=1, ema=0.5)
    )
    training = Training(recipe, tmp_path / "probe")
    batch = recipe.batch(0, np.random.default_rng(0))
    figures = [training.advance(batch) for _ in range(40)]
    assert figures[-1]["pixels"] < 0.9 * figures[0]["pixels"]  # the whole loss is also its critic's
    assert figures[-1]["psnr"] > figures[0]["psnr"]
    outcome = train(recipe, tmp_path / "run", steps=2)
    assert outcome.step == 2
    network: Any = training.averaged()
    network.cpu()
    (tmp_path / "out").mkdir()
    recipe.export(network, tmp_path / "out")
    again = load_upsampler(tmp_path / "out")
    shown = [torch.rand(1, 3, 64, 64), torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)]
    with torch.inference_mode():
        assert torch.allclose(again(*shown), network.upsampler(*shown), atol=5e-3)
