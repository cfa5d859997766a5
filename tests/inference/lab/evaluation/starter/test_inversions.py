"""Ways to invert a picture, and what is kept at equal direction."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from inference.diffusion.source_branch import DIRECT, REGULARISED, STRATEGIES
from inference.lab.evaluation.equal_level import best_line
from inference.lab.evaluation.inversions import (
    AS_AUTHORS,
    SWEPT,
    Curves,
    evaluate_inversions,
)
from inference.lab.evaluation.starter.models import StarterModels
from inference.models.store import ModelStore
from tests.app.cli.cli_cases import in_process

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning"
)

POINTS = ((1.0, 1.0), (2.0, 1.0), (3.0, 1.0))


def curves(direct: list[float], other: list[float], direction: list[float]) -> Curves:
    """Three points of the same direction for all ways, and what each keeps."""
    rows = np.array([direction, direction])
    kept = {DIRECT: direct, REGULARISED: other, AS_AUTHORS: other}
    return Curves(
        POINTS,
        dict.fromkeys(SWEPT, rows),
        {name: np.array([values, values]) for name, values in kept.items()},
    )


def test_the_best_line_leaves_out_what_is_beaten_in_both_figures() -> None:
    direction, outside = best_line(
        np.array([0.1, 0.3, 0.2, 0.3]), np.array([30.0, 26.0, 25.0, 24.0])
    )
    assert direction.tolist() == [0.1, 0.3]
    assert outside.tolist() == [30.0, 26.0]


def test_what_is_kept_at_equal_direction() -> None:
    found = curves([32.0, 31.0, 30.0], [29.0, 28.0, 27.0], [0.1, 0.2, 0.3])
    assert found.difference(REGULARISED) == pytest.approx(3.0)
    figure = found.figure(AS_AUTHORS)
    assert figure.low == pytest.approx(3.0) == figure.high
    assert figure.n == 2
    assert found.report()[DIRECT][1] == {
        "guidance_scale": 2.0,
        "cross_attention_guidance_amount": 1.0,
        "direction": 0.2,
        "psnr_out": 31.0,
    }


def test_lines_that_share_no_direction_are_not_compared() -> None:
    found = curves([30.0] * 3, [30.0] * 3, [0.1, 0.2, 0.3])
    found.direction[REGULARISED] = np.array([[0.5, 0.6, 0.7]] * 2)
    found.outside[REGULARISED] = np.array([[30.0, 29.0, 28.0]] * 2)
    assert math.isnan(found.difference(REGULARISED))


def test_rows_of_every_way(tiny: Path) -> None:
    calls: list[tuple[int, int]] = []
    found, sweep = evaluate_inversions(
        ModelStore([tiny]), StarterModels(tiny).judge, 3, 1, size=32,
        sweep=POINTS, settings={"num_inference_steps": 2}, on_edit=lambda *at: calls.append(at),
    )  # fmt: skip
    assert calls[-1] == (8, 8)
    rows = {row.name: row for row in found.rows()}
    for name in (*STRATEGIES, AS_AUTHORS):
        assert rows[f"{name}.all.asked"].n == 8
        assert rows[f"{name}.recolour.psnr_out"].n == 1
        assert f"{name}.light.psnr_out" not in rows
    again = {name: rows[f"{name}.all.reconstruction_psnr"].mean for name in STRATEGIES}
    assert max(again, key=lambda name: again[name]) == DIRECT
    assert sweep is not None
    assert sweep.direction[DIRECT].shape == (rows["direct.all.psnr_out"].n, len(POINTS))


def test_an_inversion_that_does_not_exist_is_refused(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = in_process(capsys)
    code, report = run("evaluate", "inversions", "--models", str(tiny), "--inversion", "sideways")
    assert code == 2
    assert "There is no inversion sideways" in str(report)
