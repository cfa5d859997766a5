"""`pentimento survey`: made, rated, reported and closed by commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.cli_cases import check, in_process
from tests.editor.survey.survey_cases import answers_file, ratings_file

T = "2026-01-31T12:00:00Z"


def test_a_survey_from_answers_to_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = in_process(capsys)
    folder = tmp_path / "survey"
    code, made = run("survey", "make", answers_file(tmp_path), "-o", folder, "--seed", 2)
    assert (code, made["items"], made["questions"]) == (0, 6, ["quality", "faithfulness"])
    rows = [
        f"{rater},{n:03d},{question},{1 + (n + len(rater)) % 4},{n},{T},novice"
        for rater in ("Ada", "Robert")
        for n in range(1, 7)
        for question in made["questions"]
    ]
    code, taken = run("survey", "import", folder, ratings_file(tmp_path, rows))
    assert (code, taken) == (0, {"raters": ["Ada", "Robert"], "ratings": 24})
    code, sealed = run("survey", "report", folder)
    check("survey-report", sealed)
    assert sealed["questions"][0]["models"] == []
    code, found = run("survey", "report", folder, "--close", "-o", tmp_path / "r.html")
    assert code == 0
    check("survey-report", found)
    assert [row["name"] for row in found["questions"][0]["models"]] == ["plain", "tags"]
    assert sum(row["n"] for row in found["questions"][0]["models"]) == 12
    assert "plain" in (tmp_path / "r.html").read_text("utf-8")
    code, refused = run("survey", "import", folder, ratings_file(tmp_path, rows))
    assert (code, refused["error"]["kind"]) == (3, "bad_ratings")
    code, again = run("survey", "report", folder)  # closed surveys stay open to their makers
    assert again["questions"][0]["models"] == found["questions"][0]["models"]


def test_it_says_so_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli.commands import main

    folder = tmp_path / "survey"
    words: list[Any] = ["survey", "make", answers_file(tmp_path), "-o", folder, "--preset", "chat"]
    assert main([*map(str, words)]) == 0
    assert "keep key.json from them" in capsys.readouterr().out
    rows = [f"Ada,{n:03d},better,left,{n},{T}," for n in (1, 2, 3)]
    main(["survey", "import", str(folder), str(ratings_file(tmp_path, rows))])
    main(["survey", "report", str(folder), "--close"])
    out = capsys.readouterr().out
    assert "plain against tags:" in out
    assert "κ linear / quadratic: undefined" in out


def test_a_folder_with_files_is_not_written_into(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, values = in_process(capsys)("survey", "make", answers_file(tmp_path), "-o", tmp_path)
    assert (code, values["error"]["kind"]) == (3, "output_exists")
