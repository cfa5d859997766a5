from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from app.runtime.settings import Settings


def test_two_windows_keep_each_others_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    first, second = Settings(file), Settings(file)
    first.set("theme", "light")
    second.set("count", 6)
    assert json.loads(file.read_text("utf-8")) == {"theme": "light", "count": 6}
    assert second["theme"] == "system", "a window does not change under its artist"


def test_a_full_disk_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.json"
    settings = Settings(file)
    settings.set("count", 6)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    settings.set("count", 8)
    assert settings["count"] == 8
    assert json.loads(file.read_text("utf-8")) == {"count": 6}
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_names_of_files_that_are_not_utf8_are_kept(tmp_path: Path) -> None:
    name = os.fsdecode(b"/pictures/\xff.png")
    Settings(tmp_path / "settings.json").set("recent", [name, "é"])
    assert Settings(tmp_path / "settings.json")["recent"] == [name, "é"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"count": 5, "theme": 1, "other": 2}'])
def test_what_cannot_be_used_falls_back(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    settings = Settings(tmp_path / "settings.json")
    assert (settings["count"], settings["theme"]) == (4, "system")
