from __future__ import annotations

from pathlib import Path

import pytest

from editor.survey.answers import read_answers
from editor.survey.make import make_survey
from editor.survey.ratings import (
    BadRatings,
    import_ratings,
    imported_ratings,
    read_ratings,
    write_ratings,
)
from editor.survey.survey import RATINGS, Survey, close
from tests.editor.survey.survey_cases import answers_file, ratings_file

T = "2026-01-31T12:00:00Z"


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return make_survey(read_answers(answers_file(tmp_path)), tmp_path / "s", "concept")


def test_ratings_of_several_raters_come_in(tmp_path: Path, survey: Survey) -> None:
    one = ratings_file(tmp_path, [f"Ada,001,quality,4,2,{T},expert"], "one.csv")
    other = ratings_file(tmp_path, [f"Émile B.,001,quality,1,1,{T},novice"], "other.csv")
    assert import_ratings(tmp_path / "s", survey, [one, other]) == ("Ada", "Émile B.")
    found = imported_ratings(tmp_path / "s", survey)
    assert [(r.rater, r.score, r.order, r.field) for r in found] == [
        ("Ada", "4", 2, "expert"),
        ("Émile B.", "1", 1, "novice"),
    ]
    import_ratings(tmp_path / "s", survey, [one])  # again, and nothing changes
    assert imported_ratings(tmp_path / "s", survey) == found
    again = ratings_file(tmp_path, [f"Ada,001,quality,3,2,{T},expert"], "one.csv")
    with pytest.raises(BadRatings, match="Ada has other ratings"):
        import_ratings(tmp_path / "s", survey, [again])


def test_the_six_columns_alone_are_enough(tmp_path: Path, survey: Survey) -> None:
    file = tmp_path / "six.csv"
    file.write_text(f"rater,item,question,score,order,t\nAda,002,quality,2,1,{T}\n", "utf-8")
    (rating,) = read_ratings(file, survey)
    assert rating.field == ""
    file.write_text(write_ratings([rating]), "utf-8")
    assert read_ratings(file, survey) == (rating,)


BAD_ROWS = [
    (f"Ada,001,quality,5,1,{T},", "another score"),
    (f"Ada,001,quality,left,1,{T},", "another score"),
    (f"Ada,999,quality,1,1,{T},", "does not ask"),
    (f"Ada,001,beauty,1,1,{T},", "does not ask"),
    (f"=cmd(),001,quality,1,1,{T},", "rater's name"),
    (f"../Ada,001,quality,1,1,{T},", "rater's name"),
    (f",001,quality,1,1,{T},", "rater's name"),
    (f"Ada,001,quality,1,0,{T},", "order"),
    (f"Ada,001,quality,1,{'9' * 5000},{T},", "no csv"),
    (f"Ada,001,quality,1,x,{T},", "order"),
    ("Ada,001,quality,1,1,yesterday,", "time"),
    (f"Ada,001,quality,1,1,{T},wizard", "another field"),
    ("Ada,001,quality", "too few or too many"),
    (f"Ada,001,quality,1,1,{T},,more", "too few or too many"),
    ('Ada,001,"quality', "no csv"),
    (f"Ada,001,{'q' * 200_000},1,1,{T},", "no csv"),
]


@pytest.mark.parametrize(("row", "match"), BAD_ROWS)
def test_a_bad_line_is_refused_in_a_sentence(
    tmp_path: Path, survey: Survey, row: str, match: str
) -> None:
    file = ratings_file(tmp_path, [f"Bob,002,quality,1,1,{T},", row])
    with pytest.raises(BadRatings, match=match):
        import_ratings(tmp_path / "s", survey, [file])
    assert not list((tmp_path / "s" / RATINGS).iterdir())


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "lacks a column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no csv"),
        (b"a,b,c\n1,2,3\n", "lacks a column"),
        (b"rater,item,question,score,order,t\n", "no ratings"),
        (b" " * (9 << 20), "too large"),
    ],
    ids=["empty", "picture", "columns", "header", "large"],
)
def test_what_is_no_file_of_ratings_is_refused(
    tmp_path: Path, survey: Survey, data: bytes, match: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(data)
    with pytest.raises(BadRatings, match=match):
        read_ratings(file, survey)
    with pytest.raises(BadRatings, match="no csv"):
        read_ratings(tmp_path / "none.csv", survey)


def test_a_rater_rates_once_and_has_one_field(tmp_path: Path, survey: Survey) -> None:
    row = f"Ada,001,quality,1,1,{T},expert"
    with pytest.raises(BadRatings, match="twice"):
        read_ratings(ratings_file(tmp_path, [row, row]), survey)
    with pytest.raises(BadRatings, match="two fields"):
        read_ratings(ratings_file(tmp_path, [row, f"Ada,002,quality,1,2,{T},novice"]), survey)
    # Also when the two come in different files.
    files = [ratings_file(tmp_path, [row], name) for name in ("a.csv", "b.csv")]
    with pytest.raises(BadRatings, match="twice"):
        import_ratings(tmp_path / "s", survey, files)


def test_raters_whose_names_differ_in_case_alone_do_not_replace_each_other(
    tmp_path: Path, survey: Survey
) -> None:
    rows = [f"Ada,001,quality,1,1,{T},", f"ada,001,quality,4,1,{T},"]
    with pytest.raises(BadRatings, match="ada has other ratings"):
        import_ratings(tmp_path / "s", survey, [ratings_file(tmp_path, rows)])
    assert imported_ratings(tmp_path / "s", survey) == ()


def test_a_closed_survey_takes_no_ratings(tmp_path: Path, survey: Survey) -> None:
    file = ratings_file(tmp_path, [f"Ada,001,quality,1,1,{T},"])
    with pytest.raises(BadRatings, match="closed"):
        import_ratings(tmp_path / "s", close(tmp_path / "s", survey), [file])
