from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from editor.formats import open_image
from tests.app.cli.cli_cases import Run, check, mask, picture
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "sd", edits=False)
    tiny_models.diffusion(root / "ip2p", edits=True)
    (root / "broken").mkdir()
    (root / "broken" / "model_index.json").write_text("{")
    return root


def test_pictures_from_words(run: Run, tmp_path: Path, models: Path) -> None:
    words = ("generate", "a red house", "-o", tmp_path / "out", "--models", models)
    code, result = run(*words, "--count", 2, "--seed", 5, "--set", "num_inference_steps=2")
    assert code == 0, result
    check("generate", result)
    assert [c["seed"] for c in result["candidates"]] == [5, 6]
    assert result["candidates"][0]["settings"]["num_inference_steps"] == 2
    made = [open_image(tmp_path / "out" / c["file"]).image for c in result["candidates"]]
    assert {(image.width, image.height) for image in made} == {(64, 64)}
    assert not made[0].equals(made[1])
    pixels = made[0].array()
    assert (tmp_path / "out" / "sheet.png").is_file()
    assert json.loads((tmp_path / "out" / "result.json").read_text()) == result
    code, again = run(*words, "--count", 1, "--seed", 5, "--set", "num_inference_steps=2")
    assert code == 0
    assert again["candidates"][0]["key"] == result["candidates"][0]["key"]
    alone = open_image(tmp_path / "out" / again["candidates"][0]["file"]).image.array()
    assert np.abs(alone.astype(int) - pixels).max() <= 1  # drawn in another batch


def test_a_size_of_ones_own(run: Run, tmp_path: Path, models: Path) -> None:
    code, result = run(
        "generate", "a boat", "-o", tmp_path / "out", "--models", models, "--size", "150x90",
        "--count", 1, "--set", "num_inference_steps=2",
    )  # fmt: skip
    assert code == 0, result
    assert result["candidates"][0]["size"] == [150, 90]


@pytest.mark.parametrize(
    "words",
    [("--size", "big"), ("--size", "0x5"), ("--size", "99999x1"), ("--count", "0"),
     ("--seed", "-1"), ("--set", "steps=3"), ("--set", "num_inference_steps")],
)  # fmt: skip
def test_wrong_words_are_usage(
    run: Run, tmp_path: Path, models: Path, words: tuple[str, ...]
) -> None:
    code, result = run("generate", "a", "-o", tmp_path / "o", "--models", models, *words)
    assert code == 2
    check("generate", result)
    assert not (tmp_path / "o").exists()


def test_without_a_model_it_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    words = ("-o", tmp_path / "o", "--models", tmp_path / "none")
    code, result = run("generate", "a house", *words)
    assert (code, result["error"]["kind"]) == (3, "model_missing")
    source = picture(tmp_path)
    code, result = run("edit", source, "warmer", "--method", "instruct_pix2pix", *words)
    assert (code, result["error"]["kind"]) == (3, "model_missing")
    code, result = run("edit", source, "turn the boat into a swan", *words)
    assert (code, result["error"]["kind"]) == (3, "not_understood")
    assert "needs a model" in result["error"]["fix"]


def test_edit_by_instruction(run: Run, tmp_path: Path, models: Path) -> None:
    source = picture(tmp_path, dtype="uint16")
    where = mask(tmp_path)
    words = ("-o", tmp_path / "out", "--models", models, "--selection", where, "--count", 3)
    code, result = run(
        "edit", source, "turn the boat into a swan", *words, "--set", "num_inference_steps=2",
        "--method", "instruct_pix2pix",
    )  # fmt: skip
    assert code == 0, result
    check("edit", result)
    made = result["candidates"]
    assert {c["method"] for c in made} == {"instruct_pix2pix"}
    assert sorted(c["seed"] for c in made) == [0, 1, 2]
    assert {c["settings"]["image_guidance_scale"] for c in made} == {1.5, 1.2, 1.8}
    assert all(c["scores"]["outside"] == 0.0 for c in made)
    before = open_image(source).image.array()
    after = open_image(tmp_path / "out" / made[0]["file"]).image.array()
    kept = open_image(where).image.array()[..., 0] == 0
    assert after.dtype == np.uint16
    assert np.array_equal(after[kept], before[kept])
    assert not np.array_equal(after[~kept], before[~kept])


def test_words_beyond_adjusting_go_to_the_model(run: Run, tmp_path: Path, models: Path) -> None:
    source = picture(tmp_path)
    words = ("-o", tmp_path / "out", "--models", models, "--count", 1, "--no-rank")
    code, result = run("edit", source, "turn the boat into a swan", *words)
    assert code == 0, result
    assert result["candidates"][0]["method"] == "instruct_pix2pix"
    code, result = run("edit", source, "warmer", *words)
    assert code == 0, result
    assert result["candidates"][0]["method"] == "adjust"


def test_doctor_says_what_is_there(run: Run, models: Path) -> None:
    code, report = run("doctor", "--models", models)
    assert code == 0
    check("doctor", report)
    assert {m["role"] for m in report["models"]} == {"text_to_image", "instruct_pix2pix"}
    assert {m["name"] for m in report["methods"] if m["ready"]} == {
        "adjust", "instruct_pix2pix", "sdedit", "prompt_to_prompt", "pix2pix_zero", "inpaint",
        "outpaint", "generate",
    }  # fmt: skip
    assert [r["reason"] for r in report["refused"]] == ["Its model_index.json is damaged."]
    assert report["device"]
