"""The orchestration: order, resume, time, export and installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from inference.lab.training import recipes as recipes_module
from inference.lab.training import run
from inference.lab.training.cards import card
from inference.lab.training.clip import ClipSize, new_clip
from inference.lab.training.recipes import (
    NAMES,
    REPLACES,
    SHIPPED,
    UPSAMPLER,
    UPSAMPLER_FOLDER,
    TrainingRun,
)
from inference.lab.training.trainer import Outcome, TrainingPlan


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Every name stands for a recipe of three steps; the program's folder is elsewhere."""

    class Toy:
        def __init__(self, name: str) -> None:
            self.name, self.plan = name, TrainingPlan(steps=3, lr=0.1)

        def network(self) -> torch.nn.Module:
            class Net(torch.nn.Module):
                def __init__(self) -> None:
                    super().__init__()
                    self.w = torch.nn.Parameter(torch.zeros(1))

                def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
                    return {"loss": (self.w - x).square().sum()}

            return Net()

        def batch(self, step: int, rng: Any) -> dict[str, torch.Tensor]:
            return {"x": torch.ones(1)}

        def export(self, network: Any, folder: Path) -> None:
            (folder / "weights.txt").write_text(str(float(network.w.detach())))

    made: list[str] = []

    def recipe(self: TrainingRun, name: str) -> Toy:
        made.append(name)
        return Toy(name)

    monkeypatch.setattr(TrainingRun, "recipe", recipe)
    monkeypatch.setattr(run, "starter_folder", lambda: tmp_path / "starter")
    monkeypatch.setenv("PENTIMENTO_TRAINING", str(tmp_path / "training"))
    monkeypatch.setattr("os.nice", lambda by: 0)
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    return {"made": made, "starter": tmp_path / "starter", "training": tmp_path / "training"}


def test_all_recipes_run_in_order_and_are_installed(
    toys: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main([]) == 0
    lines = [json.loads(x) for x in capsys.readouterr().out.splitlines()]
    assert [x["name"] for x in lines] == list(NAMES)
    assert all(x["done"] and x["step"] == 3 for x in lines)
    shipped = {REPLACES.get(name, name) for name in SHIPPED}
    shipped -= {UPSAMPLER}  # part of the folder of the model that it belongs to
    assert {p.name for p in toys["starter"].iterdir()} == shipped
    assert "guided-upsampler" in (toys["starter"] / UPSAMPLER_FOLDER / "README.md").read_text()
    assert "autoencoder" not in SHIPPED
    readme = (toys["starter"] / "clip" / "README.md").read_text()
    assert "3 of 3 steps" in readme
    assert "done" in readme
    assert (toys["starter"] / "clip" / "README.md").stat().st_mode & 0o777 == 0o644


def test_a_new_model_keeps_its_upsampler(
    toys: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run.main(["--only", "guided-upsampler"])
    run.main(["--only", "instruct-pix2pix"])
    assert (toys["starter"] / UPSAMPLER_FOLDER / "weights.txt").is_file()
    assert (toys["starter"] / "instruct-pix2pix" / "weights.txt").is_file()


def test_a_finished_clip_is_calibrated_before_it_is_installed(
    toys: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = TrainingRun.recipe

    def recipe(self: TrainingRun, name: str) -> Any:
        toy: Any = made(self, name)
        if name in {"clip", "aligner"}:
            toy.calibrate = lambda folder: (folder / "ranking.json").write_text("{}")
        return toy

    monkeypatch.setattr(TrainingRun, "recipe", recipe)
    run.main(["--threads", "1"])
    capsys.readouterr()
    assert (toys["starter"] / "clip" / "ranking.json").is_file()
    assert not (toys["starter"] / "language" / "ranking.json").exists()


def test_a_clip_that_is_not_aligned_is_not_installed(toys: dict[str, Any]) -> None:
    def installed() -> str:
        return (toys["starter"] / "clip" / "README.md").read_text()

    run.main(["--only", "clip", "--only", "ranker", "--only", "reader"])
    assert "--only clip" in installed()
    run.main(["--only", "aligner"])
    assert "--only aligner" in installed()
    assert [p.name for p in toys["starter"].iterdir()] == ["clip"]


def test_recipes_go_on_from_the_clip_trained_last(
    tmp_path: Path,
) -> None:
    made = [new_clip(ClipSize()) for _ in range(2)]
    training_run = TrainingRun(tmp_path)
    folder = training_run.exported("reader")
    assert folder == training_run.exported("clip")
    folder.mkdir(parents=True)
    for clip in made:
        state = {k: v.contiguous() for k, v in clip.state_dict().items()}
        save_file(state, folder / "open_clip_model.safetensors")
        assert torch.equal(training_run.clip.logit_scale, clip.logit_scale)
        assert torch.equal(training_run.clip.text_projection, clip.text_projection)


def test_what_is_done_is_not_trained_again(toys: dict[str, Any]) -> None:
    run.main(["--only", "clip"])
    log = toys["training"] / "logs" / "clip.jsonl"
    before = log.read_text()
    run.main(["--only", "clip"])
    assert log.read_text() == before


def test_no_install_leaves_the_program_alone(toys: dict[str, Any]) -> None:
    run.main(["--only", "clip", "--no-install"])
    assert not toys["starter"].exists()
    assert (toys["training"] / "models" / "clip" / "weights.txt").is_file()


def test_time_up_starts_nothing_that_builds_on_it(
    toys: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "inference.lab.training.trainer.train", lambda *a, **k: Outcome(1, 60.0, False)
    )
    assert run.main(["--minutes", "1"]) == 0
    assert toys["made"] == ["autoencoder"]
    assert json.loads(capsys.readouterr().out)["done"] is False


def test_export_writes_what_stands_so_far(
    toys: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run.main(["--only", "clip", "--no-install"])
    capsys.readouterr()
    run.main(["--only", "clip", "--export"])
    assert json.loads(capsys.readouterr().out)["name"] == "clip"


def test_a_recipe_that_lacks_its_start_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--only text-to-image"):
        TrainingRun(tmp_path).recipe("instruct-pix2pix")
    with pytest.raises(FileNotFoundError, match="--only clip"):
        TrainingRun(tmp_path)._needed("clip")


def test_every_name_has_a_recipe_and_a_card() -> None:
    for name in NAMES:
        text = card(name, 2_700_000, TrainingPlan(steps=10, lr=1e-3), Outcome(4, 120.0, False))
        assert "2.7 million" in text
        assert "4 of 10 steps in 2 minutes" in text
        assert hasattr(TrainingRun, "_" + name.replace("-", "_"))
    assert recipes_module.NAMES[0] == "autoencoder"


def test_models_of_an_earlier_machine_are_found(tmp_path: Path) -> None:
    for place in ("starter/text-to-image/vae", "starter/clip", "training/models/clip"):
        (tmp_path / place).mkdir(parents=True)
    installed = (tmp_path / "starter",)
    training_run = TrainingRun(tmp_path / "training", installed=installed)
    assert training_run.found("autoencoder") == tmp_path / "starter" / "text-to-image" / "vae"
    assert training_run.found("clip") == tmp_path / "training" / "models" / "clip"
    assert training_run.found("judge") is None
