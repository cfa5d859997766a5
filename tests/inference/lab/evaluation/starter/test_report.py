from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from app.cli import commands
from inference.lab.evaluation.starter.figures import Example
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.report import Report, evaluate, own_sampling
from inference.lab.evaluation.starter.sheets import EACH, choose, write_sheets
from inference.lab.evaluation.starter.text_to_image import ImageSampling
from inference.request.registry import method

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning"
)


def _schema() -> Any:
    text = (files("resources.schemas") / "evaluate-starter.json").read_text("utf-8")
    return json.loads(text)


def _check(report: dict[str, Any]) -> dict[str, Any]:
    schema = _schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema, jsonschema.Draft202012Validator)
    return {row["name"]: row for row in report["rows"]}


@pytest.mark.slow
def test_every_figure_of_a_whole_set(tiny: Path, tmp_path: Path) -> None:
    told = evaluate(tiny, n=2, steps=2)
    rows = _check(told.report())
    for name in (
        *(f"text_to_image.{a}" for a in ("subject", "colour", "place", "light")),
        *(f"captioner.{a}" for a in ("subject", "colour", "light", "joint")),
        "clip.retrieval", "clip.gold_first", "language.after_caption", "language.phrasings",
        "judge.subject", "judge.subject.vae", "autoencoder.psnr", "domain.scenes",
        "text_to_image.subject.gold", "text_to_image.subject.gold_vae",
        "text_to_image.subject.wrong_caption",
    ):  # fmt: skip
        assert name in rows, name
    for kind in ("replace", "recolour", "add", "remove", "light", "weather", "season", "style"):
        for measure in ("asked", "asked_single", "kept", "kept_all", "kept_all.gold", "nothing",
                        "asked.gold", "asked.gold_vae", "asked.do_nothing",
                        "asked.wrong_instruction", "asked.unseen"):  # fmt: skip
            assert f"instruct_pix2pix.{kind}.{measure}" in rows, (kind, measure)
    assert "instruct_pix2pix.recolour.psnr_outside.vae" in rows
    assert "instruct_pix2pix.light.psnr_outside" not in rows  # the mask is the whole picture
    assert rows["autoencoder.psnr"]["interval"] == "bootstrap"
    assert rows["clip.retrieval"]["interval"] == "wilson"
    assert told.missing == [s for s in told.missing if "photographs" in s]
    assert len(told.models) == 7

    written = write_sheets(told.examples, tmp_path / "sheets")
    assert {p.stem for p in written} >= {"text_to_image", "instruct_pix2pix.add", "captioner"}
    assert all(p.stat().st_size > 200 for p in written)


def test_equal_seeds_give_equal_figures(tiny: Path) -> None:
    parts = ("text-to-image",)
    first, again, other = (evaluate(tiny, n=3, steps=2, seed=s, parts=parts) for s in (0, 0, 1))
    assert first.report()["rows"] == again.report()["rows"]
    made = [np.stack([e.pictures[1] for e in r.examples]) for r in (first, again, other)]
    assert (made[0] == made[1]).all()
    assert (made[0] != made[2]).any()


def test_what_is_not_there_is_said_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "models"
    empty.mkdir()
    line = ["evaluate", "starter", "--json", "--n", "3", "--seed", "2", "--models", str(empty)]
    assert commands.main(line) == 0
    report = json.loads(capsys.readouterr().out)
    rows = _check(report)
    assert all(name.startswith("domain.") for name in rows)
    assert report["seed"] == 2
    assert report["models"] == []
    for name in ("clip", "captioner", "language", "judge", "text-to-image", "instruct-pix2pix"):
        sentences = [s for s in report["missing"] if f"no {name} " in s or f"no {name}:" in s]
        assert len(sentences) == 1, (name, report["missing"])


@pytest.mark.parametrize(
    "wrong",
    [["--n", "0"], ["--seed", "-1"], ["--steps", "0"], ["--only", "x"], ["--models", "/no"]],
)
def test_wrong_arguments_are_a_usage_error(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["evaluate", "starter", "--json", *wrong]) == 2
    report = json.loads(capsys.readouterr().out)
    assert report["error"]["kind"] == "usage"
    assert report["error"]["fix"]
    jsonschema.validate(report, _schema(), jsonschema.Draft202012Validator)


def test_guidance_is_the_programs_own() -> None:
    defaults = {s.name: s.default for s in method("instruct_pix2pix").settings}
    how = ImageSampling()
    assert how.guidance_scale == defaults["guidance_scale"]
    assert how.image_guidance_scale == defaults["image_guidance_scale"]
    generate = {s.name: s.default for s in method("generate").settings}
    assert how.guidance_scale == generate["guidance_scale"]


def test_each_part_draws_at_the_guidance_of_its_own_model() -> None:
    models = StarterModels()
    told = Report(0, 1, ImageSampling(), models.names, models.folder.name)
    own = json.loads((models.folder / "instruct-pix2pix" / "sampling.json").read_text())
    assert own["guidance_scale"] != ImageSampling().guidance_scale
    how = own_sampling("instruct-pix2pix", method("instruct_pix2pix"), models, told)
    assert how.guidance_scale == own["guidance_scale"]
    how = own_sampling("text-to-image", method("generate"), models, told)
    assert how.guidance_scale == ImageSampling().guidance_scale
    assert told.report()["sampling"]["settings"] == {
        "instruct-pix2pix": {
            "guidance_scale": own["guidance_scale"],
            "image_guidance_scale": ImageSampling().image_guidance_scale,
        },
        "text-to-image": {"guidance_scale": ImageSampling().guidance_scale},
    }


def test_sheets_show_best_middle_and_worst_and_none_twice() -> None:
    blank = np.zeros((8, 8, 3), np.uint8)
    examples = [Example("f", float(m), (blank,)) for m in (3, 1, 2, 9, 8, 7, 6, 5, 4)]
    chosen = choose(examples)
    assert [e.merit for e in chosen["best"]] == [9, 8, 7]
    assert [e.merit for e in chosen["middle"]] == [6, 5, 4]
    assert [e.merit for e in chosen["worst"]] == [3, 2, 1]
    few = choose(examples[:4])
    assert sum(len(row) for row in few.values()) == 4
    assert len(few["best"]) == EACH
