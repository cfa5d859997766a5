"""What is made of `inference.lab` says in one sentence that the packaged program has none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.cli.commands import main


@pytest.mark.parametrize(
    "command",
    [
        ("storybook", "scenes"),
        ("evaluate", "adjust", "."),
        ("evaluate", "starter"),
        ("evaluate", "ranking"),
        ("evaluate", "methods"),
        ("evaluate", "inversions"),
        ("evaluate", "gallery", "-o", "gallery"),
        ("evaluate", "judgement", "answers.txt", "key.json"),
    ],
)
def test_without_lab_a_command_answers_in_one_sentence(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "inference.lab", None)
    assert main(command) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "packaged program does not make or measure models" in printed.err
    assert len(printed.err.splitlines()) <= 2  # what happened, and what to do
    assert not list(tmp_path.iterdir())
