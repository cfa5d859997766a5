"""Closed and failing standard streams, with the real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.cli.cli_cases import ROOT, picture

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell's redirections")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def shell(redirection: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The program as a shell starts it with this redirection."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" -m app "$@" {redirection}', sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("redirection", ["<&-", "2>&-", "<&- 2>&-"])
def test_closed_streams_change_nothing(redirection: str) -> None:
    done = shell(redirection, "doctor", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["methods"]


@pytest.mark.parametrize("redirection", [">&-", "<&- >&- 2>&-"])
def test_without_output_the_files_are_made(tmp_path: Path, redirection: str) -> None:
    done = shell(redirection, "edit", str(picture(tmp_path)), "warmer", "-o", str(tmp_path / "o"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    result = json.loads((tmp_path / "o" / "result.json").read_text("utf-8"))
    for candidate in result["candidates"]:
        # A closed descriptor that a file takes over would hold printed text too.
        assert (tmp_path / "o" / candidate["file"]).read_bytes().startswith(b"\x89PNG")


def test_a_usage_error_with_closed_standard_error_keeps_its_code() -> None:
    assert shell("2>&-", "edti").returncode == 2
    assert shell("2>&-", "edit").returncode == 2


@full
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_disk_behind_standard_output_is_a_sentence(tmp_path: Path, more: list[str]) -> None:
    out = tmp_path / "o"
    done = shell(">/dev/full", "edit", str(picture(tmp_path)), "warmer", "-o", str(out), *more)
    assert done.returncode == 3
    assert done.stderr == (
        "pentimento: The output cannot be printed: No space left on device. "
        f"The files are complete: {out}\n"
    )
    assert json.loads((out / "result.json").read_text("utf-8"))["candidates"]


@full
@pytest.mark.parametrize("words", [["doctor", "--json"], ["doctor"], ["--help"], ["--version"]])
def test_nothing_printed_is_never_success(words: list[str]) -> None:
    done = shell(">/dev/full", *words)
    assert done.returncode == 3
    assert done.stderr == "pentimento: The output cannot be printed: No space left on device.\n"


@full
def test_an_error_that_json_cannot_tell_goes_to_standard_error(tmp_path: Path) -> None:
    done = shell(">/dev/full", "edit", "no.png", "warmer", "-o", str(tmp_path / "o"), "--json")
    assert done.returncode == 3
    assert "There is no file “no.png” here." in done.stderr
    assert "Traceback" not in done.stderr


@full
def test_a_full_disk_behind_standard_error_keeps_code_and_answer() -> None:
    done = shell("2>/dev/full", "edti", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["kind"] == "usage"
    assert shell("2>/dev/full", "edti").returncode == 2


def test_a_reader_that_leaves_early_does_not_stop_the_work(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "app", "edit", str(picture(tmp_path)), "warmer",
             "-o", str(tmp_path / "o")],
            cwd=ROOT, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "o" / "result.json").is_file()
