"""What a newcomer reads about models follows from which are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.runtime import paths
from app.window.start_page import first_card
from app.window.status_bar import models_line


@pytest.mark.parametrize(
    ("own", "starter", "title", "line"),
    [
        (False, False, "Tone and colour need no model", "No models, tone and colour ready"),
        (False, True, "Starter models are ready", "Starter models"),
        (True, True, "Your models are ready", "Your models"),
        (True, False, "Your models are ready", "Your models"),
    ],
)
def test_card_and_status_line(
    own: bool,
    starter: bool,
    title: str,
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qapp: QApplication,
) -> None:
    monkeypatch.setenv("PENTIMENTO_MODELS", str(tmp_path / "starter"))
    (tmp_path / "starter").mkdir()  # an empty folder holds no models
    (paths.home() / "models").mkdir()
    if own:
        (paths.home() / "models" / "clip").mkdir()
    if starter:
        (tmp_path / "starter" / "clip").mkdir()
    assert models_line() == line
    parent = QWidget()
    card = first_card(parent)
    assert card.accessibleName() == title
    assert card.accessibleDescription()
    parent.deleteLater()
