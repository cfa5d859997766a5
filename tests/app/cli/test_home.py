"""`PENTIMENTO_HOME` that cannot be used, with the real process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cli.cli_cases import picture, program


@pytest.mark.parametrize("command", ["doctor", "edit"])
def test_a_home_that_cannot_be_made_names_folder_and_setting(tmp_path: Path, command: str) -> None:
    source = picture(tmp_path)
    home = source / "home"  # below a file
    words = [str(source), "warmer", "-o", str(tmp_path / "o")] if command == "edit" else []
    done = program(command, *words, "--json", env={"PENTIMENTO_HOME": str(home)})
    assert done.returncode == 3
    assert done.stderr == ""
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "no_home"
    assert str(home) in error["message"]
    assert "PENTIMENTO_HOME" in error["fix"]
    assert not (tmp_path / "o").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_home_that_takes_no_files_does_not_stop_an_edit(tmp_path: Path) -> None:
    source = picture(tmp_path)
    done = program(
        "edit", str(source), "warmer", "-o", str(tmp_path / "o"), env={"PENTIMENTO_HOME": "/proc"}
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o" / "result.json").is_file()
