"""Every method on the same edits, beside doing nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.lab.evaluation.methods import DO_NOTHING, Arm, editing_methods, evaluate_methods
from inference.lab.evaluation.starter.models import StarterModels
from inference.models.store import ModelStore
from inference.request.registry import UnknownMethod
from inference.request.settings import BadSetting
from tests.app.cli.cli_cases import in_process

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning"
)


def test_all_methods_whose_models_are_there(tiny: Path) -> None:
    names = [arm.method for arm in editing_methods(ModelStore([tiny]))]
    assert {"instruct_pix2pix", "sdedit", "pix2pix_zero", "prompt_to_prompt"} == set(names)


def test_rows_of_methods_with_settings_and_of_doing_nothing(tiny: Path) -> None:
    arms = [
        Arm.parse("sdedit:num_inference_steps=2,strength=0.9"),
        Arm.parse("prompt_to_prompt:num_inference_steps=2,inversion=ddim"),
    ]
    calls: list[tuple[int, int]] = []
    found = evaluate_methods(
        ModelStore([tiny]), StarterModels(tiny).judge, arms, 3, 1, size=96,
        on_edit=lambda *at: calls.append(at),
    )  # fmt: skip
    rows = {row.name: row for row in found.rows()}
    assert calls[-1] == (16, 16)
    for name in (DO_NOTHING, *(arm.name for arm in arms)):
        assert rows[f"{name}.all.asked"].n == 8
        assert f"{name}.light.psnr_out" not in rows
        assert f"{name}.recolour.psnr_out" in rows
    assert rows[f"{DO_NOTHING}.all.asked"].mean < 0.5
    assert rows[f"{DO_NOTHING}.recolour.psnr_out"].mean > 90
    assert f"{arms[1].name}.all.reconstruction_psnr" in rows
    assert f"{arms[0].name}.all.reconstruction_psnr" not in rows
    assert rows[f"{arms[0].name}.all.seconds"].mean > 0


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownMethod):
        Arm.parse("magic")
    with pytest.raises(BadSetting):
        Arm.parse("sdedit:magic=1")
    with pytest.raises(BadSetting):
        Arm.parse("sdedit:strength=7")


def test_gains_are_written_of_all_methods_or_none(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = in_process(capsys)
    code, report = run(
        "evaluate", "methods", "--models", tiny, "--method", "sdedit", "--write-gains"
    )
    assert code == 2
    assert "measures every method" in str(report)
