"""The trainer on a network small enough to reason about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from inference.lab.training.trainer import (
    Batch,
    Training,
    TrainingPlan,
    averaged_network,
    learning_rate,
    train,
    write_atomically,
)


class Line(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 1)
        self.noise = 0.01

    def forward(self, x: Tensor, y: Tensor) -> dict[str, Tensor]:
        # Noise from torch's own generator: a resumed run must draw the same.
        made = self.layer(x + self.noise * torch.randn_like(x))
        return {"loss": (made - y).square().mean()}


@dataclass(frozen=True)
class LineRecipe:
    plan: TrainingPlan = field(default_factory=lambda: TrainingPlan(steps=8, lr=0.05, warmup=2))
    name: str = "line"
    poison: int = -1

    def network(self) -> nn.Module:
        return Line()

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        x = torch.from_numpy(rng.standard_normal((16, 4), np.float32))
        y = x.sum(1, keepdim=True)
        return {"x": x, "y": y * float("nan") if step == self.poison else y}

    def export(self, network: nn.Module, folder: Path) -> None:
        raise NotImplementedError


def state(folder: Path) -> dict[str, object]:
    return torch.load(folder / "checkpoints" / "line.pt", weights_only=True)


def equal(a: object, b: object) -> bool:
    if isinstance(a, Tensor):
        return isinstance(b, Tensor) and torch.equal(a, b)
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(equal, a, b))
    return a == b


def test_resume_gives_the_very_state_of_an_uninterrupted_run(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert train(LineRecipe(), whole).done
    assert not train(LineRecipe(), parts, steps=3).done
    assert train(LineRecipe(), parts, steps=2).step == 5
    assert train(LineRecipe(), parts).done
    a, b = state(whole), state(parts)
    for name in ("step", "plan", "network", "optimiser", "ema"):
        assert equal(a[name], b[name]), name


TOGETHER = """
import sys
from pathlib import Path
from tests.inference.lab.training.test_trainer import Exact, SHARED
from inference.lab.training.trainer import train
train(Exact(SHARED), Path(sys.argv[1]), steps=3)
train(Exact(SHARED), Path(sys.argv[1]))
"""
SHARED = TrainingPlan(steps=8, lr=0.05, warmup=2, precision="no", shared=True)


class Exact(LineRecipe):
    """Without noise of its own: all of a step's noise lies in its batch, as diffusion's does."""

    def network(self) -> nn.Module:
        line = Line()
        line.noise = 0.0
        return line


def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    script = tmp_path / "together.py"
    script.write_text(TOGETHER, "utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())}
    both = [*command, str(script), str(tmp_path / "two")]
    subprocess.run(both, env=environment, check=True, capture_output=True)
    train(Exact(SHARED), tmp_path / "one")
    one, two = state(tmp_path / "one"), state(tmp_path / "two")
    assert one["step"] == two["step"] == 8
    for name, value in one["network"].items():  # type: ignore[attr-defined]
        assert torch.allclose(value, two["network"][name], atol=1e-6)  # type: ignore[index]


def test_a_recipe_that_compares_examples_takes_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accelerate.Accelerator.num_processes", 2)
    with pytest.raises(ValueError, match="one process only"):
        train(LineRecipe(), tmp_path)


def test_steps_lower_the_loss_and_the_log_says_so(tmp_path: Path) -> None:
    recipe = LineRecipe(TrainingPlan(steps=120, lr=0.1, warmup=5))
    train(recipe, tmp_path, log_every=20)
    lines = [json.loads(x) for x in (tmp_path / "logs" / "line.jsonl").read_text().splitlines()]
    assert [x["step"] for x in lines] == [20, 40, 60, 80, 100, 120]
    assert lines[-1]["loss"] < lines[0]["loss"] / 10
    assert {"seconds", "steps_per_s", "lr", "norm"} <= lines[0].keys()


def test_a_done_run_is_left_alone(tmp_path: Path) -> None:
    train(LineRecipe(), tmp_path)
    before = state(tmp_path)
    assert train(LineRecipe(), tmp_path).step == 8
    assert equal(before["network"], state(tmp_path)["network"])


def test_time_is_kept(tmp_path: Path) -> None:
    outcome = train(LineRecipe(TrainingPlan(steps=10**6, lr=0.01)), tmp_path, minutes=0.002)
    assert not outcome.done
    assert 0 < outcome.step < 10**6
    assert state(tmp_path)["step"] == outcome.step


def test_one_bad_batch_does_not_poison_the_weights(tmp_path: Path) -> None:
    train(LineRecipe(poison=3), tmp_path)
    network = state(tmp_path)["network"]
    assert isinstance(network, dict)
    assert all(torch.isfinite(v).all() for v in network.values())


def test_learning_rate_warms_up_and_falls_along_a_cosine() -> None:
    plan = TrainingPlan(steps=110, lr=1.0, warmup=10, final=0.1)
    rates = [learning_rate(plan, step) for step in range(111)]
    assert rates[:10] == pytest.approx([(i + 1) / 10 for i in range(10)])
    assert rates[10] == 1.0
    assert rates[60] == pytest.approx(0.55)
    assert rates[110] == pytest.approx(0.1)
    assert all(a >= b for a, b in pairwise(rates[10:]))


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    write_atomically(path, {"x": 1})
    with pytest.raises((AttributeError, TypeError, RuntimeError, Exception)):
        write_atomically(path, {"x": lambda: 0})
    assert torch.load(path, weights_only=True) == {"x": 1}


def test_averaged_weights_follow_slowly_and_training_weights_come_back(tmp_path: Path) -> None:
    recipe = LineRecipe(TrainingPlan(steps=40, lr=0.1, warmup=1, ema=0.9))
    training = Training(recipe, tmp_path)
    for step in range(20):
        training.advance(recipe.batch(step, np.random.default_rng(step)))
    own = training.trained[0].detach().clone()
    averaged = training.averaged()
    assert not torch.equal(training.trained[0], own)
    assert not averaged.training
    training.restored()
    assert torch.equal(training.trained[0], own)
    training.save()
    network, outcome = averaged_network(recipe, tmp_path)
    assert torch.equal(network.get_parameter("layer.weight"), training.ema.shadow_params[0])
    assert (outcome.step, outcome.done) == (20, False)


def test_another_seed_is_another_run(tmp_path: Path) -> None:
    recipe = LineRecipe()
    train(recipe, tmp_path / "a")
    train(replace(recipe, plan=replace(recipe.plan, seed=1)), tmp_path / "b")
    assert not equal(state(tmp_path / "a")["network"], state(tmp_path / "b")["network"])
