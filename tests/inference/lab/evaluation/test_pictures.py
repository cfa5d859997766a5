"""Protocols on folders of photographs: enlarging them again, and finding their subjects."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from app.cli.commands import main
from editor.formats import save_image
from editor.model.image import Image
from inference.lab.evaluation.subjects import (
    OutlinedPhotograph,
    evaluate_subjects,
    read_outlines,
)
from inference.lab.evaluation.upscale import KERNELS, UpscaleProtocol, evaluate_upscale
from inference.models.found_model import FoundModel
from inference.models.loaded import LoadedUpscaler
from tests.inference import tiny_helper_models, tiny_models

pytestmark = pytest.mark.filterwarnings("ignore:torch.meshgrid:UserWarning")


class Cubic(torch.nn.Module):
    """What the protocol compares with: Pillow's bicubic has a = −0.5, torch's −0.75."""

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return functional.interpolate(pictures, scale_factor=2, mode="bicubic").clamp(0, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos" / "inner").mkdir(parents=True)
    for number in range(3):
        pixels = tiny_models.scene(121 + number, 90)
        save_image(Image.from_array(pixels), tmp_path / "photos" / "inner" / f"{number}.png")
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"no picture")
    return tmp_path / "photos"


def test_an_interpolation_gains_nothing_over_interpolation(folder: Path) -> None:
    found = FoundModel("upscaler", "cubic", folder, (), 0)
    model = LoadedUpscaler(found, Cubic(), 2, torch.device("cpu"), torch.float32)
    names: list[str] = []
    protocol = UpscaleProtocol(folder, side=96, limit=2)
    rows = evaluate_upscale(protocol, model, lambda: None, lambda n, _: names.append(n)).rows()
    by_name = {row.name: row for row in rows}
    assert names == ["0.png", "1.png"]
    assert len(rows) == 3 * len(KERNELS)
    for kernel in KERNELS:
        assert by_name[f"{kernel}.gain"].n == 2
        assert abs(by_name[f"{kernel}.gain"].mean) < 1.0
        assert by_name[f"{kernel}.bicubic"].mean > 20


def test_outlines_are_whole_and_each_has_a_licence() -> None:
    photographs = read_outlines()
    assert len(photographs) >= 12
    assert len({one.file for one in photographs}) == len(photographs)
    for one in photographs:
        assert one.kind in ("person", "other")
        assert one.licence
        share = one.mask(200, 150).mean()
        assert 0.01 < share < 0.95
        assert one.mask(400, 300).mean() == pytest.approx(share, abs=0.02)


def test_the_subject_is_compared_with_its_outline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = ((200, 200), (600, 200), (600, 600), (200, 600))
    hole = ((300, 300), (500, 300), (500, 500), (300, 500))
    outlined = (
        OutlinedPhotograph("a.png", "other", "own", (square,)),
        OutlinedPhotograph("b.png", "person", "own", (square,), (hole,)),
        OutlinedPhotograph("missing.png", "other", "own", (square,)),
    )
    monkeypatch.setattr("inference.lab.evaluation.subjects.read_outlines", lambda: outlined)
    pixels = np.full((500, 500, 3), 110, np.uint8)
    pixels[100:300, 100:300] = (230, 30, 30)
    for name in ("a.png", "b.png"):
        save_image(Image.from_array(pixels), tmp_path / name)

    class Reds:
        def coverage(self, picture: torch.Tensor) -> torch.Tensor:
            return (picture[0] > picture[1] + 0.2).float()

    whole, without = evaluate_subjects(tmp_path, Reds(), lambda: None)
    assert whole.iou > 0.97
    assert whole.confidence == 1.0
    assert without.iou == pytest.approx(0.75, abs=0.02)


def test_both_are_commands(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_helper_models.dat(tmp_path / "models" / "up")
    tiny_helper_models.selfie_segmentation(tmp_path / "models" / "people")
    common = [str(folder), "--models", str(tmp_path / "models"), "--json"]
    assert main(["evaluate", "upscale", *common, "--side", "48", "--n", "1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [one["file"] for one in report["pictures"]] == ["0.png"]
    assert {row["name"] for row in report["rows"]} >= {"bicubic.gain", "lanczos.gain", "box.gain"}
    assert main(["evaluate", "select", *common]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == [], "none of these was outlined"
    assert main(["evaluate", "select", str(folder / "nowhere"), "--json"]) == 2
