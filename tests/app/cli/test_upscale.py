from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from editor.formats import open_image, save_image
from editor.model.image import Image, Metadata
from tests.app.cli.cli_cases import Run, check, picture
from tests.inference import tiny_helper_models

pytestmark = pytest.mark.filterwarnings("ignore:torch.meshgrid:UserWarning")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_helper_models.dat(root / "up")
    return root


def test_depth_profile_and_alpha_stay(run: Run, models: Path, tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 65535, (20, 30, 4)).astype(np.uint16)
    values[:, :, 3] = 65535
    profile = open_image(picture(tmp_path / "plain")).image.meta.icc
    source = Image.from_array(values, Metadata(icc=profile))
    save_image(source, tmp_path / "in.png")
    code, result = run(
        "upscale", tmp_path / "in.png", "--scale", 3, "-o", tmp_path / "out.png",
        "--models", models,
    )  # fmt: skip
    assert code == 0, result
    check("upscale", result)
    assert (result["width"], result["height"]) == (90, 60)
    assert [one["family"] for one in result["models"]] == ["dat"]
    made = open_image(tmp_path / "out.png").image
    assert (made.width, made.height, made.channels, made.dtype) == (90, 60, 4, "uint16")
    assert made.meta.icc == open_image(tmp_path / "in.png").image.meta.icc
    assert (made.array()[:, :, 3] == 65535).all()


@pytest.mark.parametrize("scale", ["1", "9", "many"])
def test_factors_that_are_none(scale: str, run: Run, models: Path, tmp_path: Path) -> None:
    file = picture(tmp_path)
    code, result = run(
        "upscale", file, "--scale", scale, "-o", tmp_path / "out.png", "--models", models
    )
    assert code == 2
    assert result["error"]["kind"] == "bad_setting"
    assert not (tmp_path / "out.png").exists()


def test_without_a_model_it_says_which_to_install(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for words in (("upscale",), ("edit", "upscale 2x")):
        command, *text = words
        code, result = run(
            command, picture(tmp_path), *text, "-o", tmp_path / "out", "--models", tmp_path / "none"
        )
        assert code == 3
        assert result["error"]["kind"] == "model_missing"
        assert "dat-light-x2" in result["error"]["fix"]
