from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from editor.formats import open_image, save_image
from editor.model.image import Image
from inference.models.loaded import LoadedSegmentation
from tests.app.cli.cli_cases import Run, check, picture
from tests.inference import tiny_helper_models


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_helper_models.selfie_segmentation(root / "people")
    return root


def test_the_mask_serves_as_a_selection(
    run: Run, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reds(self: LoadedSegmentation, picture: torch.Tensor) -> torch.Tensor:
        return (picture[0] > picture[1] + 0.2).float()

    monkeypatch.setattr(LoadedSegmentation, "coverage", reds)
    pixels = np.full((200, 300, 3), 120, np.uint8)
    pixels[50:150, 60:200] = (220, 40, 40)
    save_image(Image.from_array(pixels), tmp_path / "in.png")
    masks = {}
    for part in ("subject", "background"):
        file = tmp_path / f"{part}.png"
        code, result = run(
            "select", tmp_path / "in.png", f"--{part}", "-o", file, "--models", models
        )
        assert code == 0, result
        check("select", result)
        assert (result["part"], result["confidence"], result["model"]) == (part, 1.0, "people")
        masks[part] = open_image(file).image.array()[:, :, 0]
    assert abs(result["share"] - (1 - 0.7 / 3)) < 0.01
    assert np.array_equal(masks["background"], 255 - masks["subject"])
    code, edited = run(
        "edit", tmp_path / "in.png", "brighter", "-o", tmp_path / "out", "--count", 1,
        "--selection", tmp_path / "subject.png", "--models", models,
    )  # fmt: skip
    assert code == 0, edited
    after = open_image(tmp_path / "out" / edited["candidates"][0]["file"]).image.array()
    assert np.array_equal(after[masks["subject"] == 0], pixels[masks["subject"] == 0])


def test_no_clear_subject_is_refused(run: Run, models: Path, tmp_path: Path) -> None:
    file = tmp_path / "mask.png"
    code, result = run("select", picture(tmp_path), "-o", file, "--models", models)
    assert code == 3
    assert result["error"]["kind"] == "subject_unclear"
    assert not file.exists()
