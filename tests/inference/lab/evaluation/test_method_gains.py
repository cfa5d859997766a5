from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from editor.errors import DiskFull
from inference.lab.evaluation.method_gains import MEASURED_KINDS, method_gains, write_gains
from inference.lab.evaluation.methods import Arm
from inference.lab.evaluation.starter.figures import Figure
from inference.language.edit_kind import KINDS
from inference.models.method_gains import gains
from inference.models.store import ModelStore
from inference.request.registry import METHODS
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


def figures(arm: str, **kinds: tuple[float, float]) -> list[Figure]:
    rows = {part: (0.0, 0.0) for parts in MEASURED_KINDS.values() for part in parts} | kinds
    return [
        Figure(f"{arm}.{kind}.{name}", 3, "bootstrap", value, value, value)
        for kind, pair in rows.items()
        for name, value in zip(("gain", "asked"), pair, strict=True)
    ]


def test_a_gain_counts_where_the_change_is_seen() -> None:
    assert set(MEASURED_KINDS) == set(KINDS)
    rows = figures(
        "sdedit", add=(2.0, 0.4), remove=(2.0, 0.6), recolour=(-3.0, 0.2),
        light=(4.0, 1.0), weather=(2.0, 1.0), season=(1.0, 1.0), style=(1.0, 0.0),
    )  # fmt: skip
    found = method_gains(rows, [Arm("sdedit", "sdedit")])
    assert found == {
        "sdedit": {"add": 0.0, "remove": 2.0, "replace": 0.0, "recolour": -3.0, "scene": 1.0}
    }


def test_a_part_that_is_worse_than_nothing_rules_its_kind_out() -> None:
    rows = figures(
        "sdedit", light=(4.0, 1.0), weather=(-0.5, 1.0), season=(3.0, 1.0), style=(3.0, 1.0)
    )
    assert method_gains(rows, [Arm("sdedit", "sdedit")])["sdedit"]["scene"] == -0.5


def test_arms_with_settings_of_their_own_say_nothing() -> None:
    assert method_gains([], [Arm.parse("sdedit:strength=0.9")]) == {}


def test_what_is_written_is_what_auto_reads(tmp_path: Path) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    models = ModelStore([tmp_path])
    measured = {name: {"add": 1.5} for name in ("sdedit", "pix2pix_zero", "instruct_pix2pix")}
    assert len(write_gains(models, measured, "the command")) == 2
    for name in measured:
        assert gains(models, METHODS[name]) == {"add": 1.5}
    stored = json.loads((tmp_path / "sd" / "gains.json").read_text("utf-8"))
    assert stored["command"] == "the command"
    assert set(stored["gains"]) == {"sdedit", "pix2pix_zero"}


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    models = ModelStore([tmp_path])
    write_gains(models, {"sdedit": {"add": 1.5}}, "the command")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull):
        write_gains(models, {"sdedit": {"add": -1.0}}, "the command")
    assert gains(models, METHODS["sdedit"]) == {"add": 1.5}
