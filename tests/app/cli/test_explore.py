from __future__ import annotations

import json
from pathlib import Path

import pytest

from editor.formats import open_image
from tests.app.cli.cli_cases import Run, check, mask, picture
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

CAPTION = "a red house, in a meadow, at noon, clear sky, summer, seen close, flat illustration"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "ip2p", edits=True)
    tiny_models.gpt2(root / "gpt2")
    return root


def test_phrases_that_fit_the_picture(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    source = picture(tmp_path)
    where = mask(tmp_path)
    words = ("-o", tmp_path / "out", "--models", tmp_path / "none", "--selection", where)
    code, result = run("explore", source, *words)
    assert code == 0, result
    check("explore", result)
    check("edit", result)
    made = result["candidates"]
    assert len(made) == len({c["instruction"]["text"] for c in made}) == 5
    assert {c["method"] for c in made} == {"adjust"}
    assert [c["rank"] for c in made] == [1, 2, 3, 4, 5]
    assert all(c["suggested_because"] for c in made)
    assert all(c["scores"]["asked"] is not None for c in made)
    assert all(c["scores"]["outside"] == 0.0 for c in made)
    pictures = [open_image(tmp_path / "out" / c["file"]).image for c in made]
    assert len({one.pixel_digest for one in pictures}) == 5
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8")) == result
    assert (tmp_path / "out" / "sheet.png").is_file()


def test_each_is_the_edit_its_own_words_would_make(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    source = picture(tmp_path)
    words = ("--models", tmp_path / "none")
    _, explored = run("explore", source, "-o", tmp_path / "a", "--count", 2, *words)
    first = explored["candidates"][0]
    text = first["instruction"]["text"]
    code, edited = run("edit", source, text, "-o", tmp_path / "b", "--count", 1, *words)
    assert code == 0, edited
    assert edited["candidates"][0]["key"] == first["key"]
    assert edited["candidates"][0]["scores"]["asked"] == first["scores"]["asked"]


def test_suggestions_of_a_language_model(run: Run, tmp_path: Path, models: Path) -> None:
    words = ("-o", tmp_path / "out", "--models", models, "--prompt", CAPTION, "--count", 3)
    source = picture(tmp_path)
    code, result = run("explore", source, *words, "--method", "instruct_pix2pix", "--seed", 7)
    assert code == 0, result
    check("explore", result)
    made = result["candidates"]
    assert len(made) == 3
    assert {c["method"] for c in made} == {"instruct_pix2pix"}
    assert {c["seed"] for c in made} == {7}
    assert {c["settings"]["num_inference_steps"] for c in made} == {8}
    assert {c["instruction"]["source_prompt"] for c in made} == {CAPTION}
    assert len({c["instruction"]["target_prompt"] for c in made}) == 3
    assert all(c["kind"] in ("insert", "delete", "swap", "replace", "mixed") for c in made)
    assert result["instruction"] == {"text": "", "source_prompt": CAPTION, "target_prompt": ""}


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--count", "0"), 2), (("--seed", "-1"), 2), (("--method", "magic"), 2)],
)
def test_refusals(run: Run, tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    got, result = run("explore", picture(tmp_path), "-o", tmp_path / "o", *words)
    assert got == code
    check("explore", result)
    assert not (tmp_path / "o").exists()


def test_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli.commands import main

    (tmp_path / "none").mkdir()
    words = ["-o", str(tmp_path / "out"), "--models", str(tmp_path / "none"), "--count", "2"]
    assert main(["explore", str(picture(tmp_path)), *words]) == 0
    out = capsys.readouterr().out
    assert "01-adjust-0.png" in out
    assert "02-adjust-0.png" in out


def test_edit_goes_on_with_the_first_answer(
    run: Run, tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (
        picture(tmp_path), "paint the swan", "-o", tmp_path / "out", "--models", models,
        "--source-prompt", "a red house beside a green tree", "--count", 1, "--no-rank",
        "--set", "num_inference_steps=1", "--method", "instruct_pix2pix",
    )  # fmt: skip
    code, result = run("edit", *words)
    assert code == 0, result
    check("edit", result)
    answers = result["question"]["answers"]
    assert answers[0] == "paint the house"
    assert answers[-1] == "paint the swan"
    assert result["instruction"]["text"] == "paint the house"

    from app.cli.commands import main

    assert main(["edit", *map(str, words)]) == 0
    printed = capsys.readouterr().out
    assert "The caption names no swan. What is meant?" in printed
    assert "Going on with “paint the house”" in printed
    assert "    paint the swan" in printed
