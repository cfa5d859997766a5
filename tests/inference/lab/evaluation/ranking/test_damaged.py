"""Groups of sound and damaged candidates, and the command that ranks them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main as pentimento
from inference.lab.evaluation.ranking.damaged import DAMAGE_KINDS, damage_groups
from tests.inference import tiny_models
from tests.inference.vision.clip import clip_cases

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

SIDE = 192


@pytest.mark.parametrize("kind", DAMAGE_KINDS)
def test_groups_hold_two_sound_and_two_damaged_candidates(kind: str) -> None:
    groups = list(damage_groups(kind, 4, seed=5, size=SIDE))
    for group in groups:
        assert len(group.sound) == 2
        assert sorted(name.split()[0] for name in group.names) == sorted(
            ["gold", "toned"] + [kind] * 2
        )
        gold = group.pictures[group.names.index("gold")]
        assert gold.shape == group.source.shape == (SIDE, SIDE, 3)
        for i, picture in enumerate(group.pictures):
            same = np.array_equal(picture, gold)
            assert same == (group.names[i] == "gold")
        assert group.source_prompt != group.target_prompt
    # What is sound stands nowhere in particular.
    assert len({min(group.sound) for group in damage_groups(kind, 8, seed=6, size=SIDE)}) > 1


def test_the_same_seed_gives_the_same_groups() -> None:
    one, two = (next(damage_groups("seams", 1, seed=5, size=SIDE)) for _ in range(2))
    assert one.names == two.names
    assert all(np.array_equal(a, b) for a, b in zip(one.pictures, two.pictures, strict=True))


def test_damage_is_measured_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip_cases.learn(tmp_path / "clip")
    command = ["evaluate", "ranking", "--models", str(tmp_path), "--groups", "0", "--edits", "0"]
    command += ["--damage", "1", "--seed", "5"]
    assert pentimento([*command, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report["damaged"]) == set(DAMAGE_KINDS)
    for figures in report["damaged"].values():
        assert figures["groups"] == 1
        assert figures["share"] in (0.0, 1.0)
        assert sum(figures["first_places"].values()) == 1
    assert report["rendered"] == {}
    # The same figures in words; they need not be measured again.
    monkeypatch.setattr(
        "inference.lab.evaluation.ranking.report.evaluate_folder", lambda *a, **kw: report
    )
    assert pentimento(command) == 0
    said = capsys.readouterr().out
    assert all(f"{kind}: a sound one first in" in said for kind in DAMAGE_KINDS)
