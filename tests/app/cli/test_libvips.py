"""libvips that cannot be loaded, with the real process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.cli.cli_cases import check, picture, program

REASON = "cannot load library 'libvips.so.42'"


@pytest.fixture
def broken(tmp_path: Path) -> dict[str, str]:
    """An environment in which `pyvips` fails as it does without its library."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "pyvips.py").write_text(f'raise OSError("{REASON}")\n')
    return {"PYTHONPATH": str(folder)}


def test_doctor_says_what_is_missing(broken: dict[str, str]) -> None:
    done = program("doctor", "--json", env=broken)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    check("doctor", report)
    assert REASON in report["problems"][0]
    assert not any(method["ready"] for method in report["methods"])
    text = program("doctor", env=broken).stdout
    assert REASON in text
    assert " ready" not in text


@pytest.mark.parametrize("command", ["edit", "caption"])
def test_a_picture_is_not_called_damaged(
    tmp_path: Path, broken: dict[str, str], command: str
) -> None:
    words = ["warmer", "-o", str(tmp_path / "o")] if command == "edit" else []
    done = program(command, str(picture(tmp_path)), *words, "--json", env=broken)
    assert done.returncode == 3
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "library_missing"
    assert REASON in error["message"]
    assert "Install" in error["fix"]
