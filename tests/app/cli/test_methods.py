"""Plain words for methods of every kind, and for several at once, with the starter models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.edit import _names
from inference.lab.storybook.render import render
from inference.lab.storybook.samples import SAMPLES
from tests.app.cli.cli_cases import Run, check
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

SIDE = 128


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    file = tmp_path / "scene.png"
    Image.fromarray(render(SAMPLES[0][3], SIDE)).save(file)
    return file


def test_a_larger_canvas_by_words_alone(
    run: Run, starter_models: Path, scene: Path, tmp_path: Path
) -> None:
    """Auto takes the method; the captioner writes the caption; the picture keeps its bytes."""
    code, result = run(
        "edit", scene, "extend to the left by 25 %", "-o", tmp_path / "out", "--models",
        starter_models, "--count", 1, "--set", "num_inference_steps=3",
    )  # fmt: skip
    assert code == 0, result
    check("edit", result)
    (made,) = result["candidates"]
    assert (made["method"], made["size"]) == ("outpaint", [SIDE * 5 // 4, SIDE])
    assert made["scores"]["seam"] >= 0
    drawn = np.asarray(Image.open(tmp_path / "out" / made["file"]))
    assert np.array_equal(drawn[:, SIDE // 4 :], np.asarray(Image.open(scene)))


def test_a_selection_is_filled_or_asked_for(
    run: Run, starter_models: Path, scene: Path, tmp_path: Path
) -> None:
    coverage = np.zeros((SIDE, SIDE), np.uint8)
    coverage[70:110, 20:60] = 255
    Image.fromarray(coverage).save(tmp_path / "mask.png")
    options = ("--method", "inpaint", "--count", 1, "--set", "num_inference_steps=3")
    words = ("edit", scene, "a pond", "-o", tmp_path / "out", "--models", starter_models)
    code, result = run(*words, *options, "--selection", tmp_path / "mask.png")
    assert code == 0, result
    (made,) = result["candidates"]
    drawn = np.asarray(Image.open(tmp_path / "out" / made["file"]))
    source = np.asarray(Image.open(scene))
    assert np.array_equal(drawn[coverage == 0], source[coverage == 0])
    assert not np.array_equal(drawn, source)
    code, refused = run(*words, *options)
    assert code == 3
    assert refused["error"]["kind"] == "selection_needed"


def test_several_methods_share_the_candidates(
    run: Run, starter_models: Path, scene: Path, tmp_path: Path
) -> None:
    code, result = run(
        "edit", scene, "make it night", "-o", tmp_path / "out", "--models", starter_models,
        "--method", "instruct_pix2pix,sdedit", "--count", 3, "--set", "num_inference_steps=3",
    )  # fmt: skip
    assert code == 0, result
    methods = [one["method"] for one in result["candidates"]]
    assert sorted(methods) == ["instruct_pix2pix", "instruct_pix2pix", "sdedit"]
    assert [one["rank"] for one in result["candidates"]] == [1, 2, 3], "ranked together"


def test_a_time_limit_lets_auto_try_what_gained(
    run: Run, starter_models: Path, scene: Path, tmp_path: Path
) -> None:
    """Two methods by captions gained on such edits; the cheapest of the others joins first."""
    code, result = run(
        "edit", scene, "make it night", "-o", tmp_path / "out", "--models", starter_models,
        "--time-limit", 25, "--count", 2, "--set", "num_inference_steps=3",
    )  # fmt: skip
    assert code == 0, result
    assert [one["method"] for one in result["candidates"]].count("instruct_pix2pix") == 1
    assert len({one["method"] for one in result["candidates"]}) == 2


@pytest.mark.parametrize(
    "wrong", [("--time-limit", "0"), ("--time-limit", "9", "--method", "sdedit")]
)
def test_a_limit_is_seconds_and_for_auto(
    run: Run, scene: Path, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    code, result = run("edit", scene, "warmer", "-o", tmp_path / "out", *wrong)
    assert code == 2
    assert "--time-limit" in result["error"]["message"]


def test_names_as_typed() -> None:
    assert _names("a, b,,c") == ["a", "b", "c"]
