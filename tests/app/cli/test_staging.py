from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.staging import RESULT, FolderInTheWay, staged


def write(target: Path, *names: str) -> None:
    with staged(target) as folder:
        for name in names:
            (folder / name).write_text("new")
        values = {"source": {"pixel_digest": "0"}, "candidates": [{"file": n} for n in names]}
        (folder / RESULT).write_text(json.dumps(values))


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_new_and_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty", "deep/er"):
        write(tmp_path / name, "1.png")
        assert names(tmp_path / name) == ["1.png", RESULT]
    assert names(tmp_path) == ["deep", "empty", "new"]


def test_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "o", "1.png", "2.png")
    write(tmp_path / "o", "1.png")
    assert names(tmp_path / "o") == ["1.png", RESULT]
    assert names(tmp_path) == ["o"]


def test_other_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "1.png", "2.png")
    write(Path(), "1.png")
    assert names(tmp_path) == ["1.png", "notes.txt", RESULT]
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_foreign_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_text("mine")
    with pytest.raises(FolderInTheWay):
        write(tmp_path, "1.png")
    assert (tmp_path / "1.png").read_text() == "mine"
    assert names(tmp_path) == ["1.png"]


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "o", "1.png")

    def half() -> None:
        with staged(tmp_path / "o") as folder:
            (folder / "1.png").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert (tmp_path / "o" / "1.png").read_text() == "new"
    assert names(tmp_path) == ["o"]


def test_a_result_that_names_files_elsewhere_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    out = tmp_path / "o"
    out.mkdir()
    values = {"source": {"pixel_digest": "0"}, "candidates": [{"file": "../precious"}]}
    (out / RESULT).write_text(json.dumps(values))
    write(out, "1.png")
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "1.png")
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "real") == ["1.png", RESULT]
