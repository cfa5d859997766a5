"""`edit --method pix2pix_zero` and `prompt_to_prompt` from the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.request.registry import METHODS
from tests.app.cli.cli_cases import Run, check, mask, picture
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

BY_CAPTIONS = [info.name for info in METHODS.values() if info.captions]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text-to-image model and nothing that could write a caption."""
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "sd", edits=False)
    return root


@pytest.mark.parametrize("name", BY_CAPTIONS)
def test_with_captions_written_by_hand_inside_a_selection(
    name: str, run: Run, plain: Path, tmp_path: Path
) -> None:
    file = picture(tmp_path)
    code, result = run(
        "edit", file, "make it a boat", "-o", tmp_path / "out", "--models", plain,
        "--method", name, "--count", 2, "--selection", mask(tmp_path), "--set",
        "num_inference_steps=3", "--set", "inversion=negative-prompt",
        "--source-prompt", "a red house", "--target-prompt", "a red boat",
    )  # fmt: skip
    assert code == 0, result
    check("edit", result)
    made = result["candidates"]
    assert {one["method"] for one in made} == {name}
    assert all(5 < one["reconstruction_psnr"] <= 99 for one in made)
    before, after = (
        np.asarray(Image.open(path).convert("RGB"))
        for path in (file, tmp_path / "out" / made[0]["file"])
    )
    outside = np.asarray(Image.open(tmp_path / "mask.png").convert("L")) == 0
    assert np.array_equal(before[outside], after[outside])
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("name", BY_CAPTIONS)
def test_without_captions_it_says_what_is_missing(
    name: str, run: Run, plain: Path, tmp_path: Path
) -> None:
    code, result = run(
        "edit", picture(tmp_path), "make it a boat", "-o", tmp_path / "out",
        "--models", plain, "--method", name,
    )  # fmt: skip
    assert code == 3
    assert result["error"]["kind"] == "captions_missing"
    assert "what the picture shows before and after" in result["error"]["message"]
    assert "Write both captions" in result["error"]["fix"]
    assert not (tmp_path / "out").exists()


def test_the_starter_models_write_the_captions(
    run: Run, starter_models: Path, tmp_path: Path
) -> None:
    file = starter_models.parents[1] / "samples" / "storybook-house.png"
    code, result = run(
        "edit", file, "make it night", "-o", tmp_path / "out", "--method", "prompt_to_prompt",
        "--count", 2, "--set", "num_inference_steps=3",
    )  # fmt: skip
    assert code == 0, result
    assert "noon" in result["instruction"]["source_prompt"]
    assert "night" in result["instruction"]["target_prompt"]
    settings = [one["settings"]["guidance_scale"] for one in result["candidates"]]
    assert len(set(settings)) == 2


def test_several_captions_are_written_and_recorded(
    run: Run, starter_models: Path, tmp_path: Path
) -> None:
    file = starter_models.parents[1] / "samples" / "storybook-house.png"
    code, result = run(
        "edit", file, "make it night", "-o", tmp_path / "out", "--method", "pix2pix_zero",
        "--count", 1, "--set", "num_inference_steps=2", "--set", "num_captions=3",
    )  # fmt: skip
    assert code == 0, result
    (made,) = result["candidates"]
    before, after = made["settings"]["captions_before"], made["settings"]["captions_after"]
    assert before[0] == result["instruction"]["source_prompt"]
    assert len(before) == len(after) == len(set(before)) == 3
    assert all("night" in text for text in after)
