from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from editor.errors import UnsupportedImage
from inference.lab.evaluation.adjust import evaluate, run
from inference.lab.evaluation.photographs import Photograph

DATA = Path(__file__).resolve().parents[3] / "data"
HELD_OUT = DATA / "adjust_phrases_held_out.jsonl"
REFUSED = DATA / "adjust_refused.jsonl"
VISIBLE = DATA / "adjust_phrases.jsonl"


def _counts(report: dict[str, Any]) -> str:
    """Figures only: the held-out phrases are kept from whoever works on the grammar."""
    missed = {
        kind: {n: c for n, c in report[kind].items() if c["right"] < c["asked"]}
        for kind in ("must", "must_not")
    }
    return f"share {report['share']}, best {report['share_best']}, {missed}"


@pytest.mark.slow
def test_held_out_phrases_move_the_right_way(photographs: list[Photograph]) -> None:
    report = evaluate(photographs, [HELD_OUT], [], photos_per_phrase=3)
    assert report["unfit"] == 0
    assert report["phrases"] == 90
    if report["share_best"] < 0.9:
        pytest.fail(_counts(report), pytrace=False)
    assert "failures" not in report


def test_what_must_be_refused_is_refused_for_the_right_reason(
    photographs: list[Photograph],
) -> None:
    counts = evaluate(photographs, [], [REFUSED])["refused"]
    assert counts["phrases"] == 25
    assert counts["refused"] == counts["right_kind"] == counts["phrases"], str(counts)


@pytest.mark.slow
def test_visible_phrases_move_the_right_way(photographs: list[Photograph]) -> None:
    report = evaluate(photographs, [VISIBLE], [], photos_per_phrase=2, best=False, failures=True)
    assert report["phrases"] + report["unfit"] >= 70
    assert report["share"] >= 0.95, report["failures"]


def test_failures_of_a_held_out_table_are_never_listed(
    photographs: list[Photograph], tmp_path: Path
) -> None:
    line = {
        "phrase": "darker",
        "must": [["lightness", "up"]],
        "must_not": [],
        "selection": None,
        "photo": "any",
    }
    shown, hidden = tmp_path / "mine.jsonl", tmp_path / "mine_held_out.jsonl"
    for path in (shown, hidden):
        path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    options: dict[str, Any] = {"photos_per_phrase": 1, "best": False, "failures": True}
    listed = evaluate(photographs, [shown], [], **options)["failures"]
    assert [f["phrase"] for f in listed] == ["darker"]
    report = evaluate(photographs, [hidden], [], **options)
    assert report["failures"] == []
    assert report["share"] == 0.0
    assert "darker" not in json.dumps(report)


def test_report_keeps_to_its_schema(photographs: list[Photograph], tmp_path: Path) -> None:
    table = tmp_path / "few.jsonl"
    table.write_text("".join(VISIBLE.read_text(encoding="utf-8").splitlines(True)[:3]))
    report = evaluate(photographs, [table], [], photos_per_phrase=1)
    text = (files("resources.schemas") / "evaluate-adjust.json").read_text(encoding="utf-8")
    jsonschema.validate(report, json.loads(text))


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedImage):
        run(tmp_path, json=True)


def test_edits_inside_a_selection_leave_the_outside_alone(
    photographs: list[Photograph], tmp_path: Path
) -> None:
    table = tmp_path / "local.jsonl"
    lines = [
        {"phrase": "darken the sky", "must": [["lightness", "down"]], "photo": "any"},
        {"phrase": "make the background black and white", "must": [["hue_spread", "zero"]],
         "photo": "any"},
        {"phrase": "remove this spot", "must": [["lightness", "up"]], "photo": "spot"},
    ]  # fmt: skip
    table.write_text(
        "".join(
            json.dumps({**line, "must_not": [], "selection": "ellipse"}) + "\n" for line in lines
        )
    )
    report = evaluate(photographs, [table], [], photos_per_phrase=2, best=False, failures=True)
    assert report["share"] == 1.0, report["failures"]
