"""The measurement of memory itself, on a small model: true sizes are for `evaluate memory`."""

from __future__ import annotations

from pathlib import Path

from inference.lab.evaluation.memory.cases import CASES, TINY
from inference.lab.evaluation.memory.report import evaluate_memory


def test_a_small_run_is_predicted(tmp_path: Path) -> None:
    seen: list[str] = []
    (row,) = evaluate_memory([TINY], tmp_path, lambda found: seen.append(found["name"]))
    assert seen == ["tiny"]
    # Of a tiny run most is the libraries', which differs between machines; `evaluate memory` has
    # the true sizes.
    assert abs(row["error"]) < 0.35
    assert 300e6 < row["measured"] < 1e9
    assert row["seconds"] > 0


def test_the_cases_are_six_and_have_names() -> None:
    assert len({case.name for case in CASES}) == len(CASES) == 6
    assert sum(case.width == 1 for case in CASES) == 3, "of the true size"
