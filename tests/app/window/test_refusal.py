from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.window import program


def test_a_home_that_cannot_be_made_is_said_before_there_is_a_window(
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("PENTIMENTO_HOME", str(file / "home"))
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda parent, title, text: shown.append(text))
    monkeypatch.setattr(program, "Program", lambda argv: pytest.fail("a window was made"))
    assert program.run([]) == 3
    assert str(file / "home") in shown[0]
    assert "PENTIMENTO_HOME" in shown[0]
    assert shown[0].split("\n\n")[0] in capsys.readouterr().err
