from __future__ import annotations

from pathlib import Path

from app.runtime import disk_cache


def test_files_are_counted_and_removed_and_folders_stay(tmp_path: Path) -> None:
    (tmp_path / "one.png").write_bytes(bytes(100))
    (tmp_path / "two.png").write_bytes(bytes(20))
    (tmp_path / "inside").mkdir()
    assert disk_cache.size(tmp_path) == 120
    disk_cache.clear(tmp_path)
    assert disk_cache.size(tmp_path) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert disk_cache.size(tmp_path / "none") == 0
    disk_cache.clear(tmp_path / "none")
