from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.cli.commands import main
from editor.formats import save_image
from editor.model.image import Image
from tests.app.cli.cli_cases import check
from tests.inference.vision.clip import clip_cases

PROMPTS = ("--source-prompt", "a red picture", "--target-prompt", "a blue picture")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with a CLIP that knows five colours."""
    root = tmp_path_factory.mktemp("models")
    clip_cases.learn(root / "clip")
    return root


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / f"{name}.png" for name in clip_cases.COLOURS}
    for name, path in made.items():
        save_image(clip_cases.image(name), path)
    made["again"] = tmp_path / "again.png"
    save_image(clip_cases.image("red"), made["again"])
    deep = np.asarray(clip_cases.pixels("blue", 90)[:60], np.uint16) * 257
    made["deep"] = tmp_path / "deep.png"
    save_image(Image.from_array(deep), made["deep"])
    return made


def test_the_contract(run: Any, models: Path, pictures: dict[str, Path]) -> None:
    names = ["green", "deep", "again", "blue"]
    given = [pictures[name] for name in names]
    code, result = run("rank", pictures["red"], *given, *PROMPTS, "--models", models)
    assert code == 0
    check("rank", result)
    assert result["source"] == str(pictures["red"])
    entries = {Path(entry["file"]).stem: entry for entry in result["candidates"]}
    assert sorted(entries) == sorted(names)
    assert [entry["rank"] for entry in result["candidates"]] == [1, 2, 3, 4]
    passed = [entry["passed"] for entry in result["candidates"]]
    assert passed == sorted(passed, reverse=True)
    scores = {name: entry["scores"] for name, entry in entries.items()}
    assert scores["blue"]["direction"] > 0.8 > scores["green"]["direction"]
    assert scores["deep"]["direction"] > 0.8
    assert scores["deep"]["changed"] is None  # of another size
    assert scores["again"]["direction"] == 0.0
    assert entries["again"]["reason"] == "Nothing changed"
    assert entries["again"]["clauses"] == [{"code": "unchanged", "values": []}]
    assert result["gates"]["origin"] == "borrowed"
    assert "ViT-L/14" in result["warning"]
    assert result["domain"] is None


def test_for_a_person(models: Path, pictures: dict[str, Path], capsys: Any) -> None:
    words = ["rank", pictures["red"], pictures["blue"], pictures["again"], *PROMPTS]
    assert main([*map(str, words), "--models", str(models)]) == 0
    out = capsys.readouterr().out
    assert "Nothing changed" in out
    assert "direction 0." in out
    assert out.index("blue.png") < out.index("again.png")
    assert "below the bar" in out


def test_outside_the_domain(
    run: Any, models: Path, pictures: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.request.analysis import Domain
    from inference.vision.clip import judge

    monkeypatch.setattr(judge, "clip_domain", lambda model, picture: Domain(False, 0.1))
    code, result = run("rank", pictures["red"], pictures["blue"], *PROMPTS, "--models", models)
    assert code == 0
    check("rank", result)
    assert result["domain"] == {"fits": False, "score": 0.1}
    entry = result["candidates"][0]
    assert entry["scores"]["direction"] is None
    assert entry["reason"] == ""
    assert "because CLIP does not know such pictures" in result["warning"]
    assert result["gates"] is None


def test_what_is_refused(run: Any, models: Path, pictures: dict[str, Path], tmp_path: Path) -> None:
    red, blue = pictures["red"], pictures["blue"]
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, code, kind in (
        ((red, blue, *PROMPTS, "--models", empty), 3, "model_missing"),
        ((red, *PROMPTS, "--models", models), 2, "usage"),
        ((red, blue, "--source-prompt", "x", "--models", models), 2, "usage"),
        ((red, blue, "--source-prompt", " ", "--target-prompt", "x"), 2, "usage"),
        ((red, *[blue] * 257, *PROMPTS, "--models", models), 2, "usage"),
        ((red, tmp_path / "none.png", *PROMPTS, "--models", models), 3, "refused"),
    ):
        ended, values = run("rank", *words)
        check("rank", values)
        assert (ended, values["error"]["kind"]) == (code, kind)


def test_evaluate_ranking(
    run: Any, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = run("evaluate", "ranking", "--models", models, "--groups", 2)
    assert code == 0
    check("evaluate-ranking", report)
    assert report["rendered"]["gold"]["groups"] == 2
    words = ["evaluate", "ranking", "--models", str(models), "--groups", "1", "--edits", "0"]
    assert main(words) == 0
    assert "ours more by" in capsys.readouterr().out
    for options, kind in (
        (("--groups", 0, "--edits", 0), "usage"),
        (("--steps", 0), "usage"),
        (("--models", tmp_path / "none"), "usage"),
        (("--models", tmp_path), "model_missing"),
    ):
        _, values = run("evaluate", "ranking", *options)
        check("evaluate-ranking", values)
        assert values["error"]["kind"] == kind
