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


def test_a_draft_in_use_is_left_alone(tmp_path: Path) -> None:
    with staged(tmp_path / "o") as folder:
        (folder / "1.png").write_text("first")
        write(tmp_path / "o", "2.png")
        assert (folder / "1.png").read_text() == "first"
        (tmp_path / "o" / "2.png").unlink()
        (tmp_path / "o" / RESULT).unlink()
    assert names(tmp_path / "o") == ["1.png"]
    assert names(tmp_path) == ["o"]


def test_an_old_result_that_a_killed_process_set_aside_goes_back(tmp_path: Path) -> None:
    """Killed between its two renames: neither name was there."""
    write(tmp_path / "o", "1.png")
    (tmp_path / "o").rename(tmp_path / ".o.partial-0123abcd.old")
    (tmp_path / ".o.partial-0123abcd").mkdir()
    (tmp_path / "..o.partial-0123abcd.lock").touch()

    def fails() -> None:
        with staged(tmp_path / "o"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert names(tmp_path / "o") == ["1.png", RESULT]
    assert names(tmp_path) == ["o"]


@pytest.mark.parametrize("name", ["n" * 250, "ñ" * 125, "x" * 255])
def test_long_names(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "1.png")
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("place", ["n" * 256, "file/o", "loop/o"])
def test_places_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(FolderInTheWay, match=r"Nothing can be written to .*/") as refused:
        write(tmp_path / place, "1.png")
    assert "-o" in str(refused.value.fix)
    assert names(tmp_path) == ["file", "loop"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_file_system_of_the_kernel_is_refused() -> None:
    with pytest.raises(FolderInTheWay, match="/proc/out"):
        write(Path("/proc/out"), "1.png")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "1.png")
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "real") == ["1.png", RESULT]
