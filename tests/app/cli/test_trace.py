"""`PENTIMENTO_TRACE` for the command line, with the real process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.app.cli.cli_cases import picture, program


def traced(file: Path, *words: str) -> list[dict[str, Any]]:
    """The lines that a command adds."""
    before = len(file.read_text("utf-8").splitlines()) if file.exists() else 0
    program(*words, env={"PENTIMENTO_TRACE": str(file)})
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()[before:]]


def test_command_jobs_and_exit_code_are_in_the_trace(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    words = ["edit", str(picture(tmp_path)), "warmer", "-o", str(tmp_path / "o"), "--count", "2"]
    lines = traced(file, *words)
    assert lines[0]["what"] == "command"
    assert lines[0]["argv"] == words
    assert (lines[-1]["what"], lines[-1]["code"]) == ("ended", 0)
    (submitted,) = (line for line in lines if line["what"] == "job_submitted")
    assert submitted["kind"] == "EditJob"
    kinds = [line["kind"] for line in lines if line["what"] == "job_event"]
    assert kinds.count("CandidateReady") == 2
    (end,) = (line for line in lines if line["what"] == "job_ended")
    assert (end["job"], end["how"]) == (submitted["job"], "JobFinished")
    clocks = [line["clock"] for line in lines]
    assert clocks == sorted(clocks)
    assert len({line["pid"] for line in lines}) == 1


def test_refusals_are_in_the_trace_of_one_file(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    assert traced(file, "history", "nowhere.pentimento")[-1]["code"] == 3
    assert traced(file, "export")[-1]["code"] == 2


def test_a_trace_that_cannot_be_written_is_said_and_stops_nothing(tmp_path: Path) -> None:
    done = program("doctor", "--json", env={"PENTIMENTO_TRACE": str(tmp_path)})
    assert done.returncode == 0
    assert json.loads(done.stdout)["methods"]
    assert done.stderr == f"PENTIMENTO_TRACE: {tmp_path}: Is a directory.\n"
