from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.models.store import ModelStore
from inference.vision.clip.calibration import (
    FILE,
    MISSED,
    Calibration,
    calibrate,
    default_gates,
    is_vit_l_14,
    read_calibration,
)
from inference.vision.clip.similarity import Similarity
from inference.workflow.scoring import Scorer
from tests.inference.vision.clip import clip_cases
from tests.inference.vision.clip.clip_cases import image, painted


def gold(count: int = 400) -> list[Similarity]:
    """Edits whose pictures change by half of what their captions do."""
    rng = np.random.default_rng(0)
    text = rng.uniform(0.2, 0.95, count)
    picture = 0.5 + 0.5 * text + rng.normal(0, 0.02, count)
    direction = rng.normal(0.6, 0.1, count)
    return [
        Similarity(float(d), float(p), 0.5, float(0.4 + 0.1 * t), float(t))
        for d, p, t in zip(direction, picture, text, strict=True)
    ]


def test_gates_let_gold_through_and_turn_the_rest_away() -> None:
    found = gold()
    calibration = calibrate(found, "w")
    passed = 0
    for one in found:
        bar = calibration.gates(one.text)
        assert one.direction is not None
        assert one.target is not None
        passed += (
            bar.image <= one.image <= bar.most
            and one.direction >= bar.direction
            and min(0.5, one.target) >= bar.caption
        )
    assert 1 - 4 * MISSED - 0.03 < passed / len(found) < 1
    small, large = calibration.gates(0.9), calibration.gates(0.3)
    assert small.image > large.image  # a small request leaves more of the picture
    assert small.most > large.most
    assert small.image < 0.95 < small.most
    assert large.most < 0.9
    assert 0.3 < calibration.direction < 0.5
    assert calibration.gates(None).most == 1.0
    assert small.origin == "calibrated"
    # How well a candidate must fit its caption depends on how well the source fits its own.
    assert calibration.gates(0.5, 0.9).caption == 0.9 + calibration.drop > calibration.caption
    assert calibration.gates(0.5, -0.9).caption == calibration.caption
    assert -0.1 < calibration.drop < 0.0


def test_too_few_or_captionless_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="20"):
        calibrate(gold(19), "w")
    with pytest.raises(ValueError, match="captions"):
        calibrate([*gold(30), Similarity(None, 0.9)], "w")


def test_the_file_comes_back_and_fits_only_its_weights(tmp_path: Path) -> None:
    calibration = calibrate(gold(), "w")
    calibration.write(tmp_path)
    assert read_calibration(tmp_path, "w") == calibration
    assert read_calibration(tmp_path, "other") is None
    assert read_calibration(tmp_path / "none", "w") is None
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_the_weight_of_the_caption_after_may_be_missing_and_must_be_sound(tmp_path: Path) -> None:
    measured = replace(calibrate(gold(), "w"), target_weight=1.5)
    assert measured.gates(0.5).target_weight == 1.5
    values = measured.to_json()
    for weight, kept in ((1.5, 1.5), (-3, 0.0)):
        (tmp_path / FILE).write_text(json.dumps(values | {"target_weight": weight}))
        found = read_calibration(tmp_path, "w")
        assert found is not None
        assert found.target_weight == kept
    for wrong in ("1", 1e9, [1], float("nan")):
        (tmp_path / FILE).write_text(json.dumps(values | {"target_weight": wrong}))
        assert read_calibration(tmp_path, "w") is None
    del values["target_weight"]
    (tmp_path / FILE).write_text(json.dumps(values))
    assert read_calibration(tmp_path, "w") == replace(measured, target_weight=0.0)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"version": 1}', '{"version": 2}', "[" * 5000, "\xff",
     '{"version": 1, "weights": "w", "gates": 3, "pairs": 1, "quantiles": {}}'],
)  # fmt: skip
def test_hostile_files_change_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    assert read_calibration(tmp_path, "w") is None


@pytest.mark.parametrize("value", ["1", None, True, float("nan"), float("inf"), 7, [0.2]])
def test_hostile_numbers_change_nothing(tmp_path: Path, value: object) -> None:
    values = calibrate(gold(), "w").to_json()
    values["gates"]["direction"] = value
    (tmp_path / FILE).write_text(json.dumps(values))
    assert read_calibration(tmp_path, "w") is None
    (tmp_path / FILE).write_bytes(b" " * (2 << 20))
    assert read_calibration(tmp_path, "w") is None


def test_the_paper_s_bar_is_for_its_own_kind_of_model(learnt: ModelStore, tmp_path: Path) -> None:
    model = learnt.model("clip")
    assert model is not None
    assert default_gates(model).origin == "borrowed"
    large = {"layers": 24, "width": 1024, "patch_size": 14, "image_size": 224}
    (tmp_path / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": {"vision_cfg": large}})
    )
    assert is_vit_l_14(tmp_path)
    (tmp_path / "open_clip_config.json").unlink()
    tower = {"num_hidden_layers": 24, "hidden_size": 1024, "patch_size": 14}
    (tmp_path / "config.json").write_text(json.dumps({"vision_config": tower}))
    assert is_vit_l_14(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"vision_config": [1]}))
    assert not is_vit_l_14(tmp_path)


def test_scores_are_held_to_the_bar_beside_the_weights(learnt_folder: Path, tmp_path: Path) -> None:
    from shutil import copytree

    store = ModelStore([copytree(learnt_folder, tmp_path / "clip")], device="cpu")
    model = store.model("clip")
    assert model is not None
    calibration = Calibration(store.digest(model), 0.5, -0.9, -0.3, (0.1, 0.0, -0.9, 0.8), 20, {})
    calibration.write(model.folder)
    source = image("red")
    candidate = painted(source, "blue", clip_cases.caption("red"), clip_cases.caption("blue"))
    score = next(Scorer(store).scores(source, [candidate], None, (), (), lambda: False))
    assert score.gates is not None
    assert score.gates.origin == "calibrated"
    assert score.source is not None
    assert score.gates.direction == 0.5
    assert score.gates.caption == score.source - 0.3
    assert (round(score.gates.image, 6), round(score.gates.most, 6)) == (-0.8, 0.9)
