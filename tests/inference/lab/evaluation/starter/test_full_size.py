"""Repaints at full size go the program's own way and are measured against gold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.lab.evaluation.starter.full_size import (
    CANDIDATES,
    evaluate_full_size,
    full_size_cases,
)
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.report import FULL_SIZE, PARTS, Report
from inference.lab.evaluation.starter.testset import edits
from inference.lab.evaluation.starter.text_to_image import ImageSampling
from inference.models.store import ModelStore

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning"
)
SIZE = 96


def test_candidates_are_ranked_and_have_the_size_of_the_source(tiny: Path) -> None:
    drawn = edits(3, 1, unseen=False)[:2]
    first, second = full_size_cases(ModelStore([tiny]), drawn, 3, SIZE)
    assert first.made.shape == (CANDIDATES, SIZE, SIZE, 3)
    assert sorted(first.order) == list(range(CANDIDATES))
    assert (first.made[0] != first.made[1]).any()
    assert first.damage == (None,) * CANDIDATES  # too small a picture for it
    assert first.text
    assert first.text != second.text


def test_damage_is_that_of_the_ranking(tiny: Path) -> None:
    (case,) = full_size_cases(ModelStore([tiny]), edits(3, 1, unseen=False)[:1], 3, 384)
    found = [score for score in case.damage if score is not None]
    assert len(found) == CANDIDATES
    assert all(0 <= damage <= 1 for damage in found)


def test_every_kind_gets_its_measures_and_whole_pictures_have_no_outside(tiny: Path) -> None:
    models = StarterModels(tiny)
    calls: list[tuple[int, int]] = []
    found = evaluate_full_size(
        ModelStore([tiny]), models.judge, 3, 1, size=SIZE, on_case=lambda *at: calls.append(at)
    )
    report = Report(3, 10, ImageSampling(2), models.names, "tiny", rows=found.rows()).report()
    kinds = report["full_size"]
    assert {"light", "recolour", "all"} <= set(kinds)
    for name in ("ssim_in", "psnr_in", "edge_in", "asked", "kept", "asked_best_of_four"):
        assert np.isfinite(kinds["all"][name]), name
    assert "ssim_out" in kinds["recolour"]
    assert "ssim_out" not in kinds["light"]
    assert kinds["recolour"]["ssim_in.source"] < 1
    assert calls[-1] == (8, 8)


def test_it_is_measured_only_where_it_is_asked_for() -> None:
    assert FULL_SIZE not in PARTS
    assert "full_size" not in Report(0, 1, ImageSampling(), [], "none").report()
